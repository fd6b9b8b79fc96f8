package dev.jmtcp.bench.micro;

import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A device without a wire: gives one frame again and again, and looks at the TCP header of what is sent to nowhere. */
final class StubQueue implements PacketQueue {

    private static final int TCP = Ethernet.HEADER_LENGTH + Ipv4.HEADER_LENGTH;

    private final MemorySegment sent = Arena.ofAuto().allocate(Ethernet.HEADER_LENGTH + SegmentFrame.MTU, 64);
    private final TcpOptions options = new TcpOptions();
    private MemorySegment arrived = MemorySegment.NULL;
    private int length;

    /** Of what was sent last: its sequence number and the one that follows its text, and its timestamp. */
    int seq;

    int next;
    int timestamp;
    long frames;

    /** The next burst holds this frame. */
    void arrive(MemorySegment memory, int frameLength) {
        arrived = memory;
        length = frameLength;
    }

    @Override
    public int receive(int port, FrameBurst burst) {
        burst.begin(arrived);
        if (length == 0) {
            return 0;
        }
        burst.add(0, length, 0, 0);
        length = 0;
        return 1;
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        return sent;
    }

    @Override
    public long reserve(int port, int capacity) {
        return 0;
    }

    @Override
    public void commit(int port, int frameLength, long offload) {
        frames++;
        if (Ethernet.type(sent, 0) != Ethernet.TYPE_IPV4) {
            return;
        }
        int header = TcpHeader.headerLength(sent, TCP);
        seq = TcpHeader.seq(sent, TCP);
        next = seq + Ipv4.totalLength(sent, Ethernet.HEADER_LENGTH) - Ipv4.HEADER_LENGTH - header;
        options.clear();
        options.parse(sent, TCP + TcpHeader.MIN_LENGTH, header - TcpHeader.MIN_LENGTH);
        timestamp = options.tsVal;
    }

    @Override
    public int flush() {
        return 0;
    }

    @Override
    public void await(long timeoutNanos) {}

    @Override
    public void wakeup() {}
}
