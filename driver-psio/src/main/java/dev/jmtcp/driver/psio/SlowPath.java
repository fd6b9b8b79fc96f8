package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Gives the kernel, too, the frames of a port that are not for the stack: those that are neither IPv4 nor ARP, as mTCP does. So what else the machine speaks on
 * that wire goes on working. Belongs to a core's thread.
 */
final class SlowPath {

    private static final ValueLayout.OfShort NETWORK_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int ETHER_TYPE = 12;
    private static final int IPV4 = 0x0800;
    private static final int ARP = 0x0806;

    private final int fd;
    private final boolean on;
    private final MemorySegment state;
    private final MemorySegment packet;

    SlowPath(Arena arena, int fd, int ifindex, boolean on) {
        this.fd = fd;
        this.on = on;
        state = Libc.errnoMemory(arena);
        packet = arena.allocate(Ps.PACKET, 8);
        packet.set(JAVA_INT, Ps.PACKET_IFINDEX, ifindex);
    }

    /** Gives the kernel a copy of the frame if it is not for the stack. What the kernel has no room for it loses, as from any wire. */
    void offer(MemorySegment memory, long offset, int length) {
        if (!on || length < Ps.SLOWPATH_SHORTEST || length > Ps.SLOWPATH_LONGEST) {
            return;
        }
        int type = memory.get(NETWORK_SHORT, offset + ETHER_TYPE) & 0xffff;
        if (type != IPV4 && type != ARP) {
            packet.set(JAVA_INT, Ps.PACKET_LENGTH, length);
            packet.set(JAVA_LONG, Ps.PACKET_BUFFER, memory.address() + offset);
            int ignored = Libc.ioctl(state, fd, Ps.SLOWPATH_PACKET, packet.address());
        }
    }
}
