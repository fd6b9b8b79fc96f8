package dev.jmtcp.bench.micro;

import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading all headers of a segment with timestamps, and writing them. */
@State(Scope.Benchmark)
public class HeaderBenchmark extends Timed {

    private final SegmentFrame frame = new SegmentFrame();
    private final TcpOptions options = new TcpOptions();

    /** Creates the state: a segment with 64 bytes. */
    public HeaderBenchmark() {
        frame.write(TcpHeader.ACK | TcpHeader.PSH, 1, 2, 64);
    }

    @Benchmark
    public long parse() {
        MemorySegment memory = frame.memory;
        long ip = Ethernet.HEADER_LENGTH;
        long sum = Ethernet.type(memory, 0);
        sum += Ethernet.destination(memory, 0);
        sum += Ipv4.version(memory, ip) + Ipv4.totalLength(memory, ip) + Ipv4.fragmentation(memory, ip);
        sum += Ipv4.source(memory, ip) ^ Ipv4.destination(memory, ip);
        long tcp = ip + Ipv4.headerLength(memory, ip);
        sum += TcpHeader.sourcePort(memory, tcp) + TcpHeader.destinationPort(memory, tcp);
        sum += TcpHeader.seq(memory, tcp) ^ TcpHeader.ack(memory, tcp);
        sum += TcpHeader.flags(memory, tcp) + TcpHeader.window(memory, tcp);
        int length = TcpHeader.headerLength(memory, tcp) - TcpHeader.MIN_LENGTH;
        options.clear();
        options.parse(memory, tcp + TcpHeader.MIN_LENGTH, length);
        return sum + options.tsVal;
    }

    @Benchmark
    public int write() {
        return frame.write(TcpHeader.ACK | TcpHeader.PSH, 1, 2, 64);
    }
}
