package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.rstAck;
import static dev.jmtcp.core.tcp.Packet.syn;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.Test;

/** No room in the transmit ring: what belongs to a connection leaves later, and nothing is done twice or forgotten. */
class FullRingTest extends TcpFixture {

    private void full() {
        network.room = 0;
    }

    /** There is room again, in the next turn. */
    private void room() {
        expectNothing();
        network.room = FakeNetwork.UNLIMITED;
        turn();
        assertThat(tcp.hasReady()).as("something is still to be sent").isFalse();
    }

    @Test
    void syn_leavesLater() {
        start();
        full();
        connect();
        assertThat(tcp.hasReady()).isTrue();
        advance(5000);
        room();
        expect(ourSyn());
        expectAfter(1000, ourSyn()); // the timer began when it left
    }

    @Test
    void synAck_leavesLater() {
        listen();
        full();
        in(plain());
        room();
        expect(ourSynAck(plain()));
        in(ack());
        accept();
        inState(State.ESTABLISHED);
    }

    @Test
    void ackOfTheHandshake_leavesLater() {
        synSent();
        full();
        in(synAck().mss(1460));
        inState(State.ESTABLISHED);
        room();
        expect(ack());
    }

    /** The SYN was to be sent again, and there was no room; meanwhile its answer comes. */
    @Test
    void synToBeSentAgain_answerComes_isNotSentAgain() {
        synSent();
        full();
        advance(1001);
        in(synAck().mss(1460));
        room();
        expect(ack());
        quiet(10_000);
    }

    @Test
    void synAckToBeSentAgain_answerComes_isNotSentAgain() {
        synReceived();
        full();
        advance(1001);
        in(ack());
        room();
        expectNothing();
        accept();
        quiet(10_000);
    }

    @Test
    void data_leavesLater() {
        established();
        full();
        write(3000);
        room();
        expect(data(1460), data(1460).seq(1461));
        in(ack().ack(2921));
        expect(data(80).seq(2921).push());
    }

    @Test
    void data_leavesAsFarAsThereIsRoom() {
        established();
        network.room = 3;
        write(14_600);
        expect(data(1460), data(1460).seq(1461), data(1460).seq(2921));
        expectNothing();
        network.room = 2;
        turn();
        expect(data(1460).seq(4381), data(1460).seq(5841));
        room();
        expect(
                data(1460).seq(7301),
                data(1460).seq(8761),
                data(1460).seq(10_221),
                data(1460).seq(11_681));
        expect(data(1460).seq(13_141).push());
        in(ack().ack(14_601));
        quiet(10_000);
    }

    /** The timer of what has left runs. */
    @Test
    void data_halfOfItLeft_isSentAgainInTime() {
        established();
        network.room = 1;
        write(2920);
        expect(data(1460));
        advance(201);
        expectNothing();
        room();
        expect(data(1460)); // again; the other one has to wait for the window of one segment
        in(ack().ack(1461));
        expect(data(1460).seq(1461).push());
    }

    @Test
    void fin_leavesLater() {
        established();
        full();
        shutdownOutput();
        inState(State.FIN_WAIT_1);
        room();
        expect(fin());
        expectAfter(200, fin());
    }

    @Test
    void dataWithFin_leavesLater() {
        established();
        full();
        tryWrite(100);
        shutdownOutput();
        room();
        expect(data(100).push().withFin());
        in(ack().ack(102));
        inState(State.FIN_WAIT_2);
    }

    @Test
    void retransmission_leavesLater() {
        established();
        write(100);
        expect(data(100).push());
        full();
        advance(201);
        room();
        expect(data(100).push());
        in(ack().ack(101));
        quiet(10_000);
    }

    @Test
    void fastRetransmission_leavesLater() {
        established();
        write(14_600);
        network.sent.clear();
        full();
        in(ack(), ack(), ack());
        room();
        expect(data(1460));
    }

    @Test
    void delayedAck_leavesLater() {
        established();
        in(data(10));
        full();
        advance(41);
        room();
        expect(ack().ack(11));
    }

