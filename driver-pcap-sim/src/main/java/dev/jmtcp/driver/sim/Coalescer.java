package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.RxFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Joins TCP segments that follow each other in one flow, as network cards do: only right ones, with nothing but payload, ACK and PSH, whose
 * headers are the same but for lengths, sequence number and identification. Belongs to one thread.
 */
final class Coalescer {

    private static final int ACK = 0x10;
    private static final int PSH = 0x08;
    private static final int MAXIMUM_PACKET = 65535;
    private static final int ALIGNMENT = 16;
    private static final int SHIFT = 2;

    private final ParsedFrame next = new ParsedFrame();
    private MemorySegment memory = MemorySegment.NULL;
    private long end;

    // The frame that may still grow
    private boolean open;
    private boolean growing;
    private long offset;
    private int length;
    private int flags;
    private int hash;
    private boolean isIpv6;
    private int ipHeader;
    private int tcpHeader;
    private int segmentSize;
    private int payload;

    /** The memory that a burst needs at most. */
    static long memorySize(int frames, int longest) {
        return frames * (longest + ALIGNMENT + (long) SHIFT);
    }

    /** Begins a burst, whose frames are copied to this memory. */
    void begin(FrameBurst burst, MemorySegment memory) {
        this.memory = memory;
        burst.begin(memory);
        end = 0;
        open = false;
    }

    /** Takes a received frame. */
    void add(FrameBurst burst, MemorySegment from, long at, int length, int flags, int hash) {
        next.parse(from, at, length);
        int allFlags = flags | next.flags;
        boolean right = (allFlags & RxFlags.TCP_CHECKSUM_GOOD) != 0 && next.isTcp && next.payload > 0;
        if (right && open && growing && fits(from)) {
            append(from);
            return;
        }
        finish(burst);
        offset = end + SHIFT;
        MemorySegment.copy(from, at, memory, offset, length);
        this.length = length;
        this.flags = allFlags;
        this.hash = hash;
        open = true;
        growing = right && (from.get(ValueLayout.JAVA_BYTE, next.tcp + 13) & 0xff) == ACK;
        if (growing) {
            this.length = next.length();
            isIpv6 = next.isIpv6;
            ipHeader = next.ipHeader;
            tcpHeader = next.tcpHeader;
            segmentSize = next.payload;
            payload = next.payload;
        }
        end = aligned(offset + this.length);
    }

    /** Ends the burst. */
    void finish(FrameBurst burst) {
        if (!open) {
            return;
        }
        if ((flags & RxFlags.COALESCED) != 0) {
            writeLength();
        }
        burst.add(offset, length, flags, hash);
        open = false;
    }

    private static long aligned(long at) {
        return at + ALIGNMENT - 1 & -ALIGNMENT;
    }

    private boolean fits(MemorySegment from) {
        if (next.isIpv6 != isIpv6
                || next.ipHeader != ipHeader
                || next.tcpHeader != tcpHeader
                || next.payload > segmentSize
                || (from.get(ValueLayout.JAVA_BYTE, next.tcp + 13) & ~PSH & 0xff) != ACK
                || ipHeader + tcpHeader + payload + next.payload > MAXIMUM_PACKET) {
            return false;
        }
        long ip = offset + ParsedFrame.ETHERNET;
        long tcp = ip + ipHeader;
        return sameIp(from, ip)
                && same(from, next.tcp, tcp, 4) // ports
                && from.get(Checksums.INT, next.tcp + 4) == memory.get(Checksums.INT, tcp + 4) + payload
                && same(from, next.tcp + 8, tcp + 8, 5) // acknowledgement, header length
                && same(from, next.tcp + 14, tcp + 14, 2) // window
                && same(from, next.tcp + 20, tcp + 20, tcpHeader - 20);
    }

    private boolean sameIp(MemorySegment from, long ip) {
        if (isIpv6) {
            return same(from, next.ip, ip, 4) && same(from, next.ip + 6, ip + 6, 34);
        }
        return same(from, next.ip, ip, 2)
                && same(from, next.ip + 6, ip + 6, 4)
                && same(from, next.ip + 12, ip + 12, ipHeader - 12);
    }

    private boolean same(MemorySegment from, long at, long here, int length) {
        for (int i = 0; i < length; i++) {
            if (from.get(ValueLayout.JAVA_BYTE, at + i) != memory.get(ValueLayout.JAVA_BYTE, here + i)) {
                return false;
            }
        }
        return true;
    }

    private void append(MemorySegment from) {
        MemorySegment.copy(from, next.tcp + tcpHeader, memory, offset + length, next.payload);
        length += next.payload;
        payload += next.payload;
        long flagsAt = offset + ParsedFrame.ETHERNET + ipHeader + 13;
        int push = from.get(ValueLayout.JAVA_BYTE, next.tcp + 13) & PSH;
        memory.set(ValueLayout.JAVA_BYTE, flagsAt, (byte) (memory.get(ValueLayout.JAVA_BYTE, flagsAt) | push));
        flags |= RxFlags.COALESCED;
        growing = push == 0 && next.payload == segmentSize;
        end = aligned(offset + length);
    }

    private void writeLength() {
        long ip = offset + ParsedFrame.ETHERNET;
        if (isIpv6) {
            memory.set(Checksums.SHORT, ip + 4, (short) (tcpHeader + payload));
        } else {
            memory.set(Checksums.SHORT, ip + 2, (short) (ipHeader + tcpHeader + payload));
            memory.set(Checksums.SHORT, ip + 10, (short) 0);
            Checksums.fill(memory, ip + 10, ip, ipHeader);
        }
    }
}
