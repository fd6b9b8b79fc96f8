package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.socket.MtcpSocket.Direction;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that make any call on the same sockets at any time: each call ends, by a result or an error that can be, and the stacks live on. */
@Timeout(100)
class StressTest {

    private static final int SOCKETS = 6;
    private static final int CALLS = 6_000;
    private static final Set<Errno> POSSIBLE = EnumSet.of(
            Errno.EBADF,
            Errno.EINVAL,
            Errno.ENOTCONN,
            Errno.EISCONN,
            Errno.EALREADY,
            Errno.EPIPE,
            Errno.ECONNRESET,
            Errno.ECONNREFUSED,
            Errno.ECONNABORTED,
            Errno.EEXIST,
            Errno.ENOENT,
            Errno.EINTR);

    private final Machines machines = new Machines();

    @AfterEach
    void close() {
        machines.close();
    }

    @Test
    void anyCalls_fromManyThreads_allEnd() throws Exception {
        Context server = machines.server.createContext(0);
        Context client = machines.client.createContext(0);
        MtcpSocket listener = server.socket();
        listener.bind(Net.serverAddress(80));
        listener.listen(100);
        listener.option(MtcpOptions.SO_RCVTIMEO, Duration.ofMillis(1));
        var sockets = new AtomicReferenceArray<MtcpSocket>(2 * SOCKETS);
        for (int i = 0; i < 2 * SOCKETS; i++) {
            sockets.set(i, (i % 2 == 0 ? client : server).socket());
        }
        List<Epoll> epolls = List.of(client.epoll(), server.epoll());
        var ends = new ArrayList<CompletableFuture<Void>>();
        for (int t = 0; t < 6; t++) {
            var random = new SplittableRandom(t);
            Thread.Builder builder = t % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
            ends.add(machines.start(builder, () -> {
                for (int call = 0; call < CALLS; call++) {
                    int i = random.nextInt(2 * SOCKETS);
                    try {
                        act(random, i, sockets, listener, epolls.get(i % 2));
                    } catch (MtcpException e) {
                        assertThat(e.errno()).isIn(POSSIBLE);
                    }
                }
                return null;
            }));
        }
        for (CompletableFuture<Void> end : ends) {
            Machines.join(end);
        }
        listener.close();
        MtcpSocket again = server.socket();
        again.bind(Net.serverAddress(80));
        again.listen(1);
        assertThat(client.socket().connect(Net.serverAddress(80))).isTrue();
        assertThat(again.accept()).isNotNull();
    }

    private static void act(
            SplittableRandom random, int i, AtomicReferenceArray<MtcpSocket> sockets, MtcpSocket listener, Epoll epoll)
            throws MtcpException {
        MtcpSocket socket = sockets.get(i);
        boolean ofClient = i % 2 == 0;
        switch (random.nextInt(14)) {
            case 0, 1 -> socket.read(ByteBuffer.allocate(1 + random.nextInt(3000)));
            case 2, 3 -> socket.write(ByteBuffer.allocate(1 + random.nextInt(3000)));
            case 4 -> {
                if (ofClient) {
                    socket.option(MtcpOptions.SO_RCVTIMEO, Duration.ofMillis(1));
                    socket.option(MtcpOptions.SO_SNDTIMEO, Duration.ofMillis(1));
                    socket.connect(Net.serverAddress(80));
                }
            }
            case 5 -> {
                MtcpSocket accepted = ofClient ? null : listener.accept();
                if (accepted != null) {
                    accepted.option(MtcpOptions.SO_RCVTIMEO, Duration.ofMillis(1));
                    accepted.option(MtcpOptions.SO_SNDTIMEO, Duration.ofMillis(1));
                    sockets.getAndSet(i, accepted).close();
                }
            }
            case 6 -> epoll.add(socket, random.nextInt(0x20), i);
            case 7 -> epoll.modify(socket, random.nextInt(0x20) | EpollEvent.ET, i);
            case 8 -> epoll.await(new EpollEvents(4), 1, TimeUnit.MILLISECONDS);
            case 9 -> socket.option(StandardSocketOptions.SO_SNDBUF, 64 + random.nextInt(10_000));
            case 10 -> {
                if (random.nextInt(4) == 0) {
                    socket.close();
                    sockets.set(i, socket.context().socket());
                }
            }
            case 11 -> {
                if (random.nextInt(8) == 0) {
                    socket.shutdown(random.nextBoolean() ? Direction.WRITE : Direction.BOTH);
                }
            }
            case 12 -> {
                if (random.nextInt(8) == 0) {
                    socket.abort();
                    sockets.set(i, socket.context().socket());
                }
            }
            default -> socket.takeError();
        }
    }
}
