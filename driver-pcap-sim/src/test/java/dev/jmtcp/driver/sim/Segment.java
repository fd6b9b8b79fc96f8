package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A TCP segment for tests, written and read by the letter of the RFCs. */
record Segment(
        boolean ipv6,
        int flow,
        int tos,
        int id,
        int seq,
        int ack,
        int flags,
        int window,
        byte[] options,
        byte[] payload) {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int CWR = 128;

    static Segment of(boolean ipv6, int seq, int flags, byte[] payload) {
        return new Segment(
                ipv6, 1, 0, 100, seq, 77, flags, 5000, new byte[] {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}, payload);
    }

    /** Bytes that follow from their place in the stream. */
    static byte[] stream(int from, int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((from + i) * 131 + (from + i >> 8));
        }
        return bytes;
    }

    Segment withFlow(int flow) {
        return new Segment(ipv6, flow, tos, id, seq, ack, flags, window, options, payload);
    }

    Segment withTos(int tos) {
        return new Segment(ipv6, flow, tos, id, seq, ack, flags, window, options, payload);
    }

    Segment withAck(int ack) {
        return new Segment(ipv6, flow, tos, id, seq, ack, flags, window, options, payload);
    }

    Segment withWindow(int window) {
        return new Segment(ipv6, flow, tos, id, seq, ack, flags, window, options, payload);
    }

    Segment withOptions(byte[] options) {
        return new Segment(ipv6, flow, tos, id, seq, ack, flags, window, options, payload);
    }

    int ipLength() {
        return ipv6 ? 40 : 20;
    }

    int tcpLength() {
        return 20 + options.length;
    }

    int headers() {
        return 14 + ipLength() + tcpLength();
    }

    int frameLength() {
        return headers() + payload.length;
    }

    long offload(int work, int segmentSize) {
        return TxOffload.of(work | (ipv6 ? TxOffload.IPV6 : 0), 14, ipLength(), tcpLength(), segmentSize);
    }

    /** The frame, its checksums right, or left to the device by the rules of {@link TxOffload}. */
    byte[] bytes(MacAddress destination, int work) {
        ByteBuffer frame = ByteBuffer.allocate(frameLength());
        frame.putShort((short) (destination.bits() >>> 32)).putInt((int) destination.bits());
        frame.position(12).putShort((short) (ipv6 ? 0x86dd : 0x0800));
        int tcpTotal = tcpLength() + payload.length;
        boolean cut = (work & TxOffload.TCP_SEGMENTATION) != 0;
        if (ipv6) {
            frame.putInt(6 << 28 | tos << 20)
                    .putShort((short) tcpTotal)
                    .put((byte) 6)
                    .put((byte) 64);
            frame.putLong(0xfd00L << 48).putLong(flow).putLong(0xfd00L << 48).putLong(99);
        } else {
            frame.put((byte) 0x45)
                    .put((byte) tos)
                    .putShort((short) (20 + tcpTotal))
                    .putShort((short) id);
            frame.putShort((short) 0x4000).put((byte) 64).put((byte) 6).putShort((short) 0);
            frame.putInt(0x0a000000 + flow).putInt(0x0a000063);
            if (!cut && (work & TxOffload.IPV4_CHECKSUM) == 0) {
                frame.putShort(24, (short) ~sum(frame.array(), 14, 20, 0));
            }
        }
        frame.putShort((short) (1000 + flow)).putShort((short) 80).putInt(seq).putInt(ack);
        frame.put((byte) (tcpLength() / 4 << 4)).put((byte) flags).putShort((short) window);
        frame.putInt(0).put(options).put(payload);
        int tcp = 14 + ipLength();
        int pseudo = pseudoHeader(frame.array(), ipv6, tcpTotal);
        boolean leave = cut || (work & TxOffload.TCP_CHECKSUM) != 0;
        frame.putShort(tcp + 16, (short) (leave ? pseudo : ~sum(frame.array(), tcp, tcpTotal, pseudo)));
        return frame.array();
    }

    void send(PacketQueue queue, MacAddress destination, int work, int segmentSize) {
        send(queue, bytes(destination, work), work == 0 ? 0 : offload(work, segmentSize));
        queue.flush();
    }

    static void send(PacketQueue queue, byte[] frame, long offload) {
        long at = queue.reserve(0, frame.length);
        if (at == PacketQueue.FULL) {
            throw new AssertionError("no room");
        }
        MemorySegment.copy(frame, 0, queue.transmitMemory(0), ValueLayout.JAVA_BYTE, at, frame.length);
        queue.commit(0, frame.length, offload);
    }

    /** Reads a received frame; fails if a length or the IPv4 checksum is wrong, or the TCP checksum unless it was coalesced. */
    static Segment read(FrameBurst burst, int i, boolean coalesced) {
        byte[] frame = new byte[burst.length(i)];
        MemorySegment.copy(burst.memory(), ValueLayout.JAVA_BYTE, burst.offset(i), frame, 0, frame.length);
        ByteBuffer in = ByteBuffer.wrap(frame);
        boolean ipv6 = in.getShort(12) == (short) 0x86dd;
        int tcpTotal = ipv6 ? in.getShort(18) & 0xffff : (in.getShort(16) & 0xffff) - 20;
        int tcp = ipv6 ? 54 : 34;
        if (frame.length != tcp + tcpTotal) {
            throw new AssertionError("a frame of " + frame.length + " bytes with " + tcpTotal + " of TCP");
        }
        if (!ipv6 && sum(frame, 14, 20, 0) != 0xffff) {
            throw new AssertionError("wrong IPv4 checksum");
        }
        if (!coalesced && sum(frame, tcp, tcpTotal, pseudoHeader(frame, ipv6, tcpTotal)) != 0xffff) {
            throw new AssertionError("wrong TCP checksum");
        }
        int header = (frame[tcp + 12] >> 4 & 0xf) * 4;
        return new Segment(
                ipv6,
                ipv6 ? (int) in.getLong(30) : in.getInt(26) - 0x0a000000,
                ipv6 ? in.getInt(14) >>> 20 & 0xff : frame[15] & 0xff,
                ipv6 ? 0 : in.getShort(18) & 0xffff,
                in.getInt(tcp + 4),
                in.getInt(tcp + 8),
                frame[tcp + 13] & 0xff,
                in.getShort(tcp + 14) & 0xffff,
                Arrays.copyOfRange(frame, tcp + 20, tcp + header),
                Arrays.copyOfRange(frame, tcp + header, frame.length));
    }

    private static int pseudoHeader(byte[] frame, boolean ipv6, int tcpTotal) {
        return ipv6 ? sum(frame, 22, 32, 6 + tcpTotal) : sum(frame, 26, 8, 6 + tcpTotal);
    }

    /** RFC 1071, word by word. */
    static int sum(byte[] bytes, int at, int length, int start) {
        int sum = start;
        for (int i = 0; i < length; i++) {
            sum += (bytes[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (sum & 0xffff) + (sum >>> 16);
    }
}
