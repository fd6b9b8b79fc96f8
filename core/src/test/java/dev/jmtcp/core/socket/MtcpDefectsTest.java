package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.MILLISECOND;
import static dev.jmtcp.core.socket.Net.SECOND;
import static dev.jmtcp.core.socket.Net.address;
import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static dev.jmtcp.core.socket.Net.read;
import static dev.jmtcp.core.socket.Net.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.wire.TcpHeader;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users know mTCP to get wrong is right here: one test for each. */
class MtcpDefectsTest {

    private final Net net = new Net();
    private final EpollEvents events = new EpollEvents(8);

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void getsockname_ofAnAcceptedSocket_isItsOwnAddressNotThePeers() throws MtcpException {
        Net.Pair pair = net.connect();
        assertThat(pair.server().localAddress()).isEqualTo(serverAddress(80));
        assertThat(pair.server().remoteAddress()).isEqualTo(pair.client().localAddress());
    }

    @Test
    void close_ofAListener_removesIt() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        net.client.socket().connect(serverAddress(80));
        listener.close();
        fails(Errno.ECONNREFUSED, () -> net.client.socket().connect(serverAddress(80)));
        net.listen(80);
        assertThat(net.client.socket().connect(serverAddress(80))).isTrue();
    }

    @Test
    void epoll_severalInAContext_doNotReplaceEachOther() throws MtcpException {
        Net.Pair first = net.connect();
        Net.Pair second = net.connect();
        Epoll one = net.server.epoll();
        Epoll two = net.server.epoll();
        one.add(first.server(), EpollEvent.IN);
        two.add(second.server(), EpollEvent.IN);
        first.client().write(bytes("a"));
        second.client().write(bytes("b"));
        net.settle();
        assertThat(one.poll(events)).isEqualTo(1);
        assertThat(events.socket(0)).isSameAs(first.server());
        assertThat(two.poll(events)).isEqualTo(1);
        assertThat(events.socket(0)).isSameAs(second.server());
    }

    @Test
    void epoll_levelTriggered_doesNotForget() throws MtcpException {
        Net.Pair pair = net.connect();
        Epoll epoll = net.server.epoll();
        epoll.add(pair.server(), EpollEvent.IN | EpollEvent.OUT);
        pair.client().write(bytes("abc"));
        net.settle();
        for (int i = 0; i < 5; i++) {
            // Neither reading nor writing anything in between.
            assertThat(epoll.poll(events)).isEqualTo(1);
            assertThat(events.events(0)).isEqualTo(EpollEvent.IN | EpollEvent.OUT);
        }
    }

    @Test
    void epollin_isNeverFollowedByEagain() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.server().blocking(false);
        Epoll epoll = net.server.epoll();
        epoll.add(pair.server(), EpollEvent.IN);
        for (int i = 0; i < 50; i++) {
            pair.client().write(bytes("abc"));
            net.run(SECOND);
            if (i % 2 == 0) {
                assertThat(read(pair.server())).isNotEqualTo("EAGAIN");
            }
            while (epoll.poll(events) > 0) {
                assertThat(pair.server().read(ByteBuffer.allocate(2))).isPositive();
            }
        }
    }

    @Test
    void epoll_oneSocketWithSeveralEvents_isOneEntry() throws MtcpException {
        Net.Pair pair = net.connect();
        Epoll epoll = net.server.epoll();
        epoll.add(pair.server(), EpollEvent.IN | EpollEvent.OUT | EpollEvent.RDHUP);
        pair.client().write(bytes("abc"));
        pair.client().close();
        net.settle();
        assertThat(epoll.poll(events)).isEqualTo(1);
        assertThat(events.events(0)).isEqualTo(EpollEvent.IN | EpollEvent.OUT | EpollEvent.RDHUP);
    }

    @Test
    void epoll_oneshot_hasAnEffect() throws MtcpException {
        Net.Pair pair = net.connect();
        Epoll epoll = net.server.epoll();
        epoll.add(pair.server(), EpollEvent.OUT | EpollEvent.ONESHOT);
        assertThat(epoll.poll(events)).isEqualTo(1);
        assertThat(epoll.poll(events)).isZero();
    }

    @Test
    void epollMod_ofAnUnregisteredSocket_isEnoent() throws MtcpException {
        Net.Pair pair = net.connect();
        Epoll epoll = net.server.epoll();
        fails(Errno.ENOENT, () -> epoll.modify(pair.server(), EpollEvent.IN));
        epoll.add(pair.server(), EpollEvent.OUT);
        assertThat(epoll.poll(events)).as("and does no harm").isEqualTo(1);
    }

    @Test
    void epollAdd_ofAListenerWithConnectionsPending_reportsThemAtOnce() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        net.client.socket().connect(serverAddress(80));
        net.settle();
        Epoll epoll = net.server.epoll();
        epoll.add(listener, EpollEvent.IN);
        assertThat(epoll.poll(events)).isEqualTo(1);
    }

    @Test
    void epollWait_lowLatency_eventIsThereInTheTurnOfItsPacket() throws MtcpException {
        Net.Pair pair = net.connect();
        Epoll epoll = net.server.epoll();
        epoll.add(pair.server(), EpollEvent.IN);
        net.after(3 * MILLISECOND, () -> pair.client().write(bytes("x")));
        long before = net.clock.now();
        assertThat(epoll.await(events, 1, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(net.clock.now() - before).isEqualTo(3 * MILLISECOND);
    }

    @Test
    void setsockopt_hasAnEffect() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().blocking(false);
        pair.client().option(StandardSocketOptions.SO_SNDBUF, 1000);
        assertThat(pair.client().write(ByteBuffer.allocate(2000))).isEqualTo(1000);
    }

    @Test
    void getsockopt_onAListener_works() throws MtcpException {
        assertThat(net.listen(80).option(MtcpOptions.SO_ERROR)).isZero();
    }

    @Test
    void bind_portInUse_isEaddrinuse() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        MtcpSocket other = net.server.socket();
        fails(Errno.EADDRINUSE, () -> other.bind(address("0.0.0.0", 80)));
        fails(Errno.EADDRINUSE, () -> other.bind(serverAddress(80)));
        listener.close();
        other.bind(serverAddress(80));
        MtcpSocket third = net.server.socket();
        fails(Errno.EADDRINUSE, () -> third.bind(address("0.0.0.0", 80)));
    }

    @Test
    void read_blocking_blocks() throws MtcpException {
        Net.Pair pair = net.connect();
        net.after(40 * MILLISECOND, () -> pair.client().write(bytes("at last")));
        long before = net.clock.now();
        assertThat(read(pair.server())).isEqualTo("at last");
        assertThat(net.clock.now() - before).isEqualTo(40 * MILLISECOND);
    }

    @Test
    void fionbioZero_blocksAgain() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.server().blocking(false);
        assertThat(read(pair.server())).isEqualTo("EAGAIN");
        pair.server().blocking(true);
        net.after(MILLISECOND, () -> pair.client().write(bytes("x")));
        assertThat(read(pair.server())).isEqualTo("x");
    }

    @Test
    void fionread_countsEverythingReadable() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(ByteBuffer.allocate(100_000));
        net.run(SECOND);
        assertThat(pair.server().available()).isEqualTo(100_000);
        assertThat(pair.server().read(ByteBuffer.allocate(200_000))).isEqualTo(100_000);
    }

    @Test
    void acceptQueue_full_resetsNobody() throws MtcpException {
        MtcpSocket listener = net.server.socket();
        listener.bind(serverAddress(80));
        listener.listen(2);
        listener.blocking(false);
        var sent = Net.watch(net.serverHost);
        var clients = new ArrayList<MtcpSocket>();
        for (int i = 0; i < 6; i++) {
            MtcpSocket client = net.client.socket();
            client.blocking(false);
            client.connect(serverAddress(80));
            clients.add(client);
        }
        int accepted = 0;
        for (int i = 0; i < 60 && accepted < 6; i++) {
            net.run(SECOND);
            if (listener.accept() != null) {
                accepted++;
            }
        }
        assertThat(accepted).isEqualTo(6);
        assertThat(sent).noneMatch(segment -> segment.has(TcpHeader.RST));
        for (MtcpSocket client : clients) {
            assertThat(client.finishConnect()).isTrue();
        }
    }

    @Test
    void close_whileConnecting_succeeds() throws MtcpException {
        MtcpSocket client = net.client.socket();
        client.blocking(false);
        client.connect(serverAddress(80));
        client.close();
        net.run(SECOND);
        assertThat(net.client.tcp.connections()).isZero();
    }

    @Test
    void connect_manyInOneTurn_isNotLimitedByAQueue() throws MtcpException {
        MtcpSocket listener = net.server.socket();
        listener.bind(serverAddress(80));
        listener.listen(5000);
        for (int i = 0; i < 4000; i++) {
            MtcpSocket client = net.client.socket();
            client.blocking(false);
            client.connect(serverAddress(80));
        }
        net.run(10 * SECOND);
        for (int i = 0; i < 4000; i++) {
            assertThat(listener.accept()).isNotNull();
        }
    }

    @Test
    void listen_onOneAddress_doesNotAnswerForAnother() throws MtcpException {
        MtcpSocket listener = net.server.socket();
        listener.bind(serverAddress(80));
        listener.listen(1);
        MtcpSocket second = net.server.socket();
        second.bind(address("0.0.0.0", 81));
        second.listen(1);
        assertThat(net.client.socket().connect(serverAddress(80))).isTrue();
        assertThat(net.client.socket().connect(serverAddress(81))).isTrue();
    }
}
