package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.socket.MtcpSocket.Direction;
import dev.jmtcp.core.tcp.TcpSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any sequence of calls and events against what epoll is by its definition: level-triggered reports what holds and is asked for, neither more nor less;
 * one-shot the same once; edge-triggered whatever has come to hold since, and nothing that does not hold.
 */
class EpollModelTest {

    private static final int STEPS = 3000;

    private static final int[] BITS = {
        EpollEvent.IN, EpollEvent.OUT, EpollEvent.PRI, EpollEvent.RDHUP, EpollEvent.RDNORM, EpollEvent.WRNORM
    };

    /** What a registration is in the model. */
    private static final class Watch {
        int events;
        boolean enabled = true;

        /** What was held at the last look, for edges. */
        int seen;
    }

    private final Net net = new Net(TcpSettings.DEFAULTS
            .with()
            .sendBuffer(3000)
            .receiveBuffer(3000)
            .noDelay(true)
            .build());
    private final Map<MtcpSocket, Watch> watches = new HashMap<>();
    private final List<Net.Pair> pairs = new ArrayList<>();
    private final EpollEvents events = new EpollEvents(64);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anySequence_reportsWhatTheModelDoes(long seed) throws MtcpException {
        System.out.println("epoll model, seed " + seed);
        var random = new SplittableRandom(seed);
        Epoll epoll = net.server.epoll();
        MtcpSocket listener = net.listen(1000);
        listener.blocking(false);
        watch(epoll, listener, EpollEvent.IN);
        for (int step = 0; step < STEPS; step++) {
            act(random, epoll, listener);
            if (random.nextInt(3) > 0) {
                net.settle();
            }
            if (random.nextInt(2) == 0) {
                compare(epoll, "seed " + seed + ", step " + step);
            }
        }
        net.close();
    }

    private void act(SplittableRandom random, Epoll epoll, MtcpSocket listener) throws MtcpException {
        if (pairs.size() < 3 || (pairs.size() < 12 && random.nextInt(10) == 0)) {
            Net.Pair pair = net.connect();
            pair.client().blocking(false);
            pair.server().blocking(false);
            pairs.add(pair);
            watch(epoll, pair.server(), interest(random));
            return;
        }
        Net.Pair pair = pairs.get(random.nextInt(pairs.size()));
        MtcpSocket server = pair.server();
        try {
            switch (random.nextInt(13)) {
                case 0, 1 -> pair.client().write(ByteBuffer.allocate(1 + random.nextInt(2000)));
                case 2, 3 -> server.read(ByteBuffer.allocate(1 + random.nextInt(2000)));
                case 4 -> server.write(ByteBuffer.allocate(1 + random.nextInt(4000)));
                case 5 -> pair.client().read(ByteBuffer.allocate(1 + random.nextInt(4000)));
                case 6 -> {
                    if (random.nextInt(8) == 0) {
                        pair.client().shutdown(Direction.WRITE);
                    }
                }
                case 7 -> {
                    if (random.nextInt(8) == 0) {
                        server.shutdown(random.nextBoolean() ? Direction.WRITE : Direction.READ);
                    }
                }
                case 8 -> {
                    if (random.nextInt(8) == 0) {
                        pairs.remove(pair);
                        watches.remove(server);
                        server.close();
                        pair.client().close();
                    }
                }
                case 9 -> {
                    if (random.nextInt(8) == 0) {
                        pair.client().abort();
                    }
                }
                case 10 -> {
                    if (watches.remove(server) != null) {
                        epoll.remove(server);
                    } else {
                        watch(epoll, server, interest(random));
                    }
                }
                case 11 -> {
                    if (watches.containsKey(server)) {
                        Watch watch = new Watch();
                        watch.events = interest(random);
                        watches.put(server, watch);
                        epoll.modify(server, watch.events);
                    }
                }
                default -> {
                    MtcpSocket client = net.client.socket();
                    client.blocking(false);
                    client.connect(Net.serverAddress(1000));
                    if (random.nextBoolean()) {
                        listener.accept();
                    }
                }
            }
        } catch (MtcpException e) {
            assertThat(e.errno()).isIn(Errno.EPIPE, Errno.ECONNRESET, Errno.ENOTCONN, Errno.EBADF);
        }
    }

    private static int interest(SplittableRandom random) {
        int interest = 0;
        for (int bit : BITS) {
            if (random.nextInt(3) == 0) {
                interest |= bit;
            }
        }
        return switch (random.nextInt(5)) {
            case 0 -> interest | EpollEvent.ET;
            case 1 -> interest | EpollEvent.ONESHOT;
            case 2 -> interest | EpollEvent.ET | EpollEvent.ONESHOT;
            default -> interest;
        };
    }

    private void watch(Epoll epoll, MtcpSocket socket, int interest) throws MtcpException {
        epoll.add(socket, interest);
        Watch watch = new Watch();
        watch.events = interest;
        watches.put(socket, watch);
    }

    private void compare(Epoll epoll, String where) throws MtcpException {
        epoll.poll(events);
        var reported = new HashMap<MtcpSocket, Integer>();
        for (int i = 0; i < events.count(); i++) {
            assertThat(reported.put(events.socket(i), events.events(i)))
                    .as("one entry a socket, %s", where)
                    .isNull();
        }
        for (var entry : watches.entrySet()) {
            MtcpSocket socket = entry.getKey();
            Watch watch = entry.getValue();
            int holds = socket.readiness() & (watch.events | EpollEvent.ERR | EpollEvent.HUP) & ~EpollEvent.MODES;
            int told = reported.getOrDefault(socket, 0);
            reported.remove(socket);
            boolean edge = (watch.events & EpollEvent.ET) != 0;
            if (!watch.enabled) {
                assertThat(told).as("one-shot, already reported, %s", where).isZero();
            } else if (edge) {
                assertThat(told).as("edge-triggered, %s", where).isIn(0, holds);
                assertThat(told & holds & ~watch.seen)
                        .as("what has come to hold, %s", where)
                        .isEqualTo(holds & ~watch.seen);
                watch.seen = holds;
            } else {
                assertThat(EpollEvent.toString(told))
                        .as("level-triggered, %s", where)
                        .isEqualTo(EpollEvent.toString(holds));
            }
            if (told != 0 && (watch.events & EpollEvent.ONESHOT) != 0) {
                watch.enabled = false;
            }
        }
        assertThat(reported).as("nobody else, %s", where).isEmpty();
    }
}
