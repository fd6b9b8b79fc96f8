package dev.jmtcp.bench.micro;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Epoll;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.EpollEvents;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.Pipe;
import dev.jmtcp.driver.sim.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A round of an epoll that watches ten thousand pipes, of which some are ready and stay so, with the stack's turn that belongs to it. */
@State(Scope.Thread)
public class EpollBenchmark extends Timed {

    private static final int WATCHED = 10_000;

    @Param({"0", "1", "64", "1024"})
    private int ready;

    private final Wire wire = Wire.create();
    private final Jmtcp jmtcp;
    private final Context context;
    private final Epoll epoll;
    private final EpollEvents events = new EpollEvents(2048);

    /** Creates the state: the context belongs to the thread that measures. */
    public EpollBenchmark() {
        try {
            jmtcp = Jmtcp.init(
                    JmtcpConfig.parse("io = pcap-sim\nport = p0\nport.p0.address = 10.0.0.1/24\nnum_cores = 1\n"),
                    wire.open("p0", System::nanoTime));
            context = jmtcp.adoptContext(0);
            epoll = context.epoll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Setup
    public void watch() throws MtcpException {
        for (int i = 0; i < WATCHED; i++) {
            Pipe pipe = context.pipe();
            if (i < ready) {
                pipe.sink().write(ByteBuffer.allocate(1));
            }
            epoll.add(pipe.source(), EpollEvent.IN);
        }
    }

    @Benchmark
    public int round() throws MtcpException {
        return epoll.poll(events);
    }

    @TearDown
    public void close() {
        context.close();
        jmtcp.close();
        wire.close();
    }
}
