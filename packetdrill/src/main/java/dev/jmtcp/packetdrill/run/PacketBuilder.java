package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.IpSpec;
import dev.jmtcp.packetdrill.script.OptionSpec;
import dev.jmtcp.packetdrill.script.SequenceSpec;
import dev.jmtcp.packetdrill.script.TcpFlags;
import dev.jmtcp.packetdrill.script.TcpSpec;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/** Makes the packets that a script injects. */
final class PacketBuilder {

    private static final int IP_HEADER = 20;
    private static final int TCP_HEADER = 20;
    private static final int ICMP_HEADER = 8;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int HOP_LIMIT = 255;

    private static final Map<String, Integer> ECN = Map.of("noecn", 0, "ect1", 1, "ect0", 2, "ce", 3);

    private final Addresses addresses;
    private int identification;

    PacketBuilder(Addresses addresses) {
        this.addresses = addresses;
    }

    /** A segment from the peer. */
    byte[] segment(TcpSpec spec, Flow flow) {
        if (spec.encapsulation().isPresent()) {
            throw Failure.unsupported(
                    "packets wrapped into " + spec.encapsulation().get());
        }
        byte[] options = options(spec.options().orElse(List.of()), flow);
        int header = TCP_HEADER + options.length;
        int length = spec.sequence().length();
        byte[] packet = new byte[IP_HEADER + header + length];
        ip(packet, TCP, spec.ip());
        int at = IP_HEADER;
        Bytes.put16(packet, at, flow.remotePort());
        Bytes.put16(packet, at + 2, flow.localPort());
        SequenceSpec sequence = spec.sequence();
        Bytes.put32(
                packet,
                at + 4,
                sequence.origin() == SequenceSpec.Origin.ZERO
                        ? (int) sequence.start()
                        : Flow.peerToLive(sequence.start()));
        boolean acknowledges = spec.has(TcpFlags.ACK) || spec.ack().isPresent();
        Bytes.put32(packet, at + 8, acknowledges ? flow.toLive(spec.ack().orElse(0)) : 0);
        Bytes.put16(packet, at + 12, header / 4 << 12 | spec.flags());
        Bytes.put16(packet, at + 14, spec.window().orElse(0));
        Bytes.put16(packet, at + 18, spec.urgent().orElse(0));
        System.arraycopy(options, 0, packet, at + TCP_HEADER, options.length);
        int size = packet.length - at;
        Bytes.put16(
                packet,
                at + 16,
                Bytes.checksum(Bytes.pseudoHeader(packet, TCP, size) + Bytes.sum(packet, at, packet.length)));
        return packet;
    }

    private void ip(byte[] packet, int protocol, IpSpec spec) {
        if (spec.flowLabel().isPresent()) {
            throw Failure.unsupported("flow labels, which are IPv6's");
        }
        int trafficClass = spec.trafficClass().orElse(0);
        String ecn = spec.ecn();
        if (ecn != null) {
            Integer bits = ECN.get(ecn);
            if (bits == null) {
                throw Failure.unsupported("[" + ecn + "] on an inbound packet");
            }
            trafficClass |= bits;
        }
        Bytes.put8(packet, 0, 0x45);
        Bytes.put8(packet, 1, trafficClass);
        Bytes.put16(packet, 2, packet.length);
        Bytes.put16(packet, 4, identification++);
        Bytes.put8(packet, 8, spec.hopLimit().orElse(HOP_LIMIT));
        Bytes.put8(packet, 9, protocol);
        Bytes.put32(packet, 12, addresses.remote());
        Bytes.put32(packet, 16, addresses.local());
        Bytes.put16(packet, 10, Bytes.checksum(Bytes.sum(packet, 0, IP_HEADER)));
    }

