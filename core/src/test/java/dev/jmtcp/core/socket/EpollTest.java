package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.MILLISECOND;
import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static dev.jmtcp.core.socket.Net.read;
import static dev.jmtcp.core.socket.Net.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.socket.MtcpSocket.Direction;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.testsupport.Requirement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpollTest {

    private static final int BUFFER = 8192;

    private final Net net = new Net(TcpSettings.DEFAULTS
            .with()
            .sendBuffer(BUFFER)
            .receiveBuffer(BUFFER)
            .noDelay(true)
            .build());
    private final EpollEvents events = new EpollEvents(16);
    private Epoll epoll;
    private MtcpSocket socket;
    private MtcpSocket peer;

    @BeforeEach
    void connect() throws MtcpException {
        epoll = net.server.epoll();
        Net.Pair pair = net.connect();
        socket = pair.server();
        socket.blocking(false);
        peer = pair.client();
        peer.blocking(false);
    }

    @AfterEach
    void close() {
        net.close();
    }

    /** What is ready now, after everything under way has arrived: {@code "name:EPOLLIN|EPOLLOUT"}. */
    private List<String> ready() throws MtcpException {
        return ready(epoll);
    }

    private List<String> ready(Epoll epoll) throws MtcpException {
        net.settle();
        epoll.poll(events);
        return found();
    }

    private List<String> found() {
        var found = new ArrayList<String>();
        for (int i = 0; i < events.count(); i++) {
            found.add(events.attachment(i) + ":" + EpollEvent.toString(events.events(i)));
        }
        return found;
    }

    private void fill(MtcpSocket full) throws MtcpException {
        int n;
        do {
            n = full.write(ByteBuffer.allocate(BUFFER));
            net.settle();
        } while (n > 0);
    }

    // ---- Triggers

    @Test
    void add_readyAlready_reportsAtOnce() throws MtcpException {
        peer.write(bytes("abc"));
        net.settle();
        epoll.add(socket, EpollEvent.IN, "s");
        assertThat(ready()).containsExactly("s:EPOLLIN");
    }

    @Test
    void levelTriggered_leftUnread_neverForgets() throws MtcpException {
        epoll.add(socket, EpollEvent.IN, "s");
        assertThat(ready()).isEmpty();
        peer.write(bytes("abc"));
        for (int i = 0; i < 3; i++) {
            assertThat(ready()).containsExactly("s:EPOLLIN");
        }
        socket.read(ByteBuffer.allocate(2));
        assertThat(ready()).containsExactly("s:EPOLLIN");
        socket.read(ByteBuffer.allocate(1));
        assertThat(ready()).isEmpty();
    }

    @Test
    void levelTriggered_readBeforeWait_isNotReportedFalsely() throws MtcpException {
        epoll.add(socket, EpollEvent.IN, "s");
        peer.write(bytes("abc"));
        net.settle();
        assertThat(read(socket)).isEqualTo("abc");
        assertThat(ready()).isEmpty();
    }

    @Test
    void edgeTriggered_leftUnread_reportsOnceAndAgainWhenMoreArrives() throws MtcpException {
        epoll.add(socket, EpollEvent.IN | EpollEvent.ET, "s");
        peer.write(bytes("abc"));
        assertThat(ready()).containsExactly("s:EPOLLIN");
        assertThat(ready()).isEmpty();
        peer.write(bytes("d"));
        assertThat(ready()).containsExactly("s:EPOLLIN");
        assertThat(ready()).isEmpty();
        assertThat(read(socket)).isEqualTo("abcd");
        peer.write(bytes("e"));
        assertThat(ready()).containsExactly("s:EPOLLIN");
    }

    @Test
    void edgeTriggered_sendBufferFull_reportsOnceWhenAThirdIsFree() throws MtcpException {
        epoll.add(socket, EpollEvent.OUT | EpollEvent.ET, "s");
        assertThat(ready()).containsExactly("s:EPOLLOUT");
        fill(socket);
        assertThat(ready()).isEmpty();
        peer.read(ByteBuffer.allocate(1));
        assertThat(ready()).as("next to nothing is free").isEmpty();
        peer.read(ByteBuffer.allocate(BUFFER));
        assertThat(ready()).containsExactly("s:EPOLLOUT");
        assertThat(ready()).isEmpty();
        assertThat(socket.write(bytes("x"))).isEqualTo(1);
    }

    @Test
    void levelTriggered_sendBufferFull_reportsOutOnlyWhereWriteTakesSome() throws MtcpException {
        epoll.add(socket, EpollEvent.OUT, "s");
        assertThat(ready()).containsExactly("s:EPOLLOUT");
        fill(socket);
        assertThat(ready()).isEmpty();
        for (int i = 0; i < 10; i++) {
            peer.read(ByteBuffer.allocate(BUFFER / 3));
            if (!ready().isEmpty()) {
                assertThat(socket.write(ByteBuffer.allocate(1))).isPositive();
            }
        }
        assertThat(ready()).containsExactly("s:EPOLLOUT");
    }

    /** A stack with one chunk for the data of all connections. */
    @Test
    void levelTriggered_noBuffersLeft_reportsOutWhenThereAreSomeAgain() throws MtcpException {
        try (var poor = new Net(WireConfig.DEFAULT, TcpSettings.DEFAULTS, 4096)) {
            Net.Pair pair = poor.connect();
            MtcpSocket client = pair.client();
            client.blocking(false);
            Epoll epoll = poor.client.epoll();
            epoll.add(client, EpollEvent.OUT, "c");
            assertThat(epoll.poll(events)).isEqualTo(1);
            assertThat(client.write(ByteBuffer.allocate(5000))).as("a part").isEqualTo(4096);
            Net.fails(Errno.ENOMEM, () -> client.write(ByteBuffer.allocate(1)));
            assertThat(epoll.poll(events)).isZero();
            poor.run(Net.SECOND); // the peer takes what it has room for, and acknowledges it
            assertThat(Net.read(pair.server())).hasSize(4096);
            poor.run(Net.SECOND);
            assertThat(epoll.poll(events)).isEqualTo(1);
            assertThat(client.write(ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }

    @Test
    void add_bufferFilledToTheLastByteWithoutRefusal_reportsOutLater() throws MtcpException {
        // No write has been refused, so nobody but the epoll has asked for room.
        assertThat(socket.write(ByteBuffer.allocate(BUFFER))).isEqualTo(BUFFER);
        epoll.add(socket, EpollEvent.OUT, "s");
        assertThat(epoll.poll(events)).isZero();
        assertThat(ready()).containsExactly("s:EPOLLOUT");
    }

    @Test
    void oneShot_reported_isDisabledUntilModified() throws MtcpException {
        epoll.add(socket, EpollEvent.IN | EpollEvent.ONESHOT, "s");
        peer.write(bytes("abc"));
        assertThat(ready()).containsExactly("s:EPOLLIN");
        peer.write(bytes("def"));
        assertThat(ready()).isEmpty();
        peer.abort();
        assertThat(ready()).as("not even ERR and HUP").isEmpty();
        epoll.modify(socket, EpollEvent.IN | EpollEvent.ONESHOT, "t");
        assertThat(ready()).containsExactly("t:EPOLLIN|EPOLLERR|EPOLLHUP");
        assertThat(ready()).isEmpty();
    }

    @Test
    void modify_edgeTriggeredAndStillReady_reportsAnew() throws MtcpException {
        epoll.add(socket, EpollEvent.IN | EpollEvent.ET, "s");
        peer.write(bytes("abc"));
        assertThat(ready()).containsExactly("s:EPOLLIN");
        epoll.modify(socket, EpollEvent.IN | EpollEvent.ET, "s");
        assertThat(ready()).containsExactly("s:EPOLLIN");
    }

    @Test
    void modify_queuedForWhatIsNotAskedForAnyMore_isNotReported() throws MtcpException {
        epoll.add(socket, EpollEvent.IN | EpollEvent.OUT, "s");
        epoll.modify(socket, EpollEvent.IN, "s");
        assertThat(ready()).isEmpty();
        peer.write(bytes("abc"));
        assertThat(ready()).containsExactly("s:EPOLLIN");
    }

    // ---- Registration

    @Test
    void await_inAndOut_oneEntryWithBoth() throws MtcpException {
        epoll.add(socket, EpollEvent.IN | EpollEvent.OUT, "s");
        peer.write(bytes("abc"));
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLOUT");
        assertThat(events.socket(0)).isSameAs(socket);
    }

    @Test
    void remove_queued_isNotReported() throws MtcpException {
        epoll.add(socket, EpollEvent.OUT, "s");
        epoll.remove(socket);
        assertThat(ready()).isEmpty();
        epoll.add(socket, EpollEvent.OUT, "again");
        assertThat(ready()).containsExactly("again:EPOLLOUT");
    }

    @Test
    void close_queuedSocket_leavesAllEpolls() throws MtcpException {
        Epoll second = net.server.epoll();
        epoll.add(socket, EpollEvent.OUT, "s");
        second.add(socket, EpollEvent.OUT, "s");
        socket.close();
        assertThat(ready(epoll)).isEmpty();
        assertThat(ready(second)).isEmpty();
        fails(Errno.EBADF, () -> epoll.modify(socket, EpollEvent.IN));
        fails(Errno.EBADF, () -> epoll.remove(socket));
        fails(Errno.EBADF, () -> epoll.add(socket, EpollEvent.IN));
    }

    @Test
    void severalEpolls_oneSocket_eachReportsInItsOwnWay() throws MtcpException {
        Epoll second = net.server.epoll();
        epoll.add(socket, EpollEvent.IN, "level");
        second.add(socket, EpollEvent.IN | EpollEvent.ET, "edge");
        peer.write(bytes("abc"));
        assertThat(ready(epoll)).containsExactly("level:EPOLLIN");
        assertThat(ready(second)).containsExactly("edge:EPOLLIN");
        assertThat(ready(epoll)).containsExactly("level:EPOLLIN");
        assertThat(ready(second)).isEmpty();
    }

    @Test
    void add_twice_failsWithEexist() throws MtcpException {
        epoll.add(socket, EpollEvent.IN);
        fails(Errno.EEXIST, () -> epoll.add(socket, EpollEvent.IN));
    }

    @Test
    void modifyAndRemove_notRegistered_failWithEnoent() {
        fails(Errno.ENOENT, () -> epoll.modify(socket, EpollEvent.IN));
        fails(Errno.ENOENT, () -> epoll.remove(socket));
    }

    @Test
    void add_socketOfAnotherContext_failsWithEinval() {
        fails(Errno.EINVAL, () -> epoll.add(peer, EpollEvent.IN));
    }

    @Test
    void add_unknownBits_failsWithEinval() {
        fails(Errno.EINVAL, () -> epoll.add(socket, 1 << 20));
    }

    @Test
    void closedEpoll_everyCall_failsWithEbadf() throws MtcpException {
        epoll.add(socket, EpollEvent.OUT);
        epoll.close();
        epoll.close();
        fails(Errno.EBADF, () -> epoll.add(socket, EpollEvent.IN));
        fails(Errno.EBADF, () -> epoll.poll(events));
        Epoll next = net.server.epoll();
        next.add(socket, EpollEvent.OUT, "s");
        peer.write(bytes("x"));
        assertThat(ready(next)).containsExactly("s:EPOLLOUT");
    }

    // ---- Waiting

    @Test
    void await_timeout_endsExactlyThen() throws MtcpException {
        epoll.add(socket, EpollEvent.IN);
        net.settle();
        long before = net.clock.now();
        assertThat(epoll.await(events, 10, TimeUnit.MILLISECONDS)).isZero();
        assertThat(net.clock.now() - before).isEqualTo(10 * MILLISECOND);
    }

    @Test
    void await_withoutEnd_waitsForTheEvent() throws MtcpException {
        epoll.add(socket, EpollEvent.IN, "s");
        net.after(50 * MILLISECOND, () -> peer.write(bytes("late")));
        long before = net.clock.now();
        assertThat(epoll.await(events)).isEqualTo(1);
        assertThat(net.clock.now() - before).isGreaterThanOrEqualTo(50 * MILLISECOND);
        assertThat(found()).containsExactly("s:EPOLLIN");
    }

    @Test
    void poll_nothingReady_returnsAtOnce() throws MtcpException {
        epoll.add(socket, EpollEvent.IN);
        net.settle();
        long before = net.clock.now();
        assertThat(epoll.poll(events)).isZero();
        assertThat(net.clock.now()).isEqualTo(before);
    }

    @Test
    void wakeup_beforeOrDuringAWait_endsThatOneOnly() throws MtcpException {
        epoll.wakeup();
        assertThat(epoll.await(events)).isZero();
        net.simulation.after(MILLISECOND, epoll::wakeup);
        assertThat(epoll.await(events)).isZero();
        long before = net.clock.now();
        assertThat(epoll.await(events, 5, TimeUnit.MILLISECONDS)).isZero();
        assertThat(net.clock.now() - before).isEqualTo(5 * MILLISECOND);
    }

    @Test
    void await_moreReadyThanPlaces_allGetTheirTurn() throws MtcpException {
        var names = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            epoll.add(net.connect().server(), EpollEvent.OUT, "s" + i);
        }
        var two = new EpollEvents(2);
        for (int i = 0; i < 7; i++) {
            assertThat(epoll.poll(two)).isEqualTo(2);
            names.add((String) two.attachment(0));
            names.add((String) two.attachment(1));
        }
        assertThat(names.subList(0, 7)).containsExactlyInAnyOrder("s0", "s1", "s2", "s3", "s4", "s5", "s6");
        assertThat(names.subList(7, 14)).isEqualTo(names.subList(0, 7));
    }

    @Test
    void await_inAHandlerWithNothingReady_failsWithEdeadlk() throws MtcpException {
        epoll.add(socket, EpollEvent.IN);
        var failures = new ArrayList<Errno>();
        net.server.execute(() -> {
            try {
                assertThat(epoll.poll(events)).isZero();
                epoll.await(events, 1, TimeUnit.SECONDS);
            } catch (MtcpException e) {
                failures.add(e.errno());
            }
        });
        net.settle();
        assertThat(failures).containsExactly(Errno.EDEADLK);
    }

    // ---- What is ready when (tcp_poll)

    private static final int ALL =
            EpollEvent.IN | EpollEvent.OUT | EpollEvent.PRI | EpollEvent.RDHUP | EpollEvent.RDNORM | EpollEvent.WRNORM;

    @Test
    void freshSocket_outAndHup() throws MtcpException {
        epoll.add(net.server.socket(), ALL, "s");
        assertThat(ready()).containsExactly("s:EPOLLOUT|EPOLLHUP|EPOLLWRNORM");
    }

    @Test
    void listener_connectionsPendingAtAdd_reportsAtOnceAndUntilAccepted() throws MtcpException {
        MtcpSocket listener = net.listen(81);
        listener.blocking(false);
        for (int i = 0; i < 2; i++) {
            MtcpSocket client = net.client.socket();
            client.connect(serverAddress(81));
        }
        net.settle();
        epoll.add(listener, ALL, "l");
        assertThat(ready()).containsExactly("l:EPOLLIN|EPOLLRDNORM");
        assertThat(listener.accept()).isNotNull();
        assertThat(ready()).containsExactly("l:EPOLLIN|EPOLLRDNORM");
        assertThat(listener.accept()).isNotNull();
        assertThat(ready()).isEmpty();
        assertThat(listener.accept()).as("EAGAIN").isNull();
    }

    @Test
    void connecting_established_out() throws MtcpException {
        MtcpSocket listener = net.client.socket();
        listener.bind(Net.address("0.0.0.0", 82));
        listener.listen(1);
        MtcpSocket connecting = net.server.socket();
        connecting.blocking(false);
        assertThat(connecting.connect(Net.address("10.0.0.2", 82))).isFalse();
        epoll.add(connecting, ALL, "c");
        assertThat(epoll.poll(events)).isZero();
        assertThat(ready()).containsExactly("c:EPOLLOUT|EPOLLWRNORM");
        assertThat(connecting.finishConnect()).isTrue();
    }

    @Test
    void connecting_refused_allButPri() throws MtcpException {
        MtcpSocket connecting = net.server.socket();
        connecting.blocking(false);
        assertThat(connecting.connect(Net.address("10.0.0.2", 83))).isFalse();
        epoll.add(connecting, ALL, "c");
        assertThat(ready()).containsExactly("c:EPOLLIN|EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
        assertThat(connecting.takeError()).contains(Errno.ECONNREFUSED);
        assertThat(ready()).containsExactly("c:EPOLLIN|EPOLLOUT|EPOLLHUP|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
    }

    @Test
    void peerShutsDown_inAndRdhup_thenHupWhenBothAreShut() throws MtcpException {
        epoll.add(socket, ALL, "s");
        peer.shutdown(Direction.WRITE);
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLOUT|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
        assertThat(read(socket)).isEqualTo("EOF");
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLOUT|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
        socket.shutdown(Direction.WRITE);
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLOUT|EPOLLHUP|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
    }

    @Test
    void peerShutsDown_edgeTriggered_oneEdge() throws MtcpException {
        epoll.add(socket, EpollEvent.IN | EpollEvent.RDHUP | EpollEvent.ET, "s");
        peer.shutdown(Direction.WRITE);
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLRDHUP");
        assertThat(ready()).isEmpty();
    }

    @Test
    void ownShutdownOfReading_inAndRdhup() throws MtcpException {
        epoll.add(socket, ALL, "s");
        socket.shutdown(Direction.READ);
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLOUT|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
        assertThat(read(socket)).isEqualTo("EOF");
    }

    @Test
    void peerResets_errAndHup() throws MtcpException {
        epoll.add(socket, ALL, "s");
        peer.abort();
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
        fails(Errno.ECONNRESET, () -> read(socket));
        assertThat(read(socket)).as("the error is told once").isEqualTo("EOF");
        assertThat(ready()).containsExactly("s:EPOLLIN|EPOLLOUT|EPOLLHUP|EPOLLRDNORM|EPOLLWRNORM|EPOLLRDHUP");
    }

    @Test
    void peerResets_nothingAskedFor_errAndHupAllTheSame() throws MtcpException {
        epoll.add(socket, 0, "s");
        assertThat(ready()).isEmpty();
        peer.abort();
        assertThat(ready()).containsExactly("s:EPOLLERR|EPOLLHUP");
    }

    @Test
    @Requirement("MUST-32")
    void urgentData_pri() throws MtcpException {
        epoll.add(socket, EpollEvent.PRI, "s");
        assertThat(peer.writeUrgent(bytes("!"))).isEqualTo(1);
        assertThat(ready()).containsExactly("s:EPOLLPRI");
        assertThat(socket.urgentAhead()).isEqualTo(1);
        assertThat(read(socket)).isEqualTo("!");
        assertThat(ready()).isEmpty();
        assertThat(socket.urgentAhead()).isZero();
    }

    @Test
    void toString_bits_mtcpsNames() {
        assertThat(EpollEvent.toString(EpollEvent.IN | EpollEvent.RDHUP | EpollEvent.ET | EpollEvent.ONESHOT))
                .isEqualTo("EPOLLIN|EPOLLRDHUP|EPOLLONESHOT|EPOLLET");
        assertThat(EpollEvent.toString(0)).isEqualTo("0");
        assertThat(EpollEvent.toString(1 << 20 | 1)).isEqualTo("EPOLLIN|0x100000");
    }
}
