package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.rstAck;
import static dev.jmtcp.core.tcp.Packet.segment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;

/** Connections on which nothing happens: keep-alive (RFC 9293 section 3.8.4) and the idle timeout. */
class KeepAliveTest extends SeveralIsns {

    private static final long HOUR = 3_600_000;

    /** 10 s without anything, then three probes, one a second. */
    private void keepAlive() {
        options(o -> {
            o.keepAlive = true;
            o.keepAliveIdle = 10_000 * MS;
            o.keepAliveInterval = 1_000 * MS;
            o.keepAliveProbes = 3;
        });
    }

    /** RFC 9293 section 3.8.4, MUST-25: off unless asked for. */
    @Test
    @Requirement("MUST-25")
    void default_isOff() {
        established();
        quiet(1000 * HOUR);
        inState(State.ESTABLISHED);
    }

    /** RFC 9293 section 3.8.4, MUST-28: two hours at least. */
    @Test
    @Requirement("MUST-24")
    @Requirement("MUST-28")
    @Requirement("MAY-5")
    void turnedOn_firstProbeAfterTwoHours() {
        established();
        options(o -> o.keepAlive = true);
        expectAfter(2 * HOUR, ack().seq(0));
        in(ack());
        expectAfter(2 * HOUR, ack().seq(0));
        in(ack());
        assertThat(count(Counter.TCP_KEEPALIVE_PROBES)).isEqualTo(2);
    }

    /** All connections of a stack may begin with it. */
    @Test
    void turnedOnInTheSettings_holdsForConnections() {
        settings.keepAlive(true).keepAliveIdle(5000 * MS);
        established();
        expectAfter(5000, ack().seq(0));
        in(ack());
    }

