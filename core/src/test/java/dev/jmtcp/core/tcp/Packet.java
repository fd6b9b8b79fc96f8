package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.wire.TcpHeader.ACK;
import static dev.jmtcp.core.wire.TcpHeader.CWR;
import static dev.jmtcp.core.wire.TcpHeader.ECE;
import static dev.jmtcp.core.wire.TcpHeader.FIN;
import static dev.jmtcp.core.wire.TcpHeader.PSH;
import static dev.jmtcp.core.wire.TcpHeader.RST;
import static dev.jmtcp.core.wire.TcpHeader.SYN;
import static dev.jmtcp.core.wire.TcpHeader.URG;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment as a test writes it, to be received or to be expected. Sequence numbers count from the initial one of their direction: the SYN has 0, the
 * first byte 1; what is not said is that: seq and ack 1, but 0 for a SYN. Timestamps count from the value in the first SYN of their direction.
 *
 * <p>Knows the layout of a TCP header by itself, so that a test does not believe the codecs it tests with.
 */
final class Packet {

    /** Says of a number that it was not given. */
    static final int ANY = Integer.MIN_VALUE;

    /** Whether a segment has timestamps. */
    enum Stamps {
        /** As negotiated, with the values that a well-behaved peer sends, or any. */
        AS_NEGOTIATED,
        NONE,
        GIVEN
    }

    int flags;
    int seq;
    int ack;
    int window = ANY;
    int urgent;
    int length;
    int mss = ANY;
    int scale = ANY;
    boolean sackOk;
    Stamps stamps = Stamps.AS_NEGOTIATED;
    int tsVal = ANY;
    int tsEcr = ANY;
    List<Integer> sacks = new ArrayList<>();
    byte @Nullable [] rawOptions;
    int headerWords = ANY;
    int sourcePort = ANY;
    int destinationPort = ANY;
    int trafficClass = ANY;
    int hopLimit = ANY;
    int segmentSize = 0;

    /** The payload of a segment that was sent. */
    byte[] payload = {};

    private Packet(int flags) {
        this.flags = flags;
        seq = (flags & SYN) == 0 ? 1 : 0;
        ack = (flags & ACK) == 0 ? 0 : 1;
    }

    static Packet syn() {
        return new Packet(SYN);
    }

    static Packet synAck() {
        return new Packet(SYN | ACK);
    }

    static Packet ack() {
        return new Packet(ACK);
    }

    /** Data, not pushed. */
    static Packet data(int length) {
        Packet packet = new Packet(ACK);
        packet.length = length;
        return packet;
    }

    static Packet fin() {
        return new Packet(FIN | ACK);
    }

    /** A RST without ACK. */
    static Packet rst() {
        return new Packet(RST);
    }

    static Packet rstAck() {
        return new Packet(RST | ACK);
    }

    /** Any flags. */
    static Packet segment(int flags) {
        return new Packet(flags);
    }

    Packet seq(int relative) {
        seq = relative;
        return this;
    }

    Packet ack(int relative) {
        ack = relative;
        return this;
    }

    /** The window field, not scaled. */
    Packet window(int field) {
        window = field;
        return this;
    }

    Packet length(int bytes) {
        length = bytes;
        return this;
    }

    Packet push() {
        flags |= PSH;
        return this;
    }

    Packet withFin() {
        flags |= FIN;
        return this;
    }

    Packet with(int flag) {
        flags |= flag;
        return this;
    }

    Packet without(int flag) {
        flags &= ~flag;
        return this;
    }

    Packet urgent(int pointer) {
        flags |= URG;
        urgent = pointer;
        return this;
    }

    Packet mss(int value) {
        mss = value;
        return this;
    }

    Packet scale(int shift) {
        scale = shift;
        return this;
    }

    Packet sackOk() {
        sackOk = true;
        return this;
    }

    /** Timestamps with the values of a well-behaved peer; to be expected: with any values. */
    Packet ts() {
        stamps = Stamps.GIVEN;
        return this;
    }

    Packet ts(int value, int echo) {
        stamps = Stamps.GIVEN;
        tsVal = value;
        tsEcr = echo;
        return this;
    }

    /** Timestamps, of which only the echo is of interest. */
    Packet echo(int echo) {
        stamps = Stamps.GIVEN;
        tsEcr = echo;
        return this;
    }

    Packet noTs() {
        stamps = Stamps.NONE;
        return this;
    }

    /** One more SACK block. */
    Packet sack(int start, int end) {
        sacks.add(start);
        sacks.add(end);
        return this;
    }

    /** These bytes are the options, whatever else is said. */
    Packet options(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        rawOptions = raw;
        return this;
    }

    /** This many words of header are claimed. */
    Packet headerWords(int words) {
        headerWords = words;
        return this;
    }

    Packet ports(int source, int destination) {
        sourcePort = source;
        destinationPort = destination;
        return this;
    }

    Packet trafficClass(int value) {
        trafficClass = value;
        return this;
    }

    Packet hopLimit(int value) {
        hopLimit = value;
        return this;
    }

