package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;

/** What the peer's window lets through: RFC 9293 sections 3.8.6, 3.8.6.1 and 3.8.6.2.1. */
class SendWindowTest extends SeveralIsns {

    private void established(int window) {
        peerWindow = window;
        established(plain().window(window));
    }

    // ---- The window

    /** RFC 9293 section 3.8.6: nothing beyond SND.UNA + SND.WND. */
    @Test
    void established_writeMoreThanTheWindow_sendsTheWindow() {
        established(4380);
        write(10_000);
        expect(data(1460), data(1460).seq(1461), data(1460).seq(2921));
        expectNothing();
        in(ack().ack(1461));
        expect(data(1460).seq(4381));
        in(ack().ack(4381));
        expect(data(1460).seq(5841), data(1460).seq(7301));
        in(ack().ack(8761));
        expect(data(1240).seq(8761).push());
    }

    /** RFC 9293 section 3.10.7.4, fifth: a window that opens lets data go at once. */
    @Test
    void windowFull_windowUpdate_sendsMore() {
        established(1460);
        write(2920);
        expect(data(1460));
        in(ack().window(2920));
        expect(data(1460).seq(1461).push());
        assertThat(count(Counter.TCP_DUPLICATE_ACKS_IN)).isZero();
    }

    /** RFC 9293 section 3.10.7.4, fifth: SND.WL1 and SND.WL2 keep old segments from setting the window. */
    @Test
    void established_oldSegments_doNotSetTheWindow() {
        established(1460);
        write(1460);
        expect(data(1460).push());
        in(ack().ack(1461).seq(1).window(5000));
        in(data(10).seq(1).ack(1461).window(6000));
        assertThat(c.info().sendWindow()).isEqualTo(6000);
        in(data(10).seq(21).ack(1461).window(7000)); // out of order, but newer
        expect(ack().seq(1461).ack(11));
        assertThat(c.info().sendWindow()).isEqualTo(7000);
        in(data(10).seq(11).ack(1461).window(100)); // older than the one before
        expect(ack().seq(1461).ack(31));
        assertThat(c.info().sendWindow()).isEqualTo(7000);
        in(ack().seq(31).ack(1).window(200)); // older by its ACK
        assertThat(c.info().sendWindow()).isEqualTo(7000);
        in(ack().seq(31).ack(1461).window(300));
        assertThat(c.info().sendWindow()).isEqualTo(300);
    }

    /**
     * RFC 9293 section 3.8.6: the right edge is what a segment says. One that the peer sends again has an older sequence number, but by its ACK it is
     * the newest; with the window from before, SND.UNA would carry the edge beyond all that was offered.
     */
    @Test
    void inFlight_retransmissionAcknowledges_setsTheWindow() {
        established(4380);
        write(10_000);
        expect(data(1460), data(1460).seq(1461), data(1460).seq(2921));
        in(data(100).seq(101).window(4380)); // what was before it is lost
        expect(ack().seq(4381).ack(1));
        in(data(100).seq(1).ack(1461).window(2920)); // the edge stays where it was
        assertThat(c.info().sendWindow()).isEqualTo(2920);
        expect(ack().seq(4381).ack(201));
        in(ack().seq(201).ack(1461).window(4380));
        expect(data(1460).seq(4381).ack(201));
    }

    /** RFC 9293 section 3.8.6, MUST-1: the window field is unsigned. */
    @Test
    @Requirement("MUST-1")
    void established_windowOf65535_isNotNegative() {
        established(0xffff);
        assertThat(c.info().sendWindow()).isEqualTo(65_535);
    }

    // ---- The window shrinks

