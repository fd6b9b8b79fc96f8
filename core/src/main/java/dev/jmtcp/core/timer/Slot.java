package dev.jmtcp.core.timer;

/** The head of the list of timers in one slot of the wheel, in the order of their scheduling. */
final class Slot extends Node {

    /** The level of the wheel, 0 the finest; {@link TimerWheel#NO_LEVEL} for lists outside the levels. */
    final int level;

    /** The bit of this slot in the occupancy bitmap of its level. */
    final long bit;

    Slot(int level, int index) {
        this.level = level;
        this.bit = 1L << index;
    }

    boolean isEmpty() {
        return !isLinked();
    }

    void append(Node node) {
        Node last = previous;
        node.previous = last;
        node.next = this;
        last.next = node;
        previous = node;
    }

    /** Moves all of another slot's timers to the end of this one. */
    void appendAll(Slot other) {
        if (other.isEmpty()) {
            return;
        }
        Node first = other.next;
        Node last = other.previous;
        previous.next = first;
        first.previous = previous;
        last.next = this;
        previous = last;
        other.next = other;
        other.previous = other;
    }
}
