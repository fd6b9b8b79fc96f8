package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;

/**
 * The TCP header (RFC 9293 section 3.1).
 *
 * <pre>
 *    0       4       8               16                             31
 *   +-------------------------------+-------------------------------+
 * 0 |          source port          |       destination port        |
 *   +-------------------------------+-------------------------------+
 * 4 |                        sequence number                        |
 *   +---------------------------------------------------------------+
 * 8 |                     acknowledgment number                     |
 *   +-------+-------+---------------+-------------------------------+
 *12 | words |   0   |C E U A P R S F|            window             |
 *   +-------+-------+---------------+-------------------------------+
 *16 |           checksum            |        urgent pointer         |
 *   +-------------------------------+-------------------------------+
 *20 |                      options, 0 to 40 bytes                   |
 * </pre>
 */
public final class TcpHeader {

    /** The length of a header without options. */
    public static final int MIN_LENGTH = 20;

    public static final int MAX_LENGTH = 60;
    public static final int MAX_OPTIONS_LENGTH = MAX_LENGTH - MIN_LENGTH;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private TcpHeader() {}

    /** The first eight bytes: source port, destination port, sequence number. */
    public static long first(MemorySegment memory, long offset) {
        return memory.get(Layouts.LONG, offset);
    }

    /** The next eight bytes: acknowledgment number, data offset, control bits, window. */
    public static long second(MemorySegment memory, long offset) {
        return memory.get(Layouts.LONG, offset + 8);
    }

    public static int sourcePort(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset) & 0xffff;
    }

    public static int destinationPort(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 2) & 0xffff;
    }

    public static int seq(MemorySegment memory, long offset) {
        return memory.get(Layouts.INT, offset + 4);
    }

    public static int ack(MemorySegment memory, long offset) {
        return memory.get(Layouts.INT, offset + 8);
    }

    /** The data offset in bytes: the length of the header with options; from 0 to 60. */
    public static int headerLength(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset + 12) >>> 2 & 0x3c;
    }

    /** The eight control bits, see {@link #FIN} and so on. */
    public static int flags(MemorySegment memory, long offset) {
        return memory.get(Layouts.BYTE, offset + 13) & 0xff;
    }

    /** The window field, not scaled. */
    public static int window(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 14) & 0xffff;
    }

    public static int checksum(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 16) & 0xffff;
    }

    public static void checksum(MemorySegment memory, long offset, int checksum) {
        memory.set(Layouts.SHORT, offset + 16, (short) checksum);
    }

    public static int urgentPointer(MemorySegment memory, long offset) {
        return memory.get(Layouts.SHORT, offset + 18) & 0xffff;
    }

    public static void urgentPointer(MemorySegment memory, long offset, int pointer) {
        memory.set(Layouts.SHORT, offset + 18, (short) pointer);
    }

    /**
     * Writes the first 20 bytes, checksum and urgent pointer 0.
     *
     * @param headerLength in bytes, options included: a multiple of 4 from 20 to 60
     * @param window the window field, already scaled: at most 65535
     */
    public static void write(
            MemorySegment memory,
            long offset,
            int sourcePort,
            int destinationPort,
            int seq,
            int ack,
            int headerLength,
            int flags,
            int window) {
        long ports = (long) sourcePort << 16 | destinationPort;
        int rest = headerLength << 26 | flags << 16 | window;
        memory.set(Layouts.LONG, offset, ports << 32 | seq & 0xffff_ffffL);
        memory.set(Layouts.LONG, offset + 8, (long) ack << 32 | rest & 0xffff_ffffL);
        memory.set(Layouts.INT, offset + 16, 0);
    }
}
