package dev.jmtcp.core.link;

import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Checksum;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Icmpv4;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Frames and packets as byte arrays: made for tests, and put into words. */
public final class Packets {

    private static final int ETHERNET = Ethernet.HEADER_LENGTH;

    private Packets() {}

    /** {@code 10.0.0.1} as an int. */
    public static int ip(String text) {
        int address = 0;
        for (String octet : text.split("\\.", -1)) {
            address = address << 8 | Integer.parseInt(octet);
        }
        return address;
    }

    /** The hardware address 02:00:00:00:00:xx. */
    public static long mac(int last) {
        return 0x0200_0000_0000L | last;
    }

    public static byte[] ethernet(long destination, long source, int type, byte[] payload) {
        byte[] frame = new byte[ETHERNET + payload.length];
        Ethernet.write(MemorySegment.ofArray(frame), 0, destination, source, type);
        System.arraycopy(payload, 0, frame, ETHERNET, payload.length);
        return frame;
    }

    public static byte[] arp(
            long destination, int operation, long senderMac, String sender, long targetMac, String target) {
        byte[] packet = new byte[Arp.LENGTH];
        Arp.write(MemorySegment.ofArray(packet), 0, operation, senderMac, ip(sender), targetMac, ip(target));
        return ethernet(destination, senderMac, Ethernet.TYPE_ARP, packet);
    }

    public static byte[] ipv4(String source, String destination, int protocol, byte[] payload) {
        return ipv4(source, destination, protocol, 0, 0, payload);
    }

    /** With identification and flags and fragment offset. */
    public static byte[] ipv4(
            String source, String destination, int protocol, int identification, int fragmentation, byte[] payload) {
        byte[] packet = new byte[Ipv4.HEADER_LENGTH + payload.length];
        Ipv4.write(
                MemorySegment.ofArray(packet),
                0,
                0,
                packet.length,
                identification,
                fragmentation,
                64,
                protocol,
                ip(source),
                ip(destination),
                true);
        System.arraycopy(payload, 0, packet, Ipv4.HEADER_LENGTH, payload.length);
        return packet;
    }

    /** The same packet with options in its header. */
    public static byte[] withOptions(byte[] packet, byte[] options) {
        byte[] longer = new byte[packet.length + options.length];
        System.arraycopy(packet, 0, longer, 0, Ipv4.HEADER_LENGTH);
        System.arraycopy(options, 0, longer, Ipv4.HEADER_LENGTH, options.length);
        System.arraycopy(
                packet,
                Ipv4.HEADER_LENGTH,
                longer,
                Ipv4.HEADER_LENGTH + options.length,
                packet.length - Ipv4.HEADER_LENGTH);
        longer[0] = (byte) (0x40 | Ipv4.HEADER_LENGTH + options.length >> 2);
        longer[2] = (byte) (longer.length >> 8);
        longer[3] = (byte) longer.length;
        return withHeaderChecksum(longer);
    }

    /** The same packet with its header checksum made right. */
    public static byte[] withHeaderChecksum(byte[] packet) {
        packet[10] = 0;
        packet[11] = 0;
        MemorySegment memory = MemorySegment.ofArray(packet);
        int checksum = Checksum.finish(Checksum.sum(memory, 0, Ipv4.headerLength(memory, 0)));
        packet[10] = (byte) (checksum >> 8);
        packet[11] = (byte) checksum;
        return packet;
    }

    public static byte[] icmp(int type, int code, int rest, byte[] data) {
        byte[] message = new byte[Icmpv4.HEADER_LENGTH + data.length];
        MemorySegment memory = MemorySegment.ofArray(message);
        Icmpv4.write(memory, 0, type, code, rest);
        System.arraycopy(data, 0, message, Icmpv4.HEADER_LENGTH, data.length);
        Icmpv4.checksum(memory, 0, Checksum.finish(Checksum.sum(memory, 0, message.length)));
        return message;
    }