    @Test
    void ackOfDataOutOfOrder_leavesLater() {
        established(plain().sackOk());
        full();
        in(data(10).seq(11));
        room();
        expect(ack().sack(11, 21));
    }

    @Test
    void ackOfADuplicate_leavesLaterWithItsReport() {
        established(plain().sackOk());
        in(data(10));
        expectAfter(40, ack().ack(11));
        full();
        in(data(10));
        room();
        expect(ack().ack(11).sack(1, 11));
    }

    @Test
    void challenge_leavesLater() {
        established();
        full();
        in(syn().seq(5));
        room();
        expect(ack());
    }

    @Test
    void ackOfAFin_leavesLater() {
        established();
        full();
        in(fin());
        inState(State.CLOSE_WAIT);
        room();
        expect(ack().ack(2));
    }

    @Test
    void windowUpdate_leavesLater() {
        settings.receiveBuffer(1460);
        established();
        in(data(1460));
        expectAfter(40, ack().ack(1461).window(0));
        full();
        read(1460);
        room();
        expect(ack().ack(1461).window(1460));
    }

    @Test
    void windowProbe_leavesLater() {
        peerWindow = 0;
        established(plain().window(0));
        write(10);
        full();
        advance(201);
        room();
        expect(ack().seq(0));
    }

    @Test
    void keepAliveProbe_leavesLater() {
        established();
        options(o -> {
            o.keepAlive = true;
            o.keepAliveIdle = 1000 * MS;
        });
        full();
        advance(1001);
        room();
        expect(ack().seq(0));
        in(ack());
        tcp.abort(c);
        turn();
        expect(rstAck());
    }

    /** What the override lets through of a small window. */
    @Test
    void dataOfTheOverride_leavesLater() {
        established();
        in(ack().window(400));
        write(1000);
        full();
        advance(201);
        room();
        expect(data(400));
    }

    @Test
    void resetOfNoConnection_leavesLater() {
        start();
        full();
        in(ack().ack(7));
        assertThat(tcp.hasReady()).isTrue();
        room();
        expect(rst().seq(7));
        assertThat(count(Counter.TX_RING_FULL)).isZero();
    }

    /** The connection is gone, its RST is not. */
    @Test
    void resetOfAnAbort_leavesLater() {
        established();
        full();
        abort();
        inState(State.CLOSED);
        room();
        expect(rstAck());
        in(data(10));
        expect(rst());
    }

    /** In the order in which they were due, before anything else. */
    @Test
    void resetsAndData_leaveLaterInOrder() {
        established();
        full();
        in(
                ack().ports(REMOTE_PORT, LOCAL_PORT + 1).ack(7),
                ack().ports(REMOTE_PORT, LOCAL_PORT + 1).ack(8));
        tryWrite(10);
        turn();
        network.room = 1;
        turn();
        assertThat(decoded().seq - iss).isEqualTo(7);
        expectNothing();
        network.room = 2;
        turn();
        assertThat(decoded().seq - iss).isEqualTo(8);
        expect(data(10).push());
    }

    private Packet decoded() {
        return Packet.decode(network.sent.remove().bytes());
    }

    /** So many wait at most; the rest is dropped, and counted: the peers ask again. */
    @Test
    void resetsWithoutEnd_areBounded() {
        start();
        full();
        for (int i = 0; i < 1000; i++) {
            in(ack().ack(i));
        }
        assertThat(count(Counter.TX_RING_FULL)).isEqualTo(1000 - Replies.MOST_WAITING);
        room();
        for (int i = 0; i < Replies.MOST_WAITING; i++) {
            expect(rst().seq(i));
        }
    }

    /** The connection ends while it waits for room. */
    @Test
    void endsWhileWaiting_nothingLeaves() {
        established();
        full();
        write(100);
        in(rst());
        inState(State.CLOSED);
        network.room = FakeNetwork.UNLIMITED;
        turn();
        expectNothing();
    }
}
