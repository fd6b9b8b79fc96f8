package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.MILLISECOND;
import static dev.jmtcp.core.socket.Net.SECOND;
import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static dev.jmtcp.core.socket.Net.read;
import static java.net.StandardSocketOptions.SO_LINGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.driver.sim.Impairments;
import dev.jmtcp.driver.sim.WireConfig;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LingerTest {

    private static final long DELAY = 10 * MILLISECOND;

    private final Net net =
            new Net(WireConfig.DEFAULT.withImpairments(Impairments.NONE.withDelay(DELAY)), TcpSettings.DEFAULTS);
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

    @Test
    void close_lingerOff_returnsAtOnceAndDelivers() throws MtcpException {
        long before = net.clock.now();
        client.write(ByteBuffer.allocate(50_000));
        client.close();
        assertThat(net.clock.now()).isEqualTo(before);
        net.run(SECOND);
        assertThat(server.available()).isEqualTo(50_000);
    }

    @Test
    void close_lingerZero_resets() throws MtcpException {
        var sent = Net.watch(net.clientHost);
        client.option(SO_LINGER, 0);
        client.write(bytes("lost"));
        client.close();
        net.run(SECOND);
        assertThat(sent).anySatisfy(s -> assertThat(s.has(TcpHeader.RST)).isTrue());
        assertThat(sent).allSatisfy(s -> assertThat(s.has(TcpHeader.FIN)).isFalse());
        fails(Errno.ECONNRESET, () -> {
            while (!read(server).equals("EOF")) {
                // data may have come first
            }
        });
    }

    @Test
    void close_linger_waitsUntilAllIsAcknowledged() throws MtcpException {
        client.option(SO_LINGER, 5);
        client.write(ByteBuffer.allocate(50_000));
        long before = net.clock.now();
        client.close();
        assertThat(net.clock.now() - before).isBetween(2 * DELAY, SECOND);
        assertThat(server.available()).isEqualTo(50_000);
        fails(Errno.EBADF, () -> read(client));
    }

    @Test
    void close_lingerPeerSilent_waitsThatLongThenDeliversAlone() throws MtcpException {
        client.option(SO_LINGER, 2);
        client.write(bytes("slow"));
        Net.cut(net.clientHost);
        long before = net.clock.now();
        client.close();
        assertThat(net.clock.now() - before).isEqualTo(2 * SECOND);
        net.clientHost.io.filter(0, null);
        assertThat(read(server)).isEqualTo("slow");
        assertThat(read(server)).isEqualTo("EOF");
    }

    @Test
    void close_lingerPeerResets_returns() throws MtcpException {
        client.option(SO_LINGER, 5);
        client.write(ByteBuffer.allocate(1_000_000).limit(200_000));
        net.after(3 * DELAY, server::abort);
        long before = net.clock.now();
        client.close();
        assertThat(net.clock.now() - before).isBetween(3 * DELAY, 6 * DELAY);
    }

    @Test
    void close_lingerNothingUnsent_waitsForTheAckOfTheFin() throws MtcpException {
        client.option(SO_LINGER, 5);
        long before = net.clock.now();
        client.close();
        assertThat(net.clock.now() - before).isBetween(2 * DELAY, 3 * DELAY);
    }

    @Test
    void close_lingerSomethingUnread_resetsAtOnce() throws MtcpException {
        server.write(bytes("unread"));
        net.run(SECOND);
        client.option(SO_LINGER, 5);
        long before = net.clock.now();
        client.close();
        assertThat(net.clock.now()).isEqualTo(before);
        net.run(SECOND);
        fails(Errno.ECONNRESET, () -> read(server));
    }

    @Test
    void close_lingerInAHandler_doesNotWait() throws MtcpException {
        client.option(SO_LINGER, 5);
        client.write(bytes("abc"));
        var socket = client;
        net.client.execute(() -> {
            try {
                socket.close();
            } catch (MtcpException e) {
                throw new AssertionError(e);
            }
        });
        net.run(SECOND);
        assertThat(read(server)).isEqualTo("abc");
        assertThat(read(server)).isEqualTo("EOF");
    }
}
