package dev.jmtcp.core.driver;

import dev.jmtcp.core.config.FaultConfig;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** One way of one port through the fault injector: what happens to its frames, and those that are held. Belongs to the thread of the queue. */
final class FaultLine {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int ETHERNET = 14;
    private static final int ETHERTYPE = 12;
    private static final short IPV4 = 0x0800;

    final HeldFrames held;
    final Tally lost = new Tally();

    private final FaultConfig faults;
    private final SplittableRandom random;

    FaultLine(FaultConfig faults, SplittableRandom random, int frames, int longestFrame) {
        this.faults = faults;
        this.random = random;
        held = new HeldFrames(frames, longestFrame);
    }

    /**
     * Decides what becomes of the frame in a slot, and holds it, a second one like it, or nothing.
     *
     * @param flags what is known of it: {@link RxFlags}
     */
    void admit(int slot, int length, int flags, int hash, long now) {
        // All are drawn for every frame, so that to change one fault does not change the others.
        double loss = random.nextDouble();
        double duplicate = random.nextDouble();
        double reorder = random.nextDouble();
        double corrupt = random.nextDouble();
        long bit = random.nextLong();

        if (loss < faults.loss()) {
            held.give(slot);
            lost.add(1);
            return;
        }
        int known = flags;
        if (corrupt < faults.corrupt() && corrupt(slot, length, bit)) {
            // The device's verdict was on the frame as it was; now the stack must look itself.
            known &= RxFlags.HASH_VALID | RxFlags.COALESCED;
        }
        long due = now + faults.delay();
        if (duplicate < faults.duplicate()) {
            hold(copy(slot, length), length, known, hash, due);
        }
        hold(slot, length, known, hash, reorder < faults.reorder() ? due + faults.reorderDelay() : due);
    }

    private void hold(int slot, int length, int flags, int hash, long due) {
        if (slot != HeldFrames.NONE) {
            held.hold(slot, length, flags, hash, due);
        }
    }

    private int copy(int slot, int length) {
        int second = held.take();
        if (second != HeldFrames.NONE) {
            MemorySegment.copy(held.memory, held.offset(slot), held.memory, held.offset(second), length);
        }
        return second;
    }

    /**
     * Flips one bit of an IPv4 packet, which its checksums tell. The Ethernet header and ARP have none of their own: on a wire the frame check
     * sequence would have thrown such a frame away.
     */
    private boolean corrupt(int slot, int length, long bit) {
        long frame = held.offset(slot);
        if (length <= ETHERNET || held.memory.get(SHORT, frame + ETHERTYPE) != IPV4) {
            return false;
        }
        int flipped = (int) Long.remainderUnsigned(bit, 8L * (length - ETHERNET));
        long at = frame + ETHERNET + (flipped >>> 3);
        byte value = held.memory.get(ValueLayout.JAVA_BYTE, at);
        held.memory.set(ValueLayout.JAVA_BYTE, at, (byte) (value ^ 1 << (flipped & 7)));
        return true;
    }
}
