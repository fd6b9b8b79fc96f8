package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.rstAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Closing in all orders: RFC 9293 sections 3.6, 3.10.4 and 3.10.5. */
class CloseTest extends SeveralIsns {

    // ---- In order

    /** RFC 9293 section 3.6, figure 12. */
    @Test
    @Requirement("MUST-13")
    @Requirement("RFC9293-3.10.7.4-fin")
    void established_weCloseFirst_endsInTimeWait() {
        established();
        shutdownOutput();
        expect(fin());
        inState(State.FIN_WAIT_1);
        in(ack().ack(2));
        inState(State.FIN_WAIT_2);
        assertThat(takeEvents()).isEqualTo(Events.ALL_SENT);
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
        assertThat(takeEvents()).isEqualTo(Events.PEER_CLOSED | Events.READABLE);
        assertThat(c.atEnd()).isTrue();
        quiet(59_999);
        inState(State.TIME_WAIT);
        advance(2);
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.NORMAL);
        assertThat(takeEvents() & (Events.CLOSED | Events.ERROR)).isEqualTo(Events.CLOSED);
        assertThat(count(Counter.TCP_CLOSED)).isEqualTo(1);
    }

    /** RFC 9293 section 3.6, figure 12, the other side. */
    @Test
    void established_peerClosesFirst_endsAtOnce() {
        established();
        in(fin());
        expect(ack().ack(2));
        inState(State.CLOSE_WAIT);
        assertThat(takeEvents()).isEqualTo(Events.PEER_CLOSED | Events.READABLE);
        shutdownOutput();
        expect(fin().ack(2));
        inState(State.LAST_ACK);
        in(ack().seq(2).ack(2));
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.NORMAL);
        assertThat(count(Counter.TCP_CLOSED)).isEqualTo(1);
        in(ack().seq(2).ack(2));
        expect(rst().seq(2));
    }

    /** RFC 9293 section 3.6, figure 13. */
    @Test
    @Requirement("MUST-13")
    void established_bothCloseAtOnce_endsInTimeWait() {
        established();
        shutdownOutput();
        expect(fin());
        in(fin());
        expect(ack().seq(2).ack(2));
        inState(State.CLOSING);
        in(ack().seq(2).ack(2));
        expectNothing();
        inState(State.TIME_WAIT);
        expectGoneAfter(60_000);
    }

    /** RFC 9293 section 3.10.4: the FIN goes behind what was handed over, with the last of it. */
    @Test
    void established_writeAndShutdown_sendsFinWithTheLastData() {
        established();
        tryWrite(2000);
        shutdownOutput();
        expect(data(1460), data(540).seq(1461).push().withFin());
        inState(State.FIN_WAIT_1);
        in(ack().ack(2001)); // all but the FIN
        inState(State.FIN_WAIT_1);
        in(ack().ack(2002));
        inState(State.FIN_WAIT_2);
    }

    /** RFC 9293 section 3.10.4: "queue this until all preceding SENDs have been segmentized". */
    @Test
    void established_shutdownWithMoreThanTheWindow_sendsFinInTheEnd() {
        established(plain().window(1460));
        peerWindow = 1460;
        in(ack()); // the window of the SYN is one thing, this one counts
        tryWrite(4000);
        shutdownOutput();
        inState(State.FIN_WAIT_1);
        expect(data(1460));
        in(ack().ack(1461));
        expect(data(1460).seq(1461));
        in(ack().ack(2921));
        expect(data(1080).seq(2921).push().withFin());
        in(ack().ack(4002));
        inState(State.FIN_WAIT_2);
    }

    /** RFC 9293 section 3.7.4: Nagle's algorithm does not hold the end back. */
    @Test
    void established_shutdownWithSmallDataInFlight_sendsFinAtOnce() {
        established();
        write(10);
        expect(data(10).push());
        write(10);
        expectNothing();
        shutdownOutput();
        expect(data(10).seq(11).push().withFin());
    }

    /** RFC 9293 section 3.8.6: the FIN takes a number, for which the window must have room. */
    @Test
    void established_windowFull_finWaitsForIt() {
        peerWindow = 1000;
        established(plain().window(1000));
        write(1000);
        expect(data(1000).push());
        shutdownOutput();
        expectNothing();
        inState(State.FIN_WAIT_1);
        in(ack().ack(1001).window(0));
        expectNothing();
        in(ack().ack(1001).window(1));
        expect(fin().seq(1001));
    }

    /** RFC 6298 section 5.4: a FIN is sent again like data. */
    @Test
    void finWait1_finLost_isSentAgain() {
        finWait1();
        expectAfter(200, fin());
        expectAfter(400, fin());
        in(ack().ack(2));
        inState(State.FIN_WAIT_2);
        quiet(10_000);
    }

    @Test
    void lastAck_finLost_isSentAgain() {
        lastAck();
        expectAfter(200, fin().ack(2));
        in(ack().seq(2).ack(2));
        inState(State.CLOSED);
    }

    @Test
    void closing_finLost_isSentAgain() {
        closing();
        expectAfter(200, fin().ack(2));
        in(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
    }

    /** RFC 9293 section 3.10.7.4: the peer's FIN comes again, since our ACK was lost. */
    @ParameterizedTest
    @EnumSource(names = {"CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"})
    void finReceived_finAgain_isAcknowledgedAgain(State state) {
        toState(state);
        int ack = state == State.CLOSE_WAIT || state == State.TIME_WAIT ? sndNxt(state) : 1;
        in(fin().ack(ack));
        expect(ack().seq(sndNxt(state)).ack(2));
        inState(state);
    }

    /** RFC 9293 section 3.6, case 1: "the user may continue to RECEIVE". */
    @Test
    void finWait2_data_isTaken() {
        finWait2();
        in(data(100).ack(2));
        assertThat(read(1000)).isEqualTo(100);
        expectAfter(40, ack().seq(2).ack(101));
        in(data(100).seq(101).ack(2).withFin());
        expect(ack().seq(2).ack(202));
        assertThat(read(1000)).isEqualTo(100);
        inState(State.TIME_WAIT);
    }

    /** RFC 9293 section 3.6, case 2: the peer has closed, we may still send. */
    @Test
    void closeWait_write_isSent() {
        closeWait();
        write(100);
        expect(data(100).ack(2).push());
        in(ack().seq(2).ack(101));
        tryWrite(50);
        shutdownOutput();
        expect(data(50).seq(101).ack(2).push().withFin());
        in(ack().seq(2).ack(152));
        inState(State.CLOSED);
    }

    /** RFC 9293 section 3.10.4: no second FIN; section 3.10.2: no more data. */
    @ParameterizedTest
    @EnumSource(names = {"FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK", "TIME_WAIT"})
    void closedByUs_closeAgainOrWrite_doesNothing(State state) {
        toState(state);
        shutdownOutput();
        assertThat(tryWrite(10)).isZero();
        assertThat(c.writable()).isZero();
        turn();
        expectNothing();
        inState(state);
    }

    // ---- Nobody reads any more

    /** RFC 9293 section 3.6.1, SHLD-3; RFC 2525 section 2.17. */
    @Test
    @Requirement("SHLD-3")
    void established_closeWithUnreadData_resets() {
        established();
        in(data(100));
        close();
        expect(rstAck().ack(101));
        inState(State.CLOSED);
        assertThat(tcp.connections()).isZero();
        assertThat(chunks.bytesInUse()).isZero();
    }

    /** RFC 9293 section 3.6.1, SHLD-3: also when our own side is closed already. */
    @ParameterizedTest
    @EnumSource(names = {"FIN_WAIT_1", "FIN_WAIT_2"})
    void finWait_closeWithUnreadData_resets(State state) {
        toState(state);
        in(data(100).ack(sndNxt(state)));
        network.sent.clear();
        close();
        expect(rstAck().seq(2).ack(101));
        assertThat(tcp.connections()).isZero();
    }

    /** RFC 9293 section 3.6.1, SHLD-3: also when the peer has closed. */
    @Test
    void closeWait_closeWithUnreadData_resets() {
        established();
        in(data(100).withFin());
        expect(ack().ack(102));
        close();
        expect(rstAck().ack(102));
        assertThat(tcp.connections()).isZero();
    }

    /** RFC 9293 section 3.6.1, SHLD-3: also when both have; what we sent would be lost, and nobody would be told otherwise. */
    @Test
    void lastAck_closeWithUnreadData_resets() {
        established();
        in(data(100).withFin());
        expect(ack().ack(102));
        shutdownOutput();
        expect(fin().ack(102));
        inState(State.LAST_ACK);
        close();
        expect(rstAck().seq(2).ack(102));
        assertThat(tcp.connections()).isZero();
    }

    /** RFC 9293 section 3.6.1, SHLD-3: "if new data is received after CLOSE is called". */
    @Test
    @Requirement("SHLD-3")
    @Requirement("MAY-1")
    void finWait_dataAfterClose_resets() {
        established();
        close();
        expect(fin());
        in(data(10).ack(2));
        expect(rstAck().seq(2));
        assertThat(tcp.connections()).isZero();
        assertThat(count(Counter.TCP_AFTER_CLOSE)).isEqualTo(1);
        in(data(10).seq(11).ack(2));
        expect(rst().seq(2));
    }

    /** Old data once more is no new data. */
    @Test
    void finWait_oldDataAfterClose_isAcknowledged() {
        established();
        in(data(100));
        read(100);
        close();
        expect(fin().ack(101));
        in(data(100));
        expect(ack().seq(2).ack(101));
        assertThat(tcp.connections()).isEqualTo(1);
    }

    /** Closing ends in order if there is nothing unread: RFC 9293 section 3.10.4. */
    @Test
    void established_close_endsInOrder() {
        established();
        write(100);
        expect(data(100).push());
        close();
        expect(fin().seq(101));
        in(ack().ack(102));
        in(fin().ack(102));
        expect(ack().seq(102).ack(2));
        assertThat(find().state()).isEqualTo(State.TIME_WAIT);
        quiet(59_000);
        quiet(2_000);
        assertThat(tcp.connections()).isZero();
    }

    /** A peer that never closes does not keep a connection that nobody has any more: a bounded wait, after CLOSE only. */
    @Test
    void finWait2_closedAndNoFin_endsAfterTheFinTimeout() {
        established();
        close();
        expect(fin());
        in(ack().ack(2));
        quiet(59_999);
        assertThat(tcp.connections()).isEqualTo(1);
        quiet(2);
        assertThat(tcp.connections()).isZero();
        in(fin().ack(2));
        expect(rst().seq(2));
    }

    /** RFC 9293 section 3.10.7.4: FIN-WAIT-2 has no end of its own. */
    @Test
    void finWait2_halfClosed_waitsForEver() {
        finWait2();
        quiet(10 * 3_600_000);
        inState(State.FIN_WAIT_2);
        tcp.close(c);
        quiet(59_000);
        quiet(2_000);
        assertThat(tcp.connections()).isZero();
    }

    /** The peer closes in time. */
    @Test
    void finWait2_closedAndFinInTime_waitsInTimeWait() {
        established();
        close();
        expect(fin());
        in(ack().ack(2));
        quiet(59_000);
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        quiet(59_900);
        assertThat(tcp.connections()).isEqualTo(1);
        quiet(200);
        assertThat(tcp.connections()).isZero();
    }

    // ---- Shutting the input

    @Test
    void established_shutdownInput_throwsDataAway() {
        established();
        in(data(100));
        tcp.shutdownInput(c);
        turn();
        assertThat(c.readable()).isZero();
        in(data(1460).seq(101), data(1460).seq(1561));
        expect(ack().ack(3021));
        assertThat(c.readable()).isZero();
        assertThat(chunks.bytesInUse()).isZero();
        in(data(10).seq(3031)); // out of order too
        expect(ack().ack(3021));
        in(data(10).seq(3021));
        expect(ack().ack(3041));
        assertThat(c.readable()).isZero();
        assertThat(chunks.bytesInUse()).isZero();
        in(fin().seq(3041));
        expect(ack().ack(3042));
        inState(State.CLOSE_WAIT);
    }

    /** However much comes, the window stays open. */
    @Test
    void established_shutdownInput_keepsTheWindowOpen() {
        settings.receiveBuffer(8192);
        established();
        tcp.shutdownInput(c);
        for (int i = 0; i < 20; i++) {
            in(data(1460).seq(1 + 2 * i * 1460), data(1460).seq(1 + (2 * i + 1) * 1460));
            Packet p = next();
            assertThat(p.ack).isEqualTo(1 + 2 * (i + 1) * 1460);
            assertThat(p.window).isGreaterThanOrEqualTo(8192 - 1460);
        }
    }

    // ---- Abort

    /** RFC 9293 section 3.10.5: SEQ = SND.NXT. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    void abort_resetsWhereThePeerDoesNotKnowOfAnEnd(State state) {
        toState(state);
        abort();
        switch (state) {
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT ->
                expect(rstAck().seq(sndNxt(state)).ack(rcvNxt(state)));
            default -> expectNothing();
        }
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.ABORTED);
        assertThat(takeEvents() & (Events.CLOSED | Events.ERROR)).isEqualTo(Events.CLOSED | Events.ERROR);
        assertThat(tcp.connections()).isZero();
    }

    /** RFC 9293 section 3.10.5: all queues are flushed. */
    @Test
    void abort_withDataInFlight_throwsItAway() {
        established();
        write(100_000);
        for (int i = 0; i < 10; i++) {
            expect(data(1460).seq(1 + 1460 * i));
        }
        abort();
        expect(rstAck().seq(14_601));
        assertThat(chunks.bytesInUse()).isZero();
        quiet(10_000);
    }

    /** RFC 9293 section 3.10.7.4, second: "all segment queues should be flushed", but what has been received can be read. */
    @Test
    void rst_withUnreadData_leavesItReadable() {
        established();
        write(10);
        expect(data(10).push());
        in(data(100), data(50).seq(201));
        expect(ack().seq(11).ack(101));
        in(rst().seq(101));
        inState(State.CLOSED);
        assertThat(read(1000)).isEqualTo(100);
        assertThat(c.atEnd()).isTrue();
        assertThat(chunks.bytesInUse()).isZero();
    }

    /** The stack goes down: every peer is told. */
    @Test
    void shutDown_connections_areReset() {
        established();
        tcp.shutDown();
        turn();
        expect(rstAck());
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.SHUT_DOWN);
    }
}
