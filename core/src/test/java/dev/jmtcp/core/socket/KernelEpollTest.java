package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.socket.MtcpSocket.Direction;
import dev.jmtcp.core.tcp.TcpSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same calls on sockets of Linux's own TCP and on ours: every result and every event is the same. The kernel works in real time: where it has not
 * reported something yet it is asked again, until it has or a second has passed.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class KernelEpollTest {

    private static final int RUNS = 100;
    private static final int STEPS = 120;
    private static final long PATIENCE = 1_000_000_000;
    private static final int LISTENER = 1000;

    /** FIN_WAIT1, LAST_ACK and CLOSING. */
    private static final Set<Integer> WAITING_FOR_AN_ACK = Set.of(4, 9, 11);

    private static final int[] BITS = {
        EpollEvent.IN, EpollEvent.OUT, EpollEvent.PRI, EpollEvent.RDHUP, EpollEvent.RDNORM, EpollEvent.WRNORM
    };

    static LongStream seeds() {
        return LongStream.range(0, RUNS);
    }

    /** A connection of both worlds. */
    private static final class Link {
        final int id;
        final Net.Pair ours;
        final int kernelClient;
        final int kernelServer;
        boolean watched;
        boolean clientOpen = true;
        boolean clientMaySend = true;
        boolean clientSentFin;

        Link(int id, Net.Pair ours, int kernelClient, int kernelServer) {
            this.id = id;
            this.ours = ours;
            this.kernelClient = kernelClient;
            this.kernelServer = kernelServer;
        }
    }

    private final Net net = new Net(TcpSettings.DEFAULTS.with().noDelay(true).build());
    private final EpollEvents events = new EpollEvents(64);
    private final List<Link> links = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom();
    private int nextId;

    @ParameterizedTest
    @MethodSource("seeds")
    void sameCalls_sameResultsAndEventsAsLinux(long seed) throws MtcpException {
        random = new SplittableRandom(seed);
        Epoll epoll = net.server.epoll();
        int kernelEpoll = Kernel.epoll();
        int kernelListener = Kernel.listener();
        MtcpSocket listener = net.listen(1);
        listener.blocking(false);
        int interest = EpollEvent.IN | (random.nextBoolean() ? EpollEvent.ET : 0);
        epoll.add(listener, interest, LISTENER);
        Kernel.control(kernelEpoll, Kernel.CTL_ADD, kernelListener, interest, LISTENER);
        try {
            for (int step = 0; step < STEPS; step++) {
                if (links.size() < 2 || (links.size() < 6 && random.nextInt(20) == 0)) {
                    open(listener, kernelListener, epoll, kernelEpoll);
                } else {
                    act(links.get(random.nextInt(links.size())), epoll, kernelEpoll);
                }
                net.settle();
                compare(epoll, kernelEpoll, seed);
            }
        } finally {
            for (Link link : links) {
                if (link.clientOpen) {
                    Kernel.close(link.kernelClient);
                }
                Kernel.close(link.kernelServer);
            }
            Kernel.close(kernelEpoll);
            Kernel.close(kernelListener);
            net.close();
        }
    }

    private void open(MtcpSocket listener, int kernelListener, Epoll epoll, int kernelEpoll) throws MtcpException {
        history.add("connect");
        MtcpSocket client = net.client.socket();
        client.connect(Net.serverAddress(1));
        int kernelClient = Kernel.connect(kernelListener);
        client.blocking(false);
        net.settle();
        if (random.nextBoolean()) {
            compare(epoll, kernelEpoll, -1);
        }
        MtcpSocket server = listener.accept();
        server.blocking(false);
        int kernelServer = Kernel.accept(kernelListener);
        assertThat(kernelServer).isNotNegative();
        links.add(new Link(nextId++, new Net.Pair(client, server), kernelClient, kernelServer));
    }

    private void act(Link link, Epoll epoll, int kernelEpoll) throws MtcpException {
        MtcpSocket client = link.ours.client();
        MtcpSocket server = link.ours.server();
        int length = 1 + random.nextInt(50);
        int what = random.nextInt(16);
        history.add(link.id + ":" + what);
        switch (what) {
            case 0, 1, 2 -> {
                if (link.clientMaySend) {
                    same(
                            link,
                            "send",
                            () -> client.write(ByteBuffer.allocate(length)),
                            () -> Kernel.send(link.kernelClient, length, 0));
                }
            }
            case 3, 4 ->
                same(
                        link,
                        "receive",
                        () -> server.read(ByteBuffer.allocate(length)),
                        () -> Kernel.receive(link.kernelServer, length));
            case 5 ->
                same(
                        link,
                        "reply",
                        () -> server.write(ByteBuffer.allocate(length)),
                        () -> Kernel.send(link.kernelServer, length, 0));
            case 6 -> {
                if (link.clientOpen) {
                    same(
                            link,
                            "hear",
                            () -> client.read(ByteBuffer.allocate(100)),
                            () -> Kernel.receive(link.kernelClient, 100));
                }
            }
            case 7 ->
                rarely(() -> {
                    if (link.clientMaySend) {
                        link.clientMaySend = false;
                        link.clientSentFin = true;
                        client.shutdown(Direction.WRITE);
                        Kernel.shutdown(link.kernelClient, 1);
                    }
                });
            case 8 ->
                rarely(() -> {
                    same(
                            link,
                            "shut",
                            () -> shut(server, Direction.WRITE),
                            () -> Kernel.shutdown(link.kernelServer, 1));
                    // Linux's ACK of a FIN may be delayed; what it changes is seen by an epoll.
                    long end = System.nanoTime() + PATIENCE;
                    while (WAITING_FOR_AN_ACK.contains(Kernel.state(link.kernelServer)) && System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                });
            case 9 ->
                rarely(() -> {
                    // Linux keeps what was there to be read, and what comes: neither is looked at here.
                    if (server.available() == 0) {
                        link.clientMaySend = false;
                        same(
                                link,
                                "deafen",
                                () -> shut(server, Direction.READ),
                                () -> Kernel.shutdown(link.kernelServer, 0));
                    }
                });
            case 10 ->
                rarely(() -> {
                    if (link.clientOpen) {
                        link.clientOpen = false;
                        link.clientMaySend = false;
                        client.abort();
                        Kernel.abort(link.kernelClient);
                    }
                });
            case 11 -> {
                if (link.clientMaySend) {
                    same(
                            link,
                            "urge",
                            () -> client.writeUrgent(ByteBuffer.allocate(1)),
                            () -> Kernel.send(link.kernelClient, 1, Kernel.MSG_OOB));
                }
            }
            case 12 ->
                same(link, "error", () -> server.option(MtcpOptions.SO_ERROR), () -> Kernel.error(link.kernelServer));
            case 13 ->
                rarely(() -> {
                    links.remove(link);
                    server.close();
                    Kernel.close(link.kernelServer);
                    if (link.clientOpen) {
                        client.close();
                        Kernel.close(link.kernelClient);
                    }
                });
            default -> watch(link, epoll, kernelEpoll);
        }
    }

    private static int shut(MtcpSocket socket, Direction direction) throws MtcpException {
        socket.shutdown(direction);
        return 0;
    }

    private void watch(Link link, Epoll epoll, int kernelEpoll) throws MtcpException {
        MtcpSocket server = link.ours.server();
        int interest = interest();
        history.add("watch " + EpollEvent.toString(interest));
        if (!link.watched) {
            epoll.add(server, interest, link.id);
            assertThat(Kernel.control(kernelEpoll, Kernel.CTL_ADD, link.kernelServer, interest, link.id))
                    .isZero();
            link.watched = true;
        } else if (random.nextInt(4) == 0) {
            epoll.remove(server);
            assertThat(Kernel.control(kernelEpoll, Kernel.CTL_DEL, link.kernelServer, 0, 0))
                    .isZero();
            link.watched = false;
        } else {
            epoll.modify(server, interest, link.id);
            assertThat(Kernel.control(kernelEpoll, Kernel.CTL_MOD, link.kernelServer, interest, link.id))
                    .isZero();
        }
    }

    private int interest() {
        int interest = 0;
        for (int bit : BITS) {
            if (random.nextInt(3) == 0) {
                interest |= bit;
            }
        }
        return switch (random.nextInt(5)) {
            case 0, 1 -> interest | EpollEvent.ET;
            case 2 -> interest | EpollEvent.ONESHOT;
            case 3 -> interest | EpollEvent.ET | EpollEvent.ONESHOT;
            default -> interest;
        };
    }

    private void rarely(Net.Action action) throws MtcpException {
        if (random.nextInt(5) == 0) {
            action.run();
        }
    }

    private interface Ours {
        int call() throws MtcpException;
    }

    private interface Theirs {
        int call();
    }

    /** Does the same in both worlds and compares the results: −1 of ours at the end of a stream is Linux's 0, and 0 its EAGAIN. */
    private void same(Link link, String what, Ours ours, Theirs theirs) {
        String mine;
        try {
            int n = ours.call();
            boolean reads = what.equals("receive") || what.equals("hear");
            boolean transfers = reads || what.equals("send") || what.equals("reply");
            mine = n == -1 && reads ? "0" : n == 0 && transfers ? "EAGAIN" : String.valueOf(n);
        } catch (MtcpException e) {
            mine = e.errno().name();
        }
        if (what.equals("error") && !mine.equals("0")) {
            mine = "error";
        }
        net.settle();
        long end = System.nanoTime() + PATIENCE;
        String its;
        do {
            its = kernelResult(what, theirs.call());
            if (its.equals("EPIPE") && mine.equals("ECONNRESET") && link.clientSentFin) {
                its = mine; // Linux calls it so when a reset comes after a FIN; mTCP does not
            }
        } while (!its.equals(mine) && (its.equals("EAGAIN") || what.equals("shut")) && System.nanoTime() < end);
        history.add(what + " = " + mine);
        assertThat(mine)
                .as(() -> "" + history.subList(Math.max(0, history.size() - 60), history.size()))
                .isEqualTo(its);
    }

    private static String kernelResult(String what, int result) {
        if (what.equals("error")) {
            return result == 0 ? "0" : "error"; // after a FIN Linux calls a reset EPIPE
        }
        return switch (-result) {
            case 11 -> "EAGAIN";
            case 32 -> "EPIPE";
            case 104 -> "ECONNRESET";
            case 107 -> "ENOTCONN";
            default -> String.valueOf(result);
        };
    }

    private void compare(Epoll epoll, int kernelEpoll, long seed) throws MtcpException {
        epoll.poll(events);
        var mine = new TreeMap<Integer, Integer>();
        for (int i = 0; i < events.count(); i++) {
            mine.put((Integer) events.attachment(i), events.events(i));
        }
        var its = new TreeMap<Integer, Integer>();
        long end = System.nanoTime() + PATIENCE;
        do {
            int count = Kernel.poll(kernelEpoll);
            for (int i = 0; i < count; i++) {
                its.merge(Kernel.data(i), Kernel.events(i), (a, b) -> a | b);
            }
        } while (!its.equals(mine) && System.nanoTime() < end);
        history.add("events " + text(mine));
        assertThat(text(mine))
                .as(() -> "seed " + seed + ": " + history.subList(Math.max(0, history.size() - 60), history.size()))
                .isEqualTo(text(its));
    }

    private static String text(Map<Integer, Integer> found) {
        var text = new TreeMap<Integer, String>();
        found.forEach((id, bits) -> text.put(id, EpollEvent.toString(bits)));
        return text.toString();
    }
}