    /** RFC 9293 section 3.8.6, MUST-34 and SHLD-15: the usable window is negative; no new data. */
    @Test
    @Requirement("MUST-34")
    @Requirement("SHLD-15")
    void inFlight_windowShrinks_sendsNothingNew() {
        established(5840);
        write(10_000);
        expect(
                data(1460),
                data(1460).seq(1461),
                data(1460).seq(2921),
                data(1460).seq(4381));
        in(ack().ack(1461).window(1460));
        expectNothing();
        in(ack().ack(4381).window(1460)); // one in flight, which fills it
        expectNothing();
        in(ack().ack(5841).window(1460));
        expect(data(1460).seq(5841));
    }

    /** RFC 9293 section 3.8.6, SHLD-16: what lies in the window is sent again. */
    @Test
    @Requirement("SHLD-16")
    void inFlight_windowShrinksAndTimeout_sendsAgainWhatIsInTheWindow() {
        established(5840);
        write(5840);
        expect(
                data(1460),
                data(1460).seq(1461),
                data(1460).seq(2921),
                data(1460).seq(4381).push());
        in(ack().window(2920));
        expectAfter(200, data(1460));
        in(ack().ack(1461).window(1460));
        expect(data(1460).seq(1461));
        in(ack().ack(2921).window(2920));
        expect(data(1460).seq(2921), data(1460).seq(4381).push());
        in(ack().ack(5841));
        quiet(10_000);
    }

    /** RFC 9293 section 3.8.6, MUST-35 and SHLD-17: shrunk to nothing: probed by what is in flight, for as long as the peer answers. */
    @Test
    @Requirement("MUST-35")
    @Requirement("SHLD-17")
    @Requirement("MAY-7")
    void inFlight_windowShrinksToZero_isProbedWithoutEnd() {
        established(2920);
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        in(ack().window(0));
        long wait = 200;
        for (int i = 0; i < 40; i++) {
            expectAfter(wait, data(1460));
            in(ack().window(0));
            expectNothing();
            wait = Math.min(2 * wait, 120_000);
        }
        inState(State.ESTABLISHED);
        in(ack().ack(2921).window(2920));
        write(10);
        expect(data(10).seq(2921).push());
    }

