package dev.jmtcp.bench.micro;

import dev.jmtcp.core.ip.InterfaceConfig;
import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.stack.Stack;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.core.tcp.ConnectFailure;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.Tcp;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.spi.Capabilities;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding a connection by its addresses and ports among many, in no order: with many of them, a cache miss or two. */
@State(Scope.Benchmark)
public class FlowBenchmark extends Timed {

    private static final int FIRST_PORT = 1025;
    private static final int PORTS = 60_000;
    private static final long LOCAL = Address.ofIpv4(SegmentFrame.HOST);
    private static final long REMOTE = Address.ofIpv4(SegmentFrame.PEER);

    @Param({"1000", "100000", "1000000"})
    private int flows;

    private Tcp tcp;
    private int next;

    /** Creates the state. */
    public FlowBenchmark() {
        var port = new InterfaceConfig(
                0,
                SegmentFrame.HOST_MAC,
                SegmentFrame.MTU,
                Capabilities.NONE,
                List.of(new Prefix(SegmentFrame.HOST, 24)));
        var config = new StackConfig(
                TcpSettings.DEFAULTS.with().maxConnections(2_000_000).build(),
                new Ipv4Config(List.of(port), List.of()),
                new NeighbourConfig(List.of()),
                1 << 20,
                StackConfig.DEFAULT_BURST);
        tcp = new Stack(config, new StubQueue(), 1, new SplittableRandom(1), LocalPorts.ANY, null, 1).tcp();
    }

    /** Connections that are to be opened count as well: nothing is sent, since no turn is made. */
    @Setup
    public void connect() throws ConnectFailure {
        for (int i = 0; i < flows; i++) {
            tcp.connect(0, LOCAL, localPort(i), 0, REMOTE, remotePort(i), tcp.options());
        }
    }

    private static int localPort(int flow) {
        return FIRST_PORT + flow % PORTS;
    }

    private static int remotePort(int flow) {
        return 80 + flow / PORTS;
    }

    @Benchmark
    public boolean find() {
        next = next * 1_664_525 + 1_013_904_223; // Numerical Recipes' generator
        int flow = (int) ((next & 0xffff_ffffL) * flows >>> 32);
        return tcp.isConnected(0, LOCAL, localPort(flow), 0, REMOTE, remotePort(flow));
    }
}
