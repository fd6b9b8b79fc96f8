package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.OptionSpec;
import dev.jmtcp.packetdrill.script.TcpFlags;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A TCP segment that the stack has sent, as it is on the wire.
 *
 * @param time when it was sent, in nanoseconds
 * @param trafficClass the octet of DSCP and ECN
 * @param hopLimit the TTL
 * @param source the IPv4 address
 * @param destination the IPv4 address
 * @param flags as in {@link TcpFlags}
 * @param options all of them, padding included, in order
 */
record LivePacket(
        long time,
        int trafficClass,
        int hopLimit,
        int source,
        int destination,
        int sourcePort,
        int destinationPort,
        int seq,
        int ack,
        int flags,
        int window,
        int urgent,
        List<OptionSpec> options,
        byte[] payload) {

    private static final int IP_HEADER = 20;
    private static final int TCP = 6;

    /** What is wrong with a packet: a header that contradicts itself, or a checksum. */
    static Failure malformed(String what) {
        return Failure.failed("the stack sent a malformed packet: " + what);
    }

    static boolean isTcp(byte[] packet) {
        return packet.length > 9 && Bytes.u8(packet, 9) == TCP;
    }

    /** Reads a packet. What is malformed fails the script. */
    static LivePacket read(byte[] packet, long time) {
        if (packet.length < IP_HEADER || Bytes.u8(packet, 0) != 0x45) {
            throw malformed("no IPv4 header of 20 bytes");
        }
        int total = Bytes.u16(packet, 2);
        if (total > packet.length || total < IP_HEADER + 20) {
            throw malformed("an IP length of " + total + " in a packet of " + packet.length + " bytes");
        }
        if (Bytes.checksum(Bytes.sum(packet, 0, IP_HEADER)) != 0) {
            throw malformed("a wrong IP checksum");
        }
        int length = total - IP_HEADER;
        if (Bytes.checksum(Bytes.pseudoHeader(packet, TCP, length) + Bytes.sum(packet, IP_HEADER, total)) != 0) {
            throw malformed("a wrong TCP checksum");
        }
        int header = (Bytes.u8(packet, IP_HEADER + 12) >> 4) * 4;
        if (header < 20 || header > length) {
            throw malformed("a TCP header of " + header + " bytes");
        }
        return new LivePacket(
                time,
                Bytes.u8(packet, 1),
                Bytes.u8(packet, 8),
                Bytes.u32(packet, 12),
                Bytes.u32(packet, 16),
                Bytes.u16(packet, IP_HEADER),
                Bytes.u16(packet, IP_HEADER + 2),
                Bytes.u32(packet, IP_HEADER + 4),
                Bytes.u32(packet, IP_HEADER + 8),
                Bytes.u16(packet, IP_HEADER + 12) & 0x1ff,
                Bytes.u16(packet, IP_HEADER + 14),
                Bytes.u16(packet, IP_HEADER + 18),
                options(packet, IP_HEADER + 20, IP_HEADER + header),
                java.util.Arrays.copyOfRange(packet, IP_HEADER + header, total));
    }

    private static List<OptionSpec> options(byte[] packet, int from, int to) {
        List<OptionSpec> options = new ArrayList<>();
        int at = from;
        while (at < to) {
            int kind = Bytes.u8(packet, at);
            if (kind <= 1) {
                options.add(kind == 0 ? new OptionSpec.EndOfList() : new OptionSpec.NoOperation());
                at++;
                continue;
            }
            int size = at + 1 < to ? Bytes.u8(packet, at + 1) : 0;
            if (size < 2 || at + size > to) {
                throw malformed("a TCP option of kind " + kind + " and length " + size);
            }
            options.add(option(packet, kind, at + 2, size - 2));
            at += size;
        }
        return options;
    }

    private static OptionSpec option(byte[] packet, int kind, int at, int length) {
        return switch (kind << 8 | length) {
            case 2 << 8 | 2 -> new OptionSpec.MaximumSegment(Bytes.u16(packet, at));
            case 3 << 8 | 1 -> new OptionSpec.WindowScale(Bytes.u8(packet, at));
            case 4 << 8 -> new OptionSpec.SackPermitted();
            case 8 << 8 | 8 ->
                new OptionSpec.Timestamps(
                        Integer.toUnsignedLong(Bytes.u32(packet, at)),
                        Integer.toUnsignedLong(Bytes.u32(packet, at + 4)));
            case 5 << 8 | 8, 5 << 8 | 16, 5 << 8 | 24, 5 << 8 | 32 -> {
                List<OptionSpec.Block> blocks = new ArrayList<>();
                for (int i = at; i < at + length; i += 8) {
                    blocks.add(new OptionSpec.Block(
                            Integer.toUnsignedLong(Bytes.u32(packet, i)),
                            Integer.toUnsignedLong(Bytes.u32(packet, i + 4))));
                }
                yield new OptionSpec.Sack(blocks);
            }
            default -> new OptionSpec.Raw("option " + kind, kind, HexFormat.of().formatHex(packet, at, at + length));
        };
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** In the notation of scripts. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        text.append("> ").append(TcpFlags.toString(flags)).append(' ');
        long first = Integer.toUnsignedLong(seq);
        text.append(first).append(':').append((first + payload.length) & 0xffff_ffffL);
        text.append('(').append(payload.length).append(')');
        if (has(TcpFlags.ACK)) {
            text.append(" ack ").append(Integer.toUnsignedLong(ack));
        }
        text.append(" win ").append(window);
        if (has(TcpFlags.URG)) {
            text.append(" urg ").append(urgent);
        }
        if (!options.isEmpty()) {
            text.append(options.stream().map(Object::toString).collect(Collectors.joining(",", " <", ">")));
        }
        return text.toString();
    }
}
