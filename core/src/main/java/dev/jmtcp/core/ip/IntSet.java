package dev.jmtcp.core.ip;

/** A set of ints other than 0, made once and then only asked. */
final class IntSet {

    private final int[] slots;

    /**
     * @throws IllegalArgumentException if 0 is among them
     */
    IntSet(int... elements) {
        slots = new int[Integer.highestOneBit(elements.length * 4 | 4)];
        for (int element : elements) {
            if (element == 0) {
                throw new IllegalArgumentException("0 cannot be an element");
            }
            slots[slotOf(element)] = element;
        }
    }

    boolean contains(int element) {
        return element != 0 && slots[slotOf(element)] == element;
    }

    /** Where the element is or would be; at least half of the slots are empty, so the search ends. */
    private int slotOf(int element) {
        int mask = slots.length - 1;
        int i = (element * 0x9e37_79b1 >>> 16) & mask;
        while (slots[i] != 0 && slots[i] != element) {
            i = i + 1 & mask;
        }
        return i;
    }
}