    /** A segment with its checksum. */
    public static byte[] tcp(
            String source, String destination, int sourcePort, int destinationPort, int seq, byte[] data) {
        byte[] segment = new byte[TcpHeader.MIN_LENGTH + data.length];
        MemorySegment memory = MemorySegment.ofArray(segment);
        TcpHeader.write(memory, 0, sourcePort, destinationPort, seq, 0, 20, TcpHeader.ACK, 1000);
        System.arraycopy(data, 0, segment, TcpHeader.MIN_LENGTH, data.length);
        TcpHeader.checksum(memory, 0, Checksum.finish(tcpSum(memory, 0, segment.length, ip(source), ip(destination))));
        return segment;
    }

    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8));
        }
        return bytes;
    }

    /** What a frame that was sent says, after its checksums have been found right. */
    static String describe(byte[] frame, long offload) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        String to = "to " + name(Ethernet.destination(memory, 0)) + ": ";
        return switch (Ethernet.type(memory, 0)) {
            case Ethernet.TYPE_ARP -> to + arp(memory, frame.length - ETHERNET);
            case Ethernet.TYPE_IPV4 -> to + ipv4(memory, frame.length - ETHERNET, offload);
            default -> throw new AssertionError("EtherType " + Ethernet.type(memory, 0));
        };
    }

    private static String arp(MemorySegment memory, int length) {
        if (!Arp.isIpv4OverEthernet(memory, ETHERNET, length)
                || Arp.senderHardware(memory, ETHERNET) != Ethernet.source(memory, 0)) {
            throw new AssertionError("bad ARP");
        }
        String sender = Ipv4.toString(Arp.senderAddress(memory, ETHERNET));
        String target = Ipv4.toString(Arp.targetAddress(memory, ETHERNET));
        return switch (Arp.operation(memory, ETHERNET)) {
            case Arp.REQUEST -> "who has " + target + ", tell " + sender;
            case Arp.REPLY -> sender + " is at " + name(Arp.senderHardware(memory, ETHERNET)) + ", " + target;
            default -> throw new AssertionError("ARP operation");
        };
    }

    private static String ipv4(MemorySegment memory, int length, long offload) {
        int flags = TxOffload.flags(offload);
        long at = ETHERNET + Ipv4.HEADER_LENGTH;
        boolean headerSummed = Checksum.fold(Checksum.sum(memory, ETHERNET, Ipv4.HEADER_LENGTH)) == 0xffff;
        boolean segmented = (flags & TxOffload.TCP_SEGMENTATION) != 0;
        if (Ipv4.totalLength(memory, ETHERNET) != length
                || Ipv4.headerLength(memory, ETHERNET) != Ipv4.HEADER_LENGTH
                || headerSummed == segmented) {
            throw new AssertionError("bad IP header");
        }
        int source = Ipv4.source(memory, ETHERNET);
        int destination = Ipv4.destination(memory, ETHERNET);
        int fragmentation = Ipv4.fragmentation(memory, ETHERNET);
        int payload = length - Ipv4.HEADER_LENGTH;
        String text = Ipv4.toString(source) + " > " + Ipv4.toString(destination) + " ";
        if (Ipv4.isFragment(fragmentation)) {
            return text + "fragment " + Ipv4.fragmentOffset(fragmentation) + "+" + payload
                    + ((fragmentation & Ipv4.MF) != 0 ? "+" : "");
        }
        return switch (Ipv4.protocol(memory, ETHERNET)) {
            case Ipv4.PROTOCOL_ICMP -> text + icmp(memory, at, payload);
            case Ipv4.PROTOCOL_TCP -> text + tcp(memory, at, payload, source, destination, offload);
            default -> throw new AssertionError("protocol");
        };
    }

    private static String icmp(MemorySegment memory, long at, int length) {
        if (Checksum.fold(Checksum.sum(memory, at, length)) != 0xffff) {
            throw new AssertionError("bad ICMP checksum");
        }
        return "icmp " + Icmpv4.type(memory, at) + "/" + Icmpv4.code(memory, at) + " " + (length - 8) + " bytes";
    }

    private static String tcp(MemorySegment memory, long at, int length, int source, int destination, long offload) {
        int flags = TxOffload.flags(offload);
        if (flags == 0) {
            if (tcpSum(memory, at, length, source, destination) != 0xffff) {
                throw new AssertionError("bad TCP checksum");
            }
        } else if (TcpHeader.checksum(memory, at)
                        != Checksum.fold(Checksum.pseudoHeader(source, destination, 6, length))
                || TxOffload.ethernetLength(offload) != ETHERNET
                || TxOffload.ipLength(offload) != Ipv4.HEADER_LENGTH
                || TxOffload.tcpLength(offload) != TcpHeader.headerLength(memory, at)) {
            throw new AssertionError("bad offload");
        }
        return "tcp " + TcpHeader.sourcePort(memory, at) + " > " + TcpHeader.destinationPort(memory, at) + " "
                + (length - TcpHeader.headerLength(memory, at)) + " bytes"
                + ((flags & TxOffload.TCP_CHECKSUM) != 0 ? ", checksum offloaded" : "")
                + ((flags & TxOffload.TCP_SEGMENTATION) != 0 ? ", cut by " + TxOffload.segmentSize(offload) : "");
    }

    private static int tcpSum(MemorySegment memory, long at, int length, int source, int destination) {
        return Checksum.fold(Checksum.pseudoHeader(source, destination, 6, length) + Checksum.sum(memory, at, length));
    }

    private static String name(long mac) {
        return mac == Ethernet.BROADCAST
                ? "all"
                : new MacAddress(mac).toString().substring(9);
    }

    /** The payload of the IP packet in a frame, whose header has no options. */
    public static byte[] payload(byte[] frame) {
        return Arrays.copyOfRange(frame, ETHERNET + Ipv4.HEADER_LENGTH, frame.length);
    }

    /** The IP header in a frame: field by field with {@link Ipv4}. */
    public static MemorySegment packet(byte[] frame) {
        return MemorySegment.ofArray(frame).asSlice(ETHERNET);
    }

    public static int octet(byte[] bytes, int at) {
        return MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }
}
