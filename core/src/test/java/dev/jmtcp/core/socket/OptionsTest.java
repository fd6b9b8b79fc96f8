package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.MILLISECOND;
import static dev.jmtcp.core.socket.Net.SECOND;
import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static dev.jmtcp.core.socket.Net.read;
import static dev.jmtcp.core.socket.Net.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.tcp.State;
import dev.jmtcp.testsupport.Requirement;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every option has an effect. */
class OptionsTest {

    private final Net net = new Net();
    private MtcpSocket client;
    private MtcpSocket server;

    @BeforeEach
    void connect() throws MtcpException {
        Net.Pair pair = net.connect();
        client = pair.client();
        server = pair.server();
    }

    @AfterEach
    void close() {
        net.close();
    }

    private record Named<T>(String name, Class<T> type) implements SocketOption<T> {}

    // ---- Values

    @Test
    void option_setOnEveryKindOfSocket_readsBack() throws MtcpException {
        Map<SocketOption<?>, Object> values = Map.ofEntries(
                Map.entry(StandardSocketOptions.SO_SNDBUF, 100_000),
                Map.entry(StandardSocketOptions.SO_RCVBUF, 200_000),
                Map.entry(StandardSocketOptions.SO_KEEPALIVE, true),
                Map.entry(StandardSocketOptions.SO_LINGER, 7),
                Map.entry(StandardSocketOptions.SO_REUSEADDR, true),
                Map.entry(StandardSocketOptions.SO_REUSEPORT, true),
                Map.entry(StandardSocketOptions.TCP_NODELAY, true),
                Map.entry(StandardSocketOptions.IP_TOS, 0x28),
                Map.entry(MtcpOptions.SO_RCVTIMEO, Duration.ofMillis(5)),
                Map.entry(MtcpOptions.SO_SNDTIMEO, Duration.ofMillis(6)),
                Map.entry(MtcpOptions.SO_OOBINLINE, true),
                Map.entry(MtcpOptions.TCP_KEEPIDLE, 11),
                Map.entry(MtcpOptions.TCP_KEEPINTVL, 12),
                Map.entry(MtcpOptions.TCP_KEEPCNT, 13),
                Map.entry(MtcpOptions.TCP_CORK, true),
                Map.entry(MtcpOptions.TCP_QUICKACK, true),
                Map.entry(MtcpOptions.TCP_USER_TIMEOUT, Duration.ofSeconds(14)),
                Map.entry(MtcpOptions.TCP_CONGESTION, "newreno"),
                Map.entry(MtcpOptions.TCP_SYNCNT, 15),
                Map.entry(MtcpOptions.IP_TTL, 16));
        for (MtcpSocket socket : List.of(net.client.socket(), net.listen(81), client)) {
            for (var entry : values.entrySet()) {
                set(socket, entry.getKey(), entry.getValue());
            }
            for (var entry : values.entrySet()) {
                assertThat((Object) socket.option(entry.getKey()))
                        .as(entry.getKey().name())
                        .isEqualTo(entry.getValue());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(MtcpSocket socket, SocketOption<T> option, Object value) throws MtcpException {
        socket.option(option, (T) value);
    }

    @Test
    void option_ofTheJdkByItsOwnName_isTheSame() throws MtcpException {
        client.option(new Named<>("TCP_KEEPINTERVAL", Integer.class), 21);
        client.option(new Named<>("TCP_KEEPCOUNT", Integer.class), 22);
        assertThat(client.option(MtcpOptions.TCP_KEEPINTVL)).isEqualTo(21);
        assertThat(client.option(MtcpOptions.TCP_KEEPCNT)).isEqualTo(22);
    }

    @Test
    void option_unknown_fails() {
        var unknown = new Named<>("SO_SPLENDID", Integer.class);
        fails(Errno.ENOPROTOOPT, () -> client.option(unknown));
        fails(Errno.ENOPROTOOPT, () -> client.option(unknown, 1));
        fails(Errno.ENOPROTOOPT, () -> client.option(new Named<>("SO_SNDBUF", String.class)));
        fails(Errno.ENOPROTOOPT, () -> client.option(StandardSocketOptions.SO_BROADCAST, true));
    }

    @Test
    void option_readOnly_cannotBeSet() {
        fails(Errno.ENOPROTOOPT, () -> client.option(MtcpOptions.SO_ERROR, 1));
        fails(Errno.ENOPROTOOPT, () -> client.option(MtcpOptions.SO_ACCEPTCONN, true));
        fails(Errno.ENOPROTOOPT, () -> client.option(MtcpOptions.SO_TYPE, 1));
    }

    @Test
    void option_badValue_failsAndChangesNothing() throws MtcpException {
        fails(Errno.EINVAL, () -> client.option(StandardSocketOptions.SO_SNDBUF, 0));
        fails(Errno.EINVAL, () -> client.option(MtcpOptions.IP_TTL, 256));
        fails(Errno.EINVAL, () -> client.option(MtcpOptions.IP_TTL, 0));
        fails(Errno.EINVAL, () -> client.option(MtcpOptions.SO_RCVTIMEO, Duration.ofNanos(-1)));
        fails(Errno.EINVAL, () -> client.option(MtcpOptions.SO_OOBINLINE, false));
        fails(Errno.EINVAL, () -> client.option(MtcpOptions.TCP_MAXSEG, 1));
        fails(Errno.EINVAL, () -> client.option(new Named<>("TCP_NODELAY", Integer.class), 1));
        fails(Errno.ENOENT, () -> client.option(MtcpOptions.TCP_CONGESTION, "hope"));
        assertThat(client.option(MtcpOptions.IP_TTL)).isEqualTo(64);
        assertThat(client.option(MtcpOptions.TCP_CONGESTION)).isEqualTo("cubic");
    }

    @Test
    void fixedOptions_tellWhatTheSocketIs() throws MtcpException {
        assertThat(client.option(MtcpOptions.SO_TYPE)).isEqualTo(1);
        assertThat(client.option(MtcpOptions.SO_DOMAIN)).isEqualTo(2);
        assertThat(client.option(MtcpOptions.SO_PROTOCOL)).isEqualTo(6);
        assertThat(client.option(MtcpOptions.SO_ACCEPTCONN)).isFalse();
        assertThat(net.listen(81).option(MtcpOptions.SO_ACCEPTCONN)).isTrue();
    }

    @Test
    void listener_options_holdForConnectionsFromThenOnOnly() throws MtcpException {
        MtcpSocket listener = net.listen(81);
        listener.option(MtcpOptions.IP_TTL, 10);
        net.client.socket().connect(serverAddress(81));
        MtcpSocket first = listener.accept();
        listener.option(MtcpOptions.IP_TTL, 20);
        net.client.socket().connect(serverAddress(81));
        MtcpSocket second = listener.accept();
        first.option(StandardSocketOptions.TCP_NODELAY, true);
        assertThat(first.option(MtcpOptions.IP_TTL)).isEqualTo(10);
        assertThat(second.option(MtcpOptions.IP_TTL)).isEqualTo(20);
        assertThat(second.option(StandardSocketOptions.TCP_NODELAY)).isFalse();
        assertThat(net.server.socket().option(MtcpOptions.IP_TTL)).isEqualTo(64);
    }

    // ---- Effects

    @Test
    void sndbuf_boundsWhatAWriteTakes() throws MtcpException {
        client.blocking(false);
        client.option(StandardSocketOptions.SO_SNDBUF, 1000);
        assertThat(client.write(ByteBuffer.allocate(5000))).isEqualTo(1000);
        client.option(StandardSocketOptions.SO_SNDBUF, 3000);
        assertThat(client.write(ByteBuffer.allocate(5000))).isEqualTo(2000);
    }

    @Test
    void rcvbuf_boundsWhatThePeerSends() throws MtcpException {
        MtcpSocket listener = net.listen(81);
        listener.option(StandardSocketOptions.SO_RCVBUF, 4000);
        client = net.client.socket();
        client.connect(serverAddress(81));
        server = listener.accept();
        client.write(ByteBuffer.allocate(100_000));
        net.run(SECOND);
        assertThat(server.available()).isBetween(2000, 4000);
    }

    @Test
    @Requirement("MUST-17")
    @Requirement("SHLD-7")
    void nodelay_secondSmallWrite_doesNotWaitForTheFirstOnesAck() throws MtcpException {
        client.write(bytes("a"));
        client.write(bytes("b"));
        net.settle();
        var first = server.available();
        client.write(bytes("c"));
        net.settle();
        assertThat(server.available()).as("Nagle holds it back").isEqualTo(first);
        client.option(StandardSocketOptions.TCP_NODELAY, true);
        net.settle();
        assertThat(server.available()).isEqualTo(3);
        client.write(bytes("d"));
        net.settle();
        assertThat(server.available()).isEqualTo(4);
    }

    @Test
    void cork_smallWrites_waitUntilItIsTakenAway() throws MtcpException {
        client.option(MtcpOptions.TCP_CORK, true);
        client.write(bytes("header"));
        net.settle();
        assertThat(server.available()).isZero();
        client.write(bytes("body"));
        client.option(MtcpOptions.TCP_CORK, false);
        net.settle();
        assertThat(read(server)).isEqualTo("headerbody");
    }

    @Test
    void quickack_oneSegment_isAcknowledgedAtOnce() throws MtcpException {
        client.write(bytes("a"));
        net.settle();
        assertThat(client.option(MtcpOptions.TCP_INFO).unacknowledged()).isEqualTo(1);
        net.run(SECOND);
        assertThat(client.option(MtcpOptions.TCP_INFO).unacknowledged()).isZero();
        server.option(MtcpOptions.TCP_QUICKACK, true);
        client.write(bytes("b"));
        net.settle();
        assertThat(client.option(MtcpOptions.TCP_INFO).unacknowledged()).isZero();
    }

    @Test
    void maxseg_boundsBothDirections() throws MtcpException {
        MtcpSocket listener = net.listen(81);
        listener.option(MtcpOptions.TCP_MAXSEG, 500);
        client = net.client.socket();
        client.connect(serverAddress(81));
        server = listener.accept();
        var fromClient = Net.watch(net.clientHost);
        var fromServer = Net.watch(net.serverHost);
        client.write(ByteBuffer.allocate(5000));
        server.write(ByteBuffer.allocate(5000));
        net.run(SECOND);
        assertThat(client.available() + server.available()).isEqualTo(10_000);
        assertThat(fromClient).allSatisfy(sent -> assertThat(sent.payload()).isLessThanOrEqualTo(500));
        assertThat(fromServer).allSatisfy(sent -> assertThat(sent.payload()).isLessThanOrEqualTo(500));
        assertThat(server.option(MtcpOptions.TCP_MAXSEG)).isLessThanOrEqualTo(500);
    }

    @Test
    @Requirement("MUST-48")
    @Requirement("MUST-49")
    @Requirement("SHLD-21")
    void tosAndTtl_areOnEverySegment() throws MtcpException {
        client.option(StandardSocketOptions.IP_TOS, 0xb8 | 3);
        client.option(MtcpOptions.IP_TTL, 17);
        var sent = Net.watch(net.clientHost);
        client.write(bytes("abc"));
        net.settle();
        assertThat(sent).isNotEmpty().allSatisfy(segment -> {
            assertThat(segment.trafficClass()).as("without the ECN bits").isEqualTo(0xb8);
            assertThat(segment.ttl()).isEqualTo(17);
        });
    }

    @Test
    @Requirement("MUST-24")
    @Requirement("MUST-27")
    void keepalive_peerVanishes_timesOut() throws MtcpException {
        client.option(StandardSocketOptions.SO_KEEPALIVE, true);
        client.option(MtcpOptions.TCP_KEEPIDLE, 10);
        client.option(MtcpOptions.TCP_KEEPINTVL, 2);
        client.option(MtcpOptions.TCP_KEEPCNT, 3);
        net.run(60 * SECOND);
        assertThat(client.takeError()).as("the peer answers").isEmpty();
        Net.cut(net.serverHost);
        long before = net.clock.now();
        fails(Errno.ETIMEDOUT, () -> read(client));
        assertThat(net.clock.now() - before).isBetween(6 * SECOND, 17 * SECOND);
    }

    @Test
    @Requirement("MUST-21")
    void userTimeout_unacknowledgedData_timesOut() throws MtcpException {
        client.option(MtcpOptions.TCP_USER_TIMEOUT, Duration.ofSeconds(3));
        Net.cut(net.serverHost);
        client.write(bytes("lost"));
        long before = net.clock.now();
        fails(Errno.ETIMEDOUT, () -> read(client));
        assertThat(net.clock.now() - before).isBetween(3 * SECOND, 7 * SECOND);
    }

    @Test
    void congestion_isThatOfTheConnection() throws MtcpException {
        assertThat(client.option(MtcpOptions.TCP_INFO).congestionControl()).isEqualTo("cubic");
        client.option(MtcpOptions.TCP_CONGESTION, "newreno");
        assertThat(client.option(MtcpOptions.TCP_INFO).congestionControl()).isEqualTo("newreno");
    }

    @Test
    void rcvtimeo_nothingArrives_readEndsThen() throws MtcpException {
        server.option(MtcpOptions.SO_RCVTIMEO, Duration.ofMillis(20));
        long before = net.clock.now();
        assertThat(read(server)).isEqualTo("EAGAIN");
        assertThat(net.clock.now() - before).isEqualTo(20 * MILLISECOND);
        MtcpSocket listener = net.listen(81);
        listener.option(MtcpOptions.SO_RCVTIMEO, Duration.ofMillis(30));
        assertThat(listener.accept()).isNull();
        assertThat(net.clock.now() - before).isEqualTo(50 * MILLISECOND);
    }

    @Test
    void sndtimeo_noRoom_writeEndsThenWithWhatWasTaken() throws MtcpException {
        client.option(MtcpOptions.SO_SNDTIMEO, Duration.ofMillis(20));
        client.option(StandardSocketOptions.SO_SNDBUF, 1000);
        Net.cut(net.serverHost);
        long before = net.clock.now();
        assertThat(client.write(ByteBuffer.allocate(5000))).isEqualTo(1000);
        assertThat(net.clock.now() - before).isEqualTo(20 * MILLISECOND);
        MtcpSocket connecting = net.client.socket();
        connecting.option(MtcpOptions.SO_SNDTIMEO, Duration.ofMillis(30));
        assertThat(connecting.connect(serverAddress(80))).isFalse();
        assertThat(net.clock.now() - before).isEqualTo(50 * MILLISECOND);
    }

    @Test
    void error_isFetchedOnce() throws MtcpException {
        server.abort();
        net.settle();
        assertThat(client.option(MtcpOptions.SO_ERROR)).isEqualTo(Errno.ECONNRESET.number());
        assertThat(client.option(MtcpOptions.SO_ERROR)).isZero();
        assertThat(read(client)).isEqualTo("EOF");
    }

    /** RFC 9293 sections 3.8.3 and 3.9.1.8: that the peer does not answer is there for who asks, and disturbs nobody else. */
    @Test
    @Requirement("MUST-47")
    @Requirement("SHLD-9")
    @Requirement("SHLD-20")
    void error_peerDoesNotAnswer_isToldBeforeTheEndToWhoAsks() throws MtcpException {
        client.blocking(false);
        Net.cut(net.serverHost);
        client.write(bytes("lost"));
        net.run(5 * SECOND);
        assertThat(client.write(bytes("x"))).isEqualTo(1);
        assertThat(read(client)).isEqualTo("EAGAIN");
        assertThat(client.option(MtcpOptions.SO_ERROR)).isEqualTo(Errno.ETIMEDOUT.number());
        assertThat(client.option(MtcpOptions.SO_ERROR)).isZero();
        assertThat(client.option(MtcpOptions.TCP_INFO).state()).isEqualTo(State.ESTABLISHED);
    }

    @Test
    void info_tellsTheState() throws MtcpException {
        assertThat(client.option(MtcpOptions.TCP_INFO).state()).isEqualTo(State.ESTABLISHED);
        server.close();
        net.settle();
        assertThat(client.option(MtcpOptions.TCP_INFO).state()).isEqualTo(State.CLOSE_WAIT);
        fails(Errno.ENOTCONN, () -> net.client.socket().option(MtcpOptions.TCP_INFO));
    }
}