    /** RFC 9293 section 3.8.4, SHLD-12: no data, and a number that the peer must answer; MUST-29: one probe unanswered proves nothing. */
    @Test
    @Requirement("MUST-29")
    @Requirement("SHLD-12")
    void noAnswer_probesAndGivesUp() {
        established();
        keepAlive();
        expectAfter(10_000, ack().seq(0));
        expectAfter(1000, ack().seq(0));
        expectAfter(1000, ack().seq(0));
        inState(State.ESTABLISHED);
        expectAfter(1000, rstAck());
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.TIMED_OUT);
    }

    /** RFC 9293 section 3.9.1.1, MUST-21: a user timeout counts instead of the number of probes, as in Linux. */
    @Test
    void noAnswer_userTimeout_givesUpAfterIt() {
        established();
        keepAlive();
        options(o -> o.userTimeout = 15_500 * MS);
        for (int i = 0; i < 6; i++) {
            advance(i == 0 ? 10_001 : 1000);
            expect(ack().seq(0));
        }
        inState(State.ESTABLISHED);
        advance(1000);
        expect(rstAck());
        inState(State.CLOSED);
    }

    /** RFC 9293 section 3.8.4: the count begins anew with an answer, and the next probe comes after the whole idle time. */
    @Test
    @Requirement("MUST-29")
    void answer_beginsAnew() {
        established();
        keepAlive();
        expectAfter(10_000, ack().seq(0));
        expectAfter(1000, ack().seq(0));
        in(ack());
        expectAfter(10_000, ack().seq(0));
        expectAfter(1000, ack().seq(0));
        expectAfter(1000, ack().seq(0));
        in(ack());
        expectAfter(10_000, ack().seq(0));
        in(ack());
    }

    /** RFC 9293 section 3.8.4: the idle time counts from the answer, though probes without an answer be further apart. */
    @Test
    void answer_intervalLongerThanIdleTime_nextProbeAfterIdleTime() {
        established();
        keepAlive();
        options(o -> o.keepAliveInterval = 60_000 * MS);
        expectAfter(10_000, ack().seq(0));
        in(ack());
        expectAfter(10_000, ack().seq(0));
        in(ack());
    }

    /** RFC 9293 section 3.8.4, MUST-26: nothing received for the interval. */
    @Test
    @Requirement("MUST-26")
    void data_beginsAnew() {
        established();
        keepAlive();
        options(o -> o.quickAck = true);
        quiet(9000);
        in(data(10));
        expect(ack().ack(11));
        expectAfter(10_000, ack().seq(0).ack(11));
        in(ack().seq(11));
    }

    /** RFC 9293 section 3.8.4, MUST-26: nothing outstanding. */
    @Test
    @Requirement("MUST-26")
    void dataInFlight_isSentAgainInstead() {
        settings.minRto(4000 * MS).initialRto(4000 * MS);
        established();
        keepAlive();
        write(100);
        expect(data(100).push());
        expectAfter(4000, data(100).push());
        expectAfter(8000, data(100).push());
        assertThat(count(Counter.TCP_KEEPALIVE_PROBES)).isZero();
        in(ack().ack(101));
        expectAfter(10_000, ack().seq(100));
        in(ack().ack(101));
    }

    /** RFC 9293 section 3.8.4, MUST-24: switched off again. */
    @Test
    @Requirement("MUST-24")
    void turnedOff_stops() {
        established();
        keepAlive();
        expectAfter(10_000, ack().seq(0));
        options(o -> o.keepAlive = false);
        quiet(1000 * HOUR);
        inState(State.ESTABLISHED);
    }

    /** Switched on late: what has passed counts. */
    @Test
    void turnedOnLate_probesAtOnce() {
        established();
        quiet(20_000);
        keepAlive();
        expect(ack().seq(0));
        in(ack());
        expectAfter(10_000, ack().seq(0));
        in(ack());
    }

    /** RFC 9293 section 3.8.4: the peer has forgotten us: it resets. */
    @Test
    void peerHasGone_rstEnds() {
        established();
        keepAlive();
        expectAfter(10_000, ack().seq(0));
        in(rst());
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.RESET);
    }

    /** Half-closed connections have peers that may vanish too. */
    @Test
    void halfClosed_isProbedToo() {
        closeWait();
        keepAlive();
        expectAfter(10_000, ack().seq(0).ack(2));
        in(ack().seq(2));
        inState(State.CLOSE_WAIT);
    }

    @Test
    void finWait2_isProbedToo() {
        finWait2();
        keepAlive();
        expectAfter(10_000, ack().seq(1));
        in(ack().ack(2));
        inState(State.FIN_WAIT_2);
    }

    // ---- The peer's probes

    /** RFC 9293 section 3.8.4: answered at once, with and without a garbage octet. */
    @Test
    void peersProbes_areAnswered() {
        established();
        in(ack().seq(0));
        expect(ack());
        quiet(75_000);
        in(data(1).seq(0));
        expect(ack());
        in(data(100));
        expectAfter(40, ack().ack(101));
        in(data(1).seq(100));
        expect(ack().ack(101));
        assertThat(read(1000)).isEqualTo(100);
    }

    /** However long ago the last one was: a clock of 32 bits would have changed its sign. */
    @Test
    void peersProbeAfterMonths_isAnswered() {
        established();
        in(ack().seq(0));
        expect(ack());
        for (int i = 0; i < 5; i++) {
            quiet(30 * 24 * HOUR);
            in(ack().seq(0));
            expect(ack());
        }
    }

    /** Also while our window is closed. */
    @Test
    void peersProbesWithClosedWindow_areAnswered() {
        settings.receiveBuffer(1000);
        established();
        in(data(1000));
        expectAfter(40, ack().ack(1001).window(0));
        in(ack().seq(1000));
        expect(ack().ack(1001).window(0));
    }

    // ---- Idle timeout

    /** mTCP's tcp_timeout: nothing arrives or leaves. */
    @Test
    void idleTimeout_nothing_ends() {
        settings.idleTimeout(30_000 * MS);
        established();
        expectAfter(30_000, rstAck());
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.IDLE);
        assertThat(takeEvents() & (Events.CLOSED | Events.ERROR)).isEqualTo(Events.CLOSED | Events.ERROR);
    }

    @Test
    void idleTimeout_traffic_beginsAnew() {
        settings.idleTimeout(30_000 * MS);
        established();
        quiet(20_000);
        in(data(10));
        expectAfter(40, ack().ack(11));
        quiet(29_000);
        write(10);
        expect(data(10).ack(11).push());
        in(ack().seq(11).ack(11));
        expectAfter(30_000, rstAck().seq(11).ack(11));
        inState(State.CLOSED);
    }

    /** TIME-WAIT has its own time (RFC 9293 section 3.6.1). */
    @Test
    void idleTimeout_timeWait_waitsOn() {
        settings.idleTimeout(10_000 * MS);
        timeWait();
        quiet(59_000);
        inState(State.TIME_WAIT);
        expectGoneAfter(1000);
    }

    /** A half-closed connection that nobody uses goes too. */
    @Test
    void idleTimeout_finWait2_ends() {
        settings.idleTimeout(10_000 * MS);
        finWait2();
        expectAfter(10_000, rstAck().seq(2));
        inState(State.CLOSED);
    }

    /** A segment that is dropped is no sign of life (RFC 9293 section 3.8.4: received by TCP). */
    @Test
    void droppedSegments_areNoAnswer() {
        established();
        keepAlive();
        quiet(9000);
        in(segment(0)); // no ACK
        expectAfter(1000, ack().seq(0));
        in(ack());
    }
}