    /** The device is to cut it into segments of so many bytes. */
    Packet segmentSize(int bytes) {
        segmentSize = bytes;
        return this;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The bytes of header, options padded by EOL, and payload. All numbers are taken as they are. */
    byte[] encode(byte[] content) {
        byte[] options = rawOptions == null ? encodeOptions() : rawOptions;
        int header = 20 + (options.length + 3) / 4 * 4;
        ByteBuffer b = ByteBuffer.allocate(header + content.length);
        b.putShort((short) sourcePort).putShort((short) destinationPort);
        b.putInt(seq).putInt(ack);
        b.put((byte) ((headerWords == ANY ? header / 4 : headerWords) << 4)).put((byte) flags);
        b.putShort((short) window).putShort((short) 0).putShort((short) urgent);
        b.put(options);
        b.position(header);
        b.put(content);
        return b.array();
    }

    private byte[] encodeOptions() {
        ByteBuffer b = ByteBuffer.allocate(64);
        if (mss != ANY) {
            b.put((byte) 2).put((byte) 4).putShort((short) mss);
        }
        if (sackOk) {
            b.put((byte) 4).put((byte) 2);
        }
        if (stamps == Stamps.GIVEN) {
            b.put((byte) 8).put((byte) 10).putInt(tsVal).putInt(tsEcr);
        }
        if (scale != ANY) {
            b.put((byte) 3).put((byte) 3).put((byte) scale);
        }
        if (!sacks.isEmpty()) {
            b.put((byte) 5).put((byte) (2 + 4 * sacks.size()));
            sacks.forEach(b::putInt);
        }
        byte[] bytes = new byte[b.position()];
        b.flip().get(bytes);
        return bytes;
    }

    /** Takes a segment apart that was sent; all numbers as they are. */
    static Packet decode(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        Packet p = new Packet(b.get(13) & 0xff);
        p.sourcePort = b.getShort(0) & 0xffff;
        p.destinationPort = b.getShort(2) & 0xffff;
        p.seq = b.getInt(4);
        p.ack = b.getInt(8);
        int header = (b.get(12) >> 4 & 0xf) * 4;
        if (header < 20 || header > bytes.length || (b.get(12) & 0xf) != 0) {
            throw new AssertionError("header of " + header + " bytes, reserved bits " + (b.get(12) & 0xf));
        }
        p.window = b.getShort(14) & 0xffff;
        if (b.getShort(16) != 0) {
            throw new AssertionError("checksum field is not 0");
        }
        p.urgent = b.getShort(18) & 0xffff;
        p.stamps = Stamps.NONE;
        p.decodeOptions(b.slice(20, header - 20));
        p.payload = new byte[bytes.length - header];
        b.get(header, p.payload);
        p.length = p.payload.length;
        return p;
    }

    private void decodeOptions(ByteBuffer b) {
        while (b.hasRemaining()) {
            int kind = b.get();
            if (kind == 0) {
                while (b.hasRemaining()) {
                    if (b.get() != 0) {
                        throw new AssertionError("padding is not 0"); // RFC 9293 section 3.1, MUST-69
                    }
                }
                return;
            }
            if (kind == 1) {
                continue;
            }
            int size = b.get();
            switch (kind << 8 | size) {
                case 2 << 8 | 4 -> mss = b.getShort() & 0xffff;
                case 3 << 8 | 3 -> scale = b.get();
                case 4 << 8 | 2 -> sackOk = true;
                case 8 << 8 | 10 -> {
                    stamps = Stamps.GIVEN;
                    tsVal = b.getInt();
                    tsEcr = b.getInt();
                }
                case 5 << 8 | 10, 5 << 8 | 18, 5 << 8 | 26, 5 << 8 | 34 -> {
                    for (int i = 2; i < size; i += 4) {
                        sacks.add(b.getInt());
                    }
                }
                default -> throw new AssertionError("option " + kind + " of " + size + " bytes");
            }
        }
    }

    /** What this says of itself where {@code expected} says anything, for a comparison with it. */
    String describe(Packet expected) {
        var text = new StringBuilder();
        String names = "FSRPAUEC";
        int[] bits = {FIN, SYN, RST, PSH, ACK, URG, ECE, CWR};
        for (int i = 0; i < bits.length; i++) {
            if (has(bits[i])) {
                text.append(names.charAt(i));
            }
        }
        text.append(" seq ").append(seq).append(" length ").append(length);
        if (has(ACK)) {
            text.append(" ack ").append(ack);
        }
        if (expected.window != ANY) {
            text.append(" window ").append(window);
        }
        if (has(URG)) {
            text.append(" urgent ").append(urgent);
        }
        if (mss != ANY) {
            text.append(" mss ").append(mss);
        }
        if (scale != ANY) {
            text.append(" scale ").append(scale);
        }
        if (sackOk) {
            text.append(" sackOk");
        }
        if (stamps == Stamps.GIVEN) {
            text.append(" ts");
            if (expected.tsVal != ANY) {
                text.append(" value ").append(tsVal);
            }
            if (expected.tsEcr != ANY) {
                text.append(" echo ").append(tsEcr);
            }
        }
        if (!sacks.isEmpty()) {
            text.append(" sack ").append(sacks);
        }
        if (expected.trafficClass != ANY) {
            text.append(" class ").append(trafficClass);
        }
        if (expected.hopLimit != ANY) {
            text.append(" hops ").append(hopLimit);
        }
        if (segmentSize != 0) {
            text.append(" cut to ").append(segmentSize);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        Packet all = new Packet(0);
        all.window = 0;
        all.tsVal = 0;
        all.tsEcr = 0;
        return describe(all);
    }
}
