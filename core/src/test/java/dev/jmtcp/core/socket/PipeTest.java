package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.MILLISECOND;
import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipeTest {

    private final Net net = new Net();
    private final EpollEvents events = new EpollEvents(4);
    private PipeEnd source;
    private PipeEnd sink;

    @BeforeEach
    void make() throws MtcpException {
        Pipe pipe = net.client.pipe();
        source = pipe.source();
        sink = pipe.sink();
        source.blocking(false);
        sink.blocking(false);
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void write_thenRead_sameBytes() throws MtcpException {
        assertThat(sink.write(bytes("abc"))).isEqualTo(3);
        assertThat(source.available()).isEqualTo(3);
        var buffer = ByteBuffer.allocate(10);
        assertThat(source.read(buffer)).isEqualTo(3);
        assertThat(buffer.flip()).isEqualTo(bytes("abc"));
        assertThat(source.read(buffer.clear())).as("EAGAIN").isZero();
    }

    @Test
    void write_full_takesWhatFitsAndKeepsSmallWritesWhole() throws MtcpException {
        assertThat(sink.write(ByteBuffer.allocate(20_000))).isEqualTo(Pipe.CAPACITY);
        assertThat(sink.write(bytes("x"))).isZero();
        source.read(ByteBuffer.allocate(4000));
        assertThat(sink.write(ByteBuffer.allocate(Pipe.ATOMIC)))
                .as("4000 bytes are free")
                .isZero();
        assertThat(sink.write(ByteBuffer.allocate(Pipe.ATOMIC + 1))).isEqualTo(4000);
    }

    @Test
    void transfers_roundAndRound_sameBytes() throws MtcpException {
        var random = new SplittableRandom(7);
        byte[] all = new byte[300_000];
        random.nextBytes(all);
        var in = ByteBuffer.wrap(all);
        var out = ByteBuffer.allocate(all.length);
        while (out.hasRemaining()) {
            in.limit(Math.min(all.length, in.position() + random.nextInt(9000)));
            sink.write(in);
            out.limit(Math.min(all.length, out.position() + random.nextInt(9000)));
            source.read(out);
            out.limit(all.length);
        }
        assertThat(out.array()).isEqualTo(all);
    }

    @Test
    void read_sinkClosed_restThenEnd() throws MtcpException {
        sink.write(bytes("ab"));
        sink.close();
        sink.close();
        assertThat(source.read(ByteBuffer.allocate(9))).isEqualTo(2);
        assertThat(source.read(ByteBuffer.allocate(9))).isEqualTo(-1);
        fails(Errno.EBADF, () -> sink.write(bytes("x")));
    }

    @Test
    void write_sourceClosed_failsWithEpipe() throws MtcpException {
        source.close();
        fails(Errno.EPIPE, () -> sink.write(bytes("x")));
        fails(Errno.EBADF, () -> source.read(ByteBuffer.allocate(1)));
    }

    @Test
    void wrongEnd_failsWithEbadf() {
        fails(Errno.EBADF, () -> source.write(bytes("x")));
        fails(Errno.EBADF, () -> sink.read(ByteBuffer.allocate(1)));
    }

    @Test
    void read_blocking_waitsForAWrite() throws MtcpException {
        source.blocking(true);
        net.client.execute(() -> {});
        net.after(5 * MILLISECOND, () -> sink.write(bytes("late")));
        assertThat(source.read(ByteBuffer.allocate(9))).isEqualTo(4);
    }

    @Test
    void epoll_bothEnds_readyAsInLinux() throws MtcpException {
        Epoll epoll = net.client.epoll();
        epoll.add(source, EpollEvent.IN, "source");
        epoll.add(sink, EpollEvent.OUT, "sink");
        assertThat(epoll.poll(events)).isEqualTo(1);
        assertThat(events.source(0)).isSameAs(sink);
        sink.write(ByteBuffer.allocate(Pipe.CAPACITY - Pipe.ATOMIC + 1));
        assertThat(epoll.poll(events)).isEqualTo(1);
        assertThat(events.source(0)).as("less than an atomic write fits").isSameAs(source);
        source.read(ByteBuffer.allocate(1));
        assertThat(epoll.poll(events)).isEqualTo(2);
        sink.close();
        assertThat(epoll.poll(events)).isEqualTo(1);
        assertThat(events.events(0)).isEqualTo(EpollEvent.IN | EpollEvent.HUP);
        source.read(ByteBuffer.allocate(Pipe.CAPACITY));
        assertThat(epoll.poll(events)).isEqualTo(1);
        assertThat(events.events(0)).isEqualTo(EpollEvent.HUP);
    }

    @Test
    void epoll_sourceClosed_sinkErr() throws MtcpException {
        Epoll epoll = net.client.epoll();
        epoll.add(sink, EpollEvent.OUT | EpollEvent.ET, "sink");
        assertThat(epoll.poll(events)).isEqualTo(1);
        source.close();
        assertThat(epoll.poll(events)).isEqualTo(1);
        assertThat(events.events(0)).isEqualTo(EpollEvent.OUT | EpollEvent.ERR);
    }
}
