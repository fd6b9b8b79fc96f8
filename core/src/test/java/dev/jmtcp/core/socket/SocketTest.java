package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.MILLISECOND;
import static dev.jmtcp.core.socket.Net.SECOND;
import static dev.jmtcp.core.socket.Net.address;
import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static dev.jmtcp.core.socket.Net.read;
import static dev.jmtcp.core.socket.Net.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.socket.MtcpSocket.Direction;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.testsupport.Requirement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketTest {

    private static final int BUFFER = 16 << 10;

    private final Net net = new Net(
            TcpSettings.DEFAULTS.with().sendBuffer(BUFFER).receiveBuffer(BUFFER).build());

    @AfterEach
    void close() {
        net.close();
    }

    // ---- Opening

    @Test
    void connect_listener_connectsBothWays() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        MtcpSocket client = net.client.socket();

        assertThat(client.connect(serverAddress(80))).isTrue();
        MtcpSocket accepted = listener.accept();

        assertThat(client.remoteAddress()).isEqualTo(serverAddress(80));
        assertThat(accepted.remoteAddress()).isEqualTo(client.localAddress());
        assertThat(client.write(bytes("hello"))).isEqualTo(5);
        assertThat(read(accepted)).isEqualTo("hello");
        assertThat(accepted.write(bytes("world"))).isEqualTo(5);
        assertThat(read(client)).isEqualTo("world");
        client.close();
        assertThat(read(accepted)).isEqualTo("EOF");
        accepted.close();
        fails(Errno.EBADF, () -> read(accepted));
    }

    @Test
    void connect_nobodyListens_isRefusedAndCanBeTriedAgain() throws MtcpException {
        MtcpSocket client = net.client.socket();
        fails(Errno.ECONNREFUSED, () -> client.connect(serverAddress(80)));
        net.listen(80);
        assertThat(client.connect(serverAddress(80))).isTrue();
    }

    @Test
    void connect_nonBlocking_isUnderWayUntilFinished() throws MtcpException {
        net.listen(80);
        MtcpSocket client = net.client.socket();
        client.blocking(false);
        assertThat(client.connect(serverAddress(80))).isFalse();
        assertThat(client.finishConnect()).isFalse();
        fails(Errno.EALREADY, () -> client.connect(serverAddress(80)));
        fails(Errno.ENOTCONN, client::remoteAddress);
        assertThat(client.read(ByteBuffer.allocate(1))).isZero();
        assertThat(client.write(bytes("x"))).isZero();
        net.settle();
        assertThat(client.finishConnect()).isTrue();
        fails(Errno.EISCONN, () -> client.connect(serverAddress(80)));
    }

    @Test
    void connect_againAfterARefusalNobodyAskedFor_tellsOfIt() throws MtcpException {
        MtcpSocket client = net.client.socket();
        client.blocking(false);
        assertThat(client.connect(serverAddress(80))).isFalse();
        net.run(2 * SECOND);
        fails(Errno.ECONNREFUSED, () -> client.connect(serverAddress(80)));
        assertThat(client.connect(serverAddress(80))).isFalse();
    }

    @Test
    void connect_hostThatIsNotThere_fails() throws MtcpException {
        MtcpSocket client = net.client.socket();
        fails(Errno.EHOSTUNREACH, () -> client.connect(address("10.0.0.77", 80)));
        fails(Errno.ENETUNREACH, () -> client.connect(address("192.0.2.1", 80)));
        fails(Errno.EINVAL, () -> client.connect(address("10.0.0.255", 80)));
        fails(Errno.EINVAL, () -> client.connect(InetSocketAddress.createUnresolved("nowhere", 80)));
    }

    @Test
    void connect_noAnswer_timesOut() throws MtcpException {
        net.connect().client().close(); // so that the neighbour is known
        Net.cut(net.serverHost);
        MtcpSocket client = net.client.socket();
        client.option(MtcpOptions.TCP_SYNCNT, 3);
        long before = net.clock.now();
        fails(Errno.ETIMEDOUT, () -> client.connect(serverAddress(80)));
        assertThat(net.clock.now() - before).isBetween(14 * SECOND, 16 * SECOND); // 1 + 2 + 4 + 8
    }

    @Test
    @Requirement("MUST-43")
    void bind_localAddressAndPort_areUsed() throws MtcpException {
        net.listen(80);
        MtcpSocket client = net.client.socket();
        client.bind(address("10.0.0.2", 7777));
        assertThat(client.localAddress()).isEqualTo(address("10.0.0.2", 7777));
        client.connect(serverAddress(80));
        assertThat(client.localAddress()).isEqualTo(address("10.0.0.2", 7777));
        fails(Errno.EINVAL, () -> client.bind(address("10.0.0.2", 7778)));
    }

    @Test
    void bind_portZero_choosesOneAtOnce() throws MtcpException {
        MtcpSocket a = net.client.socket();
        MtcpSocket b = net.client.socket();
        a.bind(address("0.0.0.0", 0));
        b.bind(address("0.0.0.0", 0));
        assertThat(a.localAddress().getPort()).isGreaterThan(49_151);
        assertThat(b.localAddress().getPort()).isNotEqualTo(a.localAddress().getPort());
    }

    @Test
    void bind_addressOfAnother_fails() throws MtcpException {
        MtcpSocket client = net.client.socket();
        fails(Errno.EADDRNOTAVAIL, () -> client.bind(address("10.0.0.1", 1)));
    }

    @Test
    void listen_notBound_choosesAPort() throws MtcpException {
        MtcpSocket listener = net.server.socket();
        listener.listen(1);
        MtcpSocket client = net.client.socket();
        assertThat(client.connect(serverAddress(listener.localAddress().getPort())))
                .isTrue();
    }

    @Test
    void listen_wrongly_fails() throws MtcpException {
        MtcpSocket listener = net.server.socket();
        fails(Errno.EINVAL, () -> listener.listen(0));
        listener.listen(1);
        fails(Errno.EINVAL, () -> listener.listen(1));
        fails(Errno.EISCONN, () -> listener.connect(address("10.0.0.2", 80)));
        fails(Errno.ENOTSOCK, () -> read(listener));
        fails(Errno.ENOTSOCK, () -> listener.write(bytes("x")));
        fails(Errno.ENOTCONN, () -> listener.shutdown(Direction.BOTH));
        MtcpSocket connected = net.connect().client();
        fails(Errno.EISCONN, () -> connected.listen(1));
        fails(Errno.EINVAL, connected::accept);
    }

    @Test
    void accept_nothingThere_waitsOrReturnsNull() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        MtcpSocket client = net.client.socket();
        client.blocking(false);
        net.after(30 * MILLISECOND, () -> client.connect(serverAddress(80)));
        long before = net.clock.now();
        assertThat(listener.accept()).isNotNull();
        assertThat(net.clock.now() - before).isGreaterThanOrEqualTo(30 * MILLISECOND);
        listener.blocking(false);
        assertThat(listener.accept()).isNull();
    }

    @Test
    void accept_intoAClosedSocket_reusesTheObject() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        MtcpSocket used = net.connect81();
        fails(Errno.EINVAL, () -> listener.accept(used));
        used.close();
        net.client.socket().connect(serverAddress(80));
        assertThat(listener.accept(used)).isTrue();
        assertThat(used.isOpen()).isTrue();
        assertThat(used.isBlocking()).isTrue();
        MtcpSocket foreign = net.client.socket();
        foreign.close();
        fails(Errno.EINVAL, () -> listener.accept(foreign));
    }

    @Test
    void accept_intoAClosedSocketWithNobodyThere_leavesItClosed() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        listener.blocking(false);
        MtcpSocket closed = net.server.socket();
        closed.close();
        assertThat(listener.accept(closed)).isFalse();
        assertThat(closed.isOpen()).isFalse();
        fails(Errno.EBADF, () -> read(closed));
    }

    @Test
    void reopen_closedSocket_isAsNew() throws MtcpException {
        net.listen(80);
        MtcpSocket client = net.client.socket();
        fails(Errno.EINVAL, client::reopen);
        client.blocking(false);
        client.option(MtcpOptions.IP_TTL, 9);
        client.bind(address("10.0.0.2", 4444));
        client.close();
        fails(Errno.EBADF, () -> client.connect(serverAddress(80)));
        client.reopen();
        assertThat(client.isBlocking()).isTrue();
        assertThat(client.localAddress().getPort()).isZero();
        assertThat(client.option(MtcpOptions.IP_TTL)).isEqualTo(64);
        assertThat(client.connect(serverAddress(80))).isTrue();
    }

    // ---- Reading and writing

    @Test
    @Requirement("MUST-12")
    void read_dataThenEnd_dataFirst() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(bytes("abc"));
        pair.client().close();
        net.settle();
        assertThat(pair.server().available()).isEqualTo(3);
        assertThat(read(pair.server())).isEqualTo("abc");
        assertThat(read(pair.server())).isEqualTo("EOF");
        assertThat(read(pair.server())).isEqualTo("EOF");
    }

    @Test
    @Requirement("MUST-12")
    void read_dataThenReset_dataThenTheErrorOnceThenTheEnd() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(bytes("abc"));
        net.settle();
        pair.client().abort();
        net.settle();
        assertThat(read(pair.server())).isEqualTo("abc");
        fails(Errno.ECONNRESET, () -> read(pair.server()));
        assertThat(read(pair.server())).isEqualTo("EOF");
        fails(Errno.EPIPE, () -> pair.server().write(bytes("x")));
    }

    @Test
    void read_notConnected_fails() throws MtcpException {
        MtcpSocket socket = net.client.socket();
        fails(Errno.ENOTCONN, () -> read(socket));
        fails(Errno.ENOTCONN, () -> socket.write(bytes("x")));
        fails(Errno.ENOTCONN, () -> socket.shutdown(Direction.WRITE));
        fails(Errno.ENOTCONN, socket::remoteAddress);
        fails(Errno.ENOTCONN, socket::finishConnect);
        fails(Errno.ENOTCONN, socket::available);
    }

    @Test
    void peek_leavesTheBytes() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(bytes("abc"));
        var two = ByteBuffer.allocate(2);
        assertThat(pair.server().peek(two)).isEqualTo(2);
        assertThat(two.position()).isEqualTo(2);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(10);
            assertThat(pair.server().peek(segment, 4, 6)).isEqualTo(3);
            assertThat(segment.getString(4)).isEqualTo("abc");
        }
        assertThat(read(pair.server())).isEqualTo("abc");
    }

    @Test
    void readv_scattersOverBuffers() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(bytes("abcdef"));
        net.settle();
        var buffers = new ByteBuffer[] {
            ByteBuffer.allocate(9), ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(9)
        };
        assertThat(pair.server().read(buffers, 1, 3)).isEqualTo(6);
        assertThat(buffers[0].position()).isZero();
        assertThat(buffers[1].flip()).isEqualTo(bytes("ab"));
        assertThat(buffers[3].flip()).isEqualTo(bytes("cdef"));
        pair.client().close();
        assertThat(pair.server().read(buffers, 0, 1)).isEqualTo(-1);
    }

    @Test
    void writev_gathersFromBuffers() throws MtcpException {
        Net.Pair pair = net.connect();
        var buffers = new ByteBuffer[] {bytes("no"), bytes("ab"), bytes(""), bytes("cdef"), bytes("no")};
        assertThat(pair.client().write(buffers, 1, 3)).isEqualTo(6);
        assertThat(buffers[3].hasRemaining()).isFalse();
        net.settle();
        assertThat(read(pair.server())).isEqualTo("abcdef");
    }

    @Test
    void transfers_allKindsOfMemory_sameBytes() throws MtcpException {
        Net.Pair pair = net.connect();
        ByteBuffer heap = ByteBuffer.wrap("xxhellox".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 2, 5);
        assertThat(pair.client().write(heap.slice())).isEqualTo(5);
        assertThat(pair.client().write(heap.asReadOnlyBuffer())).isEqualTo(5);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(7).put(1, heap, 2, 5).position(1).limit(6);
        assertThat(pair.client().write(direct)).isEqualTo(5);
        assertThat(pair.client().write(heap.array(), 2, 5)).isEqualTo(5);
        assertThat(pair.client().write(MemorySegment.ofArray(heap.array()), 2, 5))
                .isEqualTo(5);
        net.settle();
        var array = new byte[9];
        assertThat(pair.server().read(array, 4, 5)).isEqualTo(5);
        assertThat(new String(array, 4, 5, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("hello");
        assertThat(pair.server().read(ByteBuffer.allocateDirect(5))).isEqualTo(5);
        assertThat(read(pair.server())).isEqualTo("hellohellohello");
        assertThatThrownBy(() -> pair.server().read(heap.asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> pair.server().read(array, 5, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void transfer_ofNothing_returnsZeroAtOnce() throws MtcpException {
        Net.Pair pair = net.connect();
        assertThat(pair.server().read(ByteBuffer.allocate(0))).isZero();
        assertThat(pair.server().write(ByteBuffer.allocate(0))).isZero();
    }

    @Test
    void write_blockingMoreThanFits_writesAll() throws MtcpException {
        Net.Pair pair = net.connect();
        byte[] sent = new byte[10 * BUFFER];
        new SplittableRandom(1).nextBytes(sent);
        var received = ByteBuffer.allocate(sent.length);
        pair.server().blocking(false);
        for (int i = 1; i <= 1000; i++) {
            net.after(i * MILLISECOND, () -> pair.server().read(received));
        }
        assertThat(pair.client().write(ByteBuffer.wrap(sent))).isEqualTo(sent.length);
        net.run(SECOND);
        assertThat(received.array()).isEqualTo(sent);
    }

    @Test
    void write_nonBlockingMoreThanFits_takesWhatFits() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().blocking(false);
        ByteBuffer data = ByteBuffer.allocate(10 * BUFFER);
        assertThat(pair.client().write(data)).isEqualTo(BUFFER);
        assertThat(data.position()).isEqualTo(BUFFER);
        assertThat(pair.client().write(data)).isZero();
        net.run(SECOND);
        assertThat(pair.client().write(data)).isEqualTo(BUFFER);
    }

    @Test
    void write_connectionBreaksMidway_returnsWhatWasTakenThenTheError() throws MtcpException {
        Net.Pair pair = net.connect();
        net.after(5 * MILLISECOND, () -> pair.server().abort());
        assertThat(pair.client().write(ByteBuffer.allocate(100 * BUFFER))).isBetween(BUFFER, 3 * BUFFER);
        fails(Errno.ECONNRESET, () -> pair.client().write(bytes("x")));
        fails(Errno.EPIPE, () -> pair.client().write(bytes("x")));
    }

    @Test
    void writev_connectionBreaksMidway_returnsWhatWasTakenThenTheError() throws MtcpException {
        Net.Pair pair = net.connect();
        net.after(5 * MILLISECOND, () -> pair.server().abort());
        var buffers = new ByteBuffer[] {ByteBuffer.allocate(100), ByteBuffer.allocate(100 * BUFFER)};
        assertThat(pair.client().write(buffers, 0, 2)).isBetween((long) BUFFER, 3L * BUFFER);
        fails(Errno.ECONNRESET, () -> pair.client().write(bytes("x")));
    }

    @Test
    void write_peerHasClosedItsSide_stillArrives() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().shutdown(Direction.WRITE);
        assertThat(read(pair.server())).isEqualTo("EOF");
        assertThat(pair.server().write(bytes("late"))).isEqualTo(4);
        assertThat(read(pair.client())).isEqualTo("late");
        fails(Errno.EPIPE, () -> pair.client().write(bytes("x")));
    }

    @Test
    void write_noBuffersLeft_failsWithEnomem() throws MtcpException {
        try (var poor = new Net(dev.jmtcp.driver.sim.WireConfig.DEFAULT, TcpSettings.DEFAULTS, 4096)) {
            Net.Pair pair = poor.connect();
            pair.client().blocking(false);
            Net.cut(poor.clientHost);
            int taken = 0;
            for (int i = 0; i < 1 << 20 && taken >= 0; i += 1000) {
                try {
                    taken = pair.client().write(ByteBuffer.allocate(1000));
                } catch (MtcpException e) {
                    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
                    taken = -1;
                }
            }
            assertThat(taken).as("in the end there is no memory").isEqualTo(-1);
        }
    }

    /** A stack with one chunk for the data of all connections. */
    @Test
    void blockingWrite_noBuffersLeft_waitsForThem() throws MtcpException {
        try (var poor = new Net(dev.jmtcp.driver.sim.WireConfig.DEFAULT, TcpSettings.DEFAULTS, 4096)) {
            Net.Pair pair = poor.connect();
            assertThat(pair.client().write(ByteBuffer.allocate(8192))).isEqualTo(8192);
            int read = 0;
            while (read < 8192) {
                read += Net.read(pair.server()).length();
            }
        }
    }

    @Test
    @Requirement("MUST-30")
    @Requirement("MUST-33")
    void urgentData_isAnnouncedAndStaysInLine() throws MtcpException {
        Net.Pair pair = net.connect();
        assertThat(pair.client().writeUrgent(bytes("ab!"))).isEqualTo(3);
        pair.client().write(bytes("cd"));
        net.settle();
        assertThat(pair.server().urgentAhead()).isEqualTo(3);
        assertThat(read(pair.server())).as("up to the mark").isEqualTo("ab");
        assertThat(pair.server().urgentAhead()).as("at the mark").isEqualTo(1);
        assertThat(read(pair.server())).isEqualTo("!cd");
        assertThat(pair.server().urgentAhead()).isZero();
    }

    // ---- Closing

    @Test
    @Requirement("SHLD-3")
    void close_somethingUnread_resets() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(bytes("abc"));
        net.settle();
        pair.server().close();
        net.settle();
        fails(Errno.ECONNRESET, () -> read(pair.client()));
    }

    @Test
    void close_somethingUnsent_delivers() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(bytes("abc"));
        pair.client().close();
        assertThat(read(pair.server())).isEqualTo("abc");
        assertThat(read(pair.server())).isEqualTo("EOF");
    }

    @Test
    void close_everyKindTwice_isHarmless() throws MtcpException {
        MtcpSocket fresh = net.client.socket();
        MtcpSocket listener = net.listen(99);
        MtcpSocket connecting = net.client.socket();
        connecting.blocking(false);
        connecting.connect(serverAddress(98));
        MtcpSocket connected = net.connect().client();
        for (MtcpSocket socket : new MtcpSocket[] {fresh, listener, connecting, connected}) {
            socket.close();
            socket.close();
            assertThat(socket.isOpen()).isFalse();
            fails(Errno.EBADF, socket::localAddress);
        }
    }

    @Test
    void abort_resetsAtOnceAndCloses() throws MtcpException {
        Net.Pair pair = net.connect();
        var sent = Net.watch(net.clientHost);
        pair.client().write(bytes("never to be delivered"));
        pair.client().abort();
        net.settle();
        assertThat(sent)
                .last()
                .satisfies(segment -> assertThat(segment.has(TcpHeader.RST)).isTrue());
        fails(Errno.EBADF, pair.client()::abort);
        fails(Errno.ECONNRESET, () -> {
            while (!read(pair.server()).equals("EOF")) {
                // data may have come first
            }
        });
        assertThat(net.client.tcp.connections()).isZero();
    }

    @Test
    void shutdownOfReading_throwsAwayWhatArrives() throws MtcpException {
        Net.Pair pair = net.connect();
        pair.client().write(bytes("abc"));
        net.settle();
        pair.server().shutdown(Direction.READ);
        assertThat(read(pair.server())).isEqualTo("EOF");
        pair.client().write(ByteBuffer.allocate(4 * BUFFER));
        net.run(SECOND);
        assertThat(pair.server().available()).isZero();
        assertThat(read(pair.server())).isEqualTo("EOF");
        pair.server().close();
        net.settle();
        assertThat(read(pair.client())).as("closed in order").isEqualTo("EOF");
    }

    @Test
    void close_listener_resetsWhatWasNotAccepted() throws MtcpException {
        MtcpSocket listener = net.listen(80);
        MtcpSocket client = net.client.socket();
        client.connect(serverAddress(80));
        listener.close();
        net.settle();
        fails(Errno.ECONNRESET, () -> read(client));
    }

    @Test
    void closedContext_everyCall_failsWithEperm() throws MtcpException {
        MtcpSocket socket = net.connect().client();
        Epoll epoll = net.client.epoll();
        net.client.close();
        fails(Errno.EPERM, () -> read(socket));
        fails(Errno.EPERM, () -> socket.write(bytes("x")));
        fails(Errno.EPERM, () -> socket.option(MtcpOptions.IP_TTL));
        fails(Errno.EPERM, () -> epoll.poll(new EpollEvents(1)));
        fails(Errno.EPERM, net.client::socket);
        socket.close();
        net.client.close();
    }

    @Test
    void handlerThatThrows_isRemovedAndTellsWhoTurnsTheStack() throws MtcpException {
        net.server.onTurn(now -> {
            throw new IllegalStateException("mine");
        });
        assertThatThrownBy(net::settle).hasMessage("mine");
        net.settle();
        net.connect();
    }

    @Test
    void blockingCall_inAHandler_failsWithEdeadlk() throws MtcpException {
        Net.Pair pair = net.connect();
        var failures = new java.util.ArrayList<Errno>();
        net.server.execute(() -> {
            try {
                read(pair.server());
            } catch (MtcpException e) {
                failures.add(e.errno());
            }
        });
        net.settle();
        assertThat(failures).containsExactly(Errno.EDEADLK);
    }
}