    /** RFC 9293 section 3.8.3: but a peer that does not answer is gone. */
    @Test
    void inFlight_windowShrinksToZeroAndPeerIsSilent_givesUp() {
        settings.retries(3);
        established(2920);
        write(1460);
        expect(data(1460).push());
        in(ack().window(0));
        expectAfter(200, data(1460).push());
        expectAfter(400, data(1460).push());
        advance(60_000);
        network.sent.clear();
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.TIMED_OUT);
    }

    // ---- The window is closed

    /** RFC 9293 section 3.8.6.1, SHLD-29: first after one RTO; SHLD-30: then ever more seldom; MUST-36. */
    @Test
    @Requirement("MUST-36")
    @Requirement("SHLD-29")
    @Requirement("SHLD-30")
    void closedWindow_dataWaits_isProbed() {
        established(0);
        write(1000);
        expectNothing();
        long wait = 200;
        for (int i = 0; i < 12; i++) {
            expectAfter(wait, ack().seq(0));
            in(ack().window(0));
            expectNothing();
            wait = Math.min(2 * wait, 120_000);
        }
        assertThat(count(Counter.TCP_ZERO_WINDOW_PROBES)).isEqualTo(12);
        in(ack().window(1000));
        expect(data(1000).push());
        // Probes that were answered are no timeouts: the next one is that of data (RFC 6298 section 5).
        expectAfter(200, data(1000).push());
    }

    /** RFC 9293 section 3.8.6.1, MUST-37: for as long as the probes are answered. */
    @Test
    @Requirement("MUST-37")
    void closedWindow_probesAnswered_staysOpenForDays() {
        established(0);
        write(1000);
        for (long passed = 0; passed < 3 * 86_400_000L; passed += 100_000) {
            advance(100_000);
            while (!network.sent.isEmpty()) {
                assertThat(next().length).isZero();
            }
            in(ack().window(0));
        }
        inState(State.ESTABLISHED);
        in(ack().window(1000));
        expect(data(1000).push());
    }

    /** RFC 9293 section 3.8.6.1, MUST-37: also when the answers come at once, before a clock has moved. */
    @Test
    @Requirement("MUST-37")
    void closedWindow_probesAnsweredAtOnce_staysOpen() {
        settings.retries(3);
        established(0);
        write(1000);
        long wait = 200;
        for (int i = 0; i < 20; i++) {
            expectAfter(wait, ack().seq(0));
            in(ack().window(0));
            wait = Math.min(2 * wait, 120_000);
        }
        inState(State.ESTABLISHED);
    }

    /** RFC 9293 section 3.8.3: not answered at all, they end the connection. */
    @Test
    void closedWindow_probesNotAnswered_givesUp() {
        settings.retries(4);
        established(0);
        quiet(1000);
        write(1000);
        long wait = 200;
        for (int i = 0; i < 4; i++) {
            expectAfter(wait, ack().seq(0));
            wait *= 2;
        }
        advance(wait + 1);
        expect(Packet.rstAck());
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.TIMED_OUT);
    }

    /** A FIN needs room in the window as data does. */
    @Test
    void closedWindow_finWaits_isProbed() {
        established(0);
        shutdownOutput();
        expectNothing();
        expectAfter(200, ack().seq(0));
        in(ack().window(1));
        expect(fin());
    }

    /** Nothing waits: nothing is asked. */
    @Test
    void closedWindow_nothingToSend_isNotProbed() {
        established(1000);
        write(1000);
        expect(data(1000).push());
        in(ack().ack(1001).window(0));
        quiet(1_000_000);
    }

    /** RFC 9293 section 3.8.6.1: the window closes with data behind it. */
    @Test
    void windowCloses_dataWaits_isProbedFromThen() {
        established(1460);
        write(2920);
        expect(data(1460));
        advance(100);
        in(ack().ack(1461).window(0));
        expectAfter(c.info().rto() / MS, ack().seq(1460));
        in(ack().ack(1461).window(1460));
        expect(data(1460).seq(1461).push());
    }

    /** The peer answers a probe with room for some of it. */
    @Test
    void closedWindow_opensALittle_sendsItAfterTheOverride() {
        established(4000);
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        in(ack().ack(2921).window(0));
        write(3000);
        expectAfter(200, ack().seq(2920));
        in(ack().ack(2921).window(100)); // neither a segment nor half of the largest window
        expectNothing();
        advance(401);
        expect(data(100).seq(2921));
    }

    // ---- Silly windows

    /** RFC 9293 section 3.8.6.2.1, (3): at least half of the largest window seen. */
    @Test
    @Requirement("MUST-38")
    void smallWindow_atLeastHalfOfTheLargest_isUsed() {
        established(1000);
        write(5000);
        expect(data(1000));
        in(ack().ack(1001).window(500));
        expect(data(500).seq(1001));
        in(ack().ack(1501).window(499));
        expectNothing();
        in(ack().ack(1501).window(500));
        expect(data(500).seq(1501));
    }

    /** RFC 9293 section 3.8.6.2.1, (1): a full segment is never silly; the rest of the window waits. */
    @Test
    @Requirement("MUST-38")
    void window_notAMultipleOfTheSegment_leavesTheRest() {
        established(2000);
        write(5000);
        expect(data(1460));
        expectNothing();
        in(ack().ack(1461));
        expect(data(1460).seq(1461));
    }

    /** RFC 9293 section 3.8.6.2.1, (4): the override timeout, of 0.1 to 1 s. */
    @Test
    @Requirement("MUST-38")
    void sillyWindow_nothingInFlight_isUsedAfterTheOverride() {
        established(10_000);
        in(ack().window(400));
        write(1000);
        expectNothing();
        expectAfter(200, data(400));
        in(ack().ack(401).window(10_000));
        expect(data(600).seq(401).push());
    }
}
