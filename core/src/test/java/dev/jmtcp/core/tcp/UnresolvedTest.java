package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rstAck;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.Test;

/** The neighbour's hardware address is not known: connections wait for it, go on, or fail. */
class UnresolvedTest extends TcpFixture {

    private void unknown() {
        network.unresolved = true;
    }

    private void found() {
        expectNothing();
        network.resolve();
        tcp.pathReady(network.path, now);
        turn();
    }

    private void failed() {
        expectNothing();
        tcp.pathFailed(network.path, now);
        turn();
    }

    @Test
    void syn_waitsForTheNeighbour() {
        start();
        unknown();
        connect();
        expectNothing();
        assertThat(tcp.hasReady()).isFalse();
        quiet(700);
        found();
        expect(ourSyn());
        expectAfter(1000, ourSyn());
        in(synAck());
        expect(ack());
    }

    /** RFC 1122 section 2.4: the link layer says that it cannot be delivered: no host. */
    @Test
    void syn_neighbourDoesNotAnswer_fails() {
        start();
        unknown();
        connect();
        failed();
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.HOST_UNREACHABLE);
        assertThat(takeEvents() & Events.ERROR).isNotZero();
        assertThat(count(Counter.TCP_CONNECT_FAILED)).isEqualTo(1);
    }

    /** Closed before the neighbour was found: nothing leaves any more. */
    @Test
    void syn_closedWhileWaiting_isNotSent() {
        start();
        unknown();
        connect();
        close();
        assertThat(tcp.connections()).isZero();
        found();
        expectNothing();
    }

    @Test
    void syn_closedWhileWaitingAndNeighbourFails_isForgotten() {
        start();
        unknown();
        connect();
        close();
        failed();
        expectNothing();
        assertThat(tcp.connections()).isZero();
    }

    /** The same record must not be in two lists: a new connection while the old one still stands in the list. */
    @Test
    void syn_closedWhileWaitingAndOpenedAgain_isSentOnce() {
        start();
        unknown();
        connect();
        close();
        connect();
        found();
        expect(ourSyn());
        quiet(900);
    }

    @Test
    void synAck_waitsForTheNeighbour() {
        listen();
        unknown();
        in(plain());
        quiet(700);
        found();
        expect(ourSynAck(plain()));
        in(ack());
        accept();
    }

    /** The neighbour is asked again: the SYN-ACK is due in any case. */
    @Test
    void synAck_neighbourFailsAndIsFoundLater_isSentThen() {
        listen();
        unknown();
        in(plain());
        failed();
        assertThat(find().state()).isEqualTo(State.SYN_RECEIVED);
        advance(2000); // it tries again
        network.unresolved = false;
        tcp.pathReady(network.path, now);
        turn();
        expect(ourSynAck(plain()));
        in(ack());
        accept();
        inState(State.ESTABLISHED);
    }

    /** But not without end. */
    @Test
    void synAck_neighbourFailsForGood_isGivenUp() {
        listen();
        unknown();
        in(plain());
        for (int i = 0; i < 100; i++) {
            failed();
            advance(10_000);
        }
        assertThat(tcp.connections()).isZero();
        expectNothing();
    }

    @Test
    void data_waitsForTheNeighbour() {
        established();
        unknown();
        write(3000);
        quiet(50);
        found();
        expect(data(1460), data(1460).seq(1461));
        in(ack().ack(2921));
        expect(data(80).seq(2921).push());
    }

    /** RFC 9293 section 3.9.2.2: no reason to end; it is tried again, and what has left is sent again. */
    @Test
    void data_neighbourFailsAndIsFoundLater_isSentThen() {
        established();
        unknown();
        write(100);
        failed();
        inState(State.ESTABLISHED);
        assertThat(c.takeSoftError()).isEqualTo(CloseReason.HOST_UNREACHABLE);
        advance(150);
        failed();
        advance(10_000);
        expectNothing();
        found();
        expect(data(100).push());
        in(ack().ack(101));
        quiet(10_000);
    }

    @Test
    void retransmission_neighbourIsFoundLater_isSentThen() {
        established();
        write(100);
        expect(data(100).push());
        unknown();
        advance(201);
        found();
        expect(data(100).push());
        in(ack().ack(101));
        quiet(10_000);
    }

    /** Nothing is left in either direction, and the peer is not asked what needs no answer. */
    @Test
    void ackOnly_neighbourFails_isNotFollowedByProbes() {
        established();
        unknown();
        in(data(1460), data(1460).seq(1461));
        failed();
        network.unresolved = false;
        expectAfter(40, ack().ack(2921)); // the delay of the first segment's ACK
        quiet(1_000_000);
    }

    /** The ACK of the handshake. */
    @Test
    void ackOfTheHandshake_waitsForTheNeighbour() {
        synSent();
        unknown();
        in(synAck());
        inState(State.ESTABLISHED);
        found();
        expect(ack());
    }

    @Test
    void fin_waitsForTheNeighbour() {
        established();
        unknown();
        close();
        quiet(10);
        found();
        expect(fin());
    }

    /** Several wait for the same neighbour: all go on. */
    @Test
    void manyConnections_allGoOn() {
        listen();
        unknown();
        for (int i = 0; i < 10; i++) {
            in(plain().ports(REMOTE_PORT + i, LOCAL_PORT));
        }
        network.unresolved = false;
        tcp.pathReady(network.path, now);
        turn();
        assertThat(network.sent).hasSize(10);
        network.sent.clear();
    }

    /** The peer is told of an abort as soon as it can be reached. */
    @Test
    void abort_whileWaiting_isToldLater() {
        established();
        unknown();
        write(100);
        abort();
        inState(State.CLOSED);
        expectNothing();
        found();
        expect(rstAck());
    }

    /** Everything stops at once. */
    @Test
    void shutDown_whileWaiting_isToldLater() {
        established();
        unknown();
        write(100);
        tcp.shutDown();
        inState(State.CLOSED);
        found();
        expect(rstAck());
    }

    /** Nobody listens: who asks is told as soon as its address is known, not only when it asks again a second later. */
    @Test
    void closed_syn_isRefusedWhenTheNeighbourIsFound() {
        start();
        unknown();
        in(Packet.syn());
        quiet(3);
        found();
        expect(rstAck().seq(-iss).ack(1));
    }

    /** With the ring full at the same time. */
    @Test
    void found_butRingFull_goesOnWhenThereIsRoom() {
        established();
        unknown();
        write(100);
        network.room = 0;
        found();
        expectNothing();
        network.room = FakeNetwork.UNLIMITED;
        turn();
        expect(data(100).push());
        abort();
        expect(rstAck().seq(101));
    }
}