    private static byte[] options(List<OptionSpec> specs, Flow flow) {
        var bytes = new ByteArrayOutputStream();
        for (OptionSpec spec : specs) {
            switch (spec) {
                case OptionSpec.EndOfList _ -> bytes.write(0);
                case OptionSpec.NoOperation _ -> bytes.write(1);
                case OptionSpec.MaximumSegment(int size) -> write(bytes, 2, 4, size >> 8, size);
                case OptionSpec.WindowScale(int shift) -> write(bytes, 3, 3, shift);
                case OptionSpec.SackPermitted _ -> write(bytes, 4, 2);
                case OptionSpec.Sack(List<OptionSpec.Block> blocks) -> {
                    write(bytes, 5, 2 + 8 * blocks.size());
                    for (OptionSpec.Block block : blocks) {
                        word(bytes, flow.toLive(block.left()));
                        word(bytes, flow.toLive(block.right()));
                    }
                }
                case OptionSpec.Timestamps(long value, long echo) -> {
                    write(bytes, 8, 10);
                    word(bytes, (int) value);
                    word(bytes, (int) flow.timestampToLive(echo));
                }
                case OptionSpec.Raw raw -> {
                    if (raw.name().equals("md5 valid")) {
                        throw Failure.unsupported("MD5 signatures");
                    }
                    byte[] content = raw.bytes();
                    write(bytes, raw.kind(), 2 + content.length);
                    bytes.writeBytes(content);
                }
            }
        }
        if (bytes.size() % 4 != 0) {
            throw Failure.unsupported("TCP options of " + bytes.size() + " bytes: not a multiple of 4");
        }
        if (bytes.size() > 40) {
            throw Failure.unsupported("TCP options of " + bytes.size() + " bytes: more than 40");
        }
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, int... values) {
        for (int value : values) {
            bytes.write(value);
        }
    }

    private static void word(ByteArrayOutputStream bytes, int value) {
        write(bytes, value >>> 24, value >>> 16, value >>> 8, value);
    }

    /** An ICMP message from the peer, or from a router on the way, about a packet of the stack (RFC 792). */
    byte[] icmp(Action.Icmp message, Flow flow) {
        if (!message.quoted().equals("tcp")) {
            throw Failure.unsupported("ICMP about " + message.quoted());
        }
        int type = IcmpNames.type(message.type());
        int code = message.code().map(name -> IcmpNames.code(type, name)).orElse(0);
        SequenceSpec echoed = message.echoed().orElseGet(() -> new SequenceSpec(SequenceSpec.Origin.INITIAL, 0, 0));
        byte[] packet = new byte[IP_HEADER + ICMP_HEADER + IP_HEADER + TCP_HEADER];
        ip(packet, ICMP, message.ip());
        int at = IP_HEADER;
        Bytes.put8(packet, at, type);
        Bytes.put8(packet, at + 1, code);
        Bytes.put16(packet, at + 6, (int) message.mtu().orElse(0));
        quote(packet, at + ICMP_HEADER, echoed, flow);
        Bytes.put16(packet, at + 2, Bytes.checksum(Bytes.sum(packet, at, packet.length)));
        return packet;
    }

    /** The IP and TCP header of the packet that the message is about. */
    private void quote(byte[] packet, int at, SequenceSpec echoed, Flow flow) {
        Bytes.put8(packet, at, 0x45);
        Bytes.put16(packet, at + 2, IP_HEADER + TCP_HEADER + echoed.length());
        Bytes.put16(packet, at + 6, 0x4000);
        Bytes.put8(packet, at + 8, 64);
        Bytes.put8(packet, at + 9, TCP);
        Bytes.put32(packet, at + 12, addresses.local());
        Bytes.put32(packet, at + 16, addresses.remote());
        Bytes.put16(packet, at + 10, Bytes.checksum(Bytes.sum(packet, at, at + IP_HEADER)));
        int tcp = at + IP_HEADER;
        Bytes.put16(packet, tcp, flow.localPort());
        Bytes.put16(packet, tcp + 2, flow.remotePort());
        Bytes.put32(packet, tcp + 4, flow.toLive(echoed.start()));
        Bytes.put16(packet, tcp + 12, TCP_HEADER / 4 << 12 | TcpFlags.ACK);
    }
}
