package dev.jmtcp.bench.micro;

import dev.jmtcp.core.wire.Checksum;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import dev.jmtcp.spi.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A frame of a peer that is not there: what it would send from {@link #PEER} port 5000 to {@link #HOST} port 80. */
final class SegmentFrame {

    static final int HOST = 10 << 24 | 1;
    static final int PEER = 10 << 24 | 2;
    static final int HOST_PORT = 80;
    static final int PEER_PORT = 5000;
    static final MacAddress HOST_MAC = new MacAddress(0x02_00_00_00_00_01L);
    static final MacAddress PEER_MAC = new MacAddress(0x02_00_00_00_00_02L);
    static final int MTU = 1500;

    /** Sequence numbers are 32 bits on the wire; time stamps need not move here. */
    private static final int TIMESTAMP = 1000;

    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int TCP = IP + Ipv4.HEADER_LENGTH;
    private static final int OPTIONS = TCP + TcpHeader.MIN_LENGTH;
    private static final int WINDOW = 0xffff;
    private static final int WINDOW_SCALE = 7;

    final MemorySegment memory = Arena.ofAuto().allocate(IP + MTU, 64);

    /** The timestamp to echo. */
    int echo;

    /**
     * Writes a segment with timestamps, of zeroes.
     *
     * @return the length of the frame
     */
    int write(int flags, int seq, int ack, int payload) {
        int options = (flags & TcpHeader.SYN) != 0
                ? TcpOptions.writeSyn(memory, OPTIONS, MTU - 40, WINDOW_SCALE, true, true, TIMESTAMP, echo)
                : TcpOptions.writeTimestamps(memory, OPTIONS, TIMESTAMP, echo);
        int header = TcpHeader.MIN_LENGTH + options;
        Ethernet.write(memory, 0, HOST_MAC.bits(), PEER_MAC.bits(), Ethernet.TYPE_IPV4);
        Ipv4.write(
                memory,
                IP,
                0,
                Ipv4.HEADER_LENGTH + header + payload,
                0,
                Ipv4.DF,
                64,
                Ipv4.PROTOCOL_TCP,
                PEER,
                HOST,
                true);
        TcpHeader.write(memory, TCP, PEER_PORT, HOST_PORT, seq, ack, header, flags, WINDOW);
        long sum = Checksum.pseudoHeader(PEER, HOST, Ipv4.PROTOCOL_TCP, header + payload);
        sum += Checksum.sum(memory, TCP, header + payload);
        TcpHeader.checksum(memory, TCP, Checksum.finish(sum));
        return TCP + header + payload;
    }
}
