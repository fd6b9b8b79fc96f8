package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Address;
import org.junit.jupiter.api.Test;

/** Limits: the queues of a listener (RFC 4987 section 3), and the number of connections. */
class BacklogTest extends TcpFixture {

    /** Turns to another peer, each with an initial sequence number of its own. */
    private void peer(int number) {
        remoteLow = Address.ofIpv4(0x0a000100 + number);
        irs = 1_000_000 * number;
    }

    /** The handshake of a peer; its connection is left to be accepted. */
    private void handshake(int number) {
        peer(number);
        in(plain());
        expect(ourSynAck(plain()));
        in(ack());
        expectNothing();
    }

    /** A SYN for a full accept queue comes to nothing: the peer tries again. */
    @Test
    void acceptQueueFull_syn_isDropped() {
        listen(2);
        handshake(1);
        handshake(2);
        peer(3);
        in(plain());
        expectNothing();
        assertThat(find()).isNull();
        assertThat(count(Counter.TCP_BACKLOG_FULL)).isEqualTo(1);
        tcp.accept(listener).detach();
        in(plain());
        expect(ourSynAck(plain()));
    }

    /** A handshake that ends while the queue is full waits: as if its ACK had been lost. */
    @Test
    void acceptQueueFull_ack_isIgnoredUntilThereIsRoom() {
        listen(2);
        peer(3);
        in(plain());
        expect(ourSynAck(plain()));
        handshake(1);
        handshake(2);
        peer(3);
        iss = find().iss();
        in(ack());
        expectNothing();
        assertThat(find().state()).isEqualTo(State.SYN_RECEIVED);
        assertThat(count(Counter.TCP_ACCEPT_OVERFLOW)).isEqualTo(1);
        in(data(100).push());
        expectNothing(); // neither established nor acknowledged
        assertThat(find().state()).isEqualTo(State.SYN_RECEIVED);
        tcp.accept(listener).detach();
        tcp.accept(listener).detach();
        expectAfter(1000, ourSynAck(plain()));
        in(data(100).push());
        accept();
        inState(State.ESTABLISHED);
        assertThat(read(1000)).isEqualTo(100);
        expectAfter(40, ack().ack(101));
    }

    /** It is not waited for for ever. */
    @Test
    void acceptQueueFull_neverRoom_isGivenUp() {
        settings.synAckRetries(2);
        listen(2);
        peer(3);
        in(plain());
        expect(ourSynAck(plain()));
        handshake(1);
        handshake(2);
        peer(3);
        iss = find().iss();
        in(ack());
        expectAfter(1000, ourSynAck(plain()));
        in(ack());
        expectAfter(2000, ourSynAck(plain()));
        in(ack());
        quiet(4001);
        assertThat(find()).isNull();
        in(data(1));
        expect(rst());
    }

    /** RFC 4987 section 3.3: the oldest half-open connection makes room. */
    @Test
    void synQueueFull_oldestMakesRoom() {
        settings.synCookies(TcpSettings.SynCookies.OFF);
        listen(3);
        for (int i = 1; i <= 3; i++) {
            peer(i);
            in(plain());
            expect(ourSynAck(plain()));
        }
        peer(4);
        in(plain());
        expect(ourSynAck(plain()));
        assertThat(tcp.connections()).isEqualTo(3);
        peer(1);
        assertThat(find()).isNull();
        peer(2);
        assertThat(find()).isNotNull();
        peer(4);
        assertThat(find()).isNotNull();
    }

    /** A connection that was accepted is not in the queue any more. */
    @Test
    void accepted_makesRoom() {
        listen(1);
        for (int i = 1; i <= 20; i++) {
            handshake(i);
            tcp.accept(listener).detach();
        }
        assertThat(tcp.connections()).isEqualTo(20);
    }

    /** Those that wait are handed out in the order in which they were established. */
    @Test
    void accept_isInOrder() {
        listen(5);
        for (int i = 1; i <= 5; i++) {
            handshake(i);
        }
        for (int i = 1; i <= 5; i++) {
            peer(i);
            Connection next = tcp.accept(listener);
            assertThat(next.remoteLow()).isEqualTo(remoteLow);
            next.detach();
        }
    }

    /** The stack's own limit. */
    @Test
    void allConnectionsTaken_syn_isDropped() {
        settings.maxConnections(2);
        listen(16);
        handshake(1);
        handshake(2);
        peer(3);
        in(plain());
        expectNothing();
        assertThat(count(Counter.TCP_BACKLOG_FULL)).isEqualTo(1);
        tcp.abort(tcp.accept(listener));
        peer(1);
        network.sent.clear();
        peer(3);
        in(plain());
        expect(ourSynAck(plain()));
    }

    /** A connection that ended while it waited is not handed out, and makes room. */
    @Test
    void resetWhileWaiting_makesRoom() {
        listen(1);
        handshake(1);
        in(rst());
        assertThat(listener.pending()).isZero();
        handshake(2);
        accept();
        assertThat(c.remoteLow()).isEqualTo(remoteLow);
    }

    /** One that the peer has closed while it waited is handed out, with what it sent. */
    @Test
    void closedByPeerWhileWaiting_isHandedOut() {
        listen(1);
        handshake(1);
        in(data(10).withFin());
        expect(ack().ack(12));
        accept();
        inState(State.CLOSE_WAIT);
        assertThat(read(100)).isEqualTo(10);
        assertThat(c.atEnd()).isTrue();
        close();
        expect(fin().ack(12));
        in(ack().seq(12).ack(2));
    }

    /** The listener is told once for many connections. */
    @Test
    void listener_isTold() {
        listen(5);
        handshake(1);
        handshake(2);
        assertThat(tcp.pollListener()).isSameAs(listener);
        assertThat(tcp.pollListener()).isNull();
        handshake(3);
        assertThat(tcp.pollListener()).isSameAs(listener);
        assertThat(listener.pending()).isEqualTo(3);
    }
}
