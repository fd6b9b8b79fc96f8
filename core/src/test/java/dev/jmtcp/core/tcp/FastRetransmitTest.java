package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Losses found by duplicate ACKs, without SACK: RFC 5681 section 3.2, RFC 6582, RFC 3042. Segments are counted from 1. */
class FastRetransmitTest extends SeveralIsns {

    @BeforeEach
    void standardCongestionControl() {
        settings.congestionControl("newreno");
    }

    /** The sequence number of the first byte of a segment. */
    private static int at(int segment) {
        return 1 + (segment - 1) * 1460;
    }

    private static Packet full(int segment) {
        return data(1460).seq(at(segment));
    }

    /** Ten segments in flight, the whole initial window, and so many more waiting. */
    private void tenInFlight(int more) {
        established();
        write((10 + more) * 1460);
        for (int i = 1; i < 10; i++) {
            expect(full(i));
        }
        expect(more == 0 ? full(10).push() : full(10));
    }

    // ---- RFC 5681 section 3.2

    /** Step 2: the third duplicate ACK. */
    @Test
    void threeDuplicateAcks_sendTheFirstSegmentAgain() {
        tenInFlight(0);
        in(ack());
        in(ack());
        expectNothing();
        in(ack());
        expect(full(1));
        assertThat(c.info().recovery()).isEqualTo("FAST");
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
        assertThat(count(Counter.TCP_DUPLICATE_ACKS_IN)).isEqualTo(3);
        in(ack());
        in(ack());
        expectNothing(); // once
        in(ack().ack(at(11)));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        quiet(10_000);
    }

    /** All three in one turn. */
    @Test
    void threeDuplicateAcksAtOnce_sendTheFirstSegmentAgain() {
        tenInFlight(0);
        in(ack(), ack(), ack());
        expect(full(1));
    }

    /** A little reordering: two duplicate ACKs prove nothing. */
    @Test
    void twoDuplicateAcks_sendNothingAgain() {
        tenInFlight(0);
        in(ack());
        in(ack());
        in(ack().ack(at(4)));
        in(ack().ack(at(4)));
        in(ack().ack(at(4)));
        expectNothing();
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        in(ack().ack(at(11)));
    }

    /** Section 2, definition of a duplicate ACK, (b): no data. */
    @Test
    void acksWithData_areNoDuplicates() {
        tenInFlight(0);
        options(o -> o.quickAck = true);
        for (int i = 0; i < 5; i++) {
            in(data(100).seq(1 + 100 * i));
            expect(ack().seq(at(11)).ack(101 + 100 * i));
        }
        assertThat(count(Counter.TCP_DUPLICATE_ACKS_IN)).isZero();
    }

    /** Section 2, (b): nor when the peer repeats data that we have: it had data, and tells nothing of ours. */
    @Test
    void acksWithOldData_areNoDuplicates() {
        established();
        in(data(1460), data(1460).seq(1461));
        expect(ack().ack(2921));
        read(3000);
        write(14_600);
        network.sent.clear();
        for (int i = 0; i < 5; i++) {
            in(data(1460).seq(1));
            expect(ack().seq(at(11)).ack(2921));
        }
        assertThat(count(Counter.TCP_DUPLICATE_ACKS_IN)).isZero();
        assertThat(c.info().recovery()).isEqualTo("OPEN");
    }

    /** Section 2, (c): no FIN. */
    @Test
    void ackWithFin_isNoDuplicate() {
        tenInFlight(0);
        in(ack());
        in(ack());
        in(fin());
        expect(ack().seq(at(11)).ack(2));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
    }

    /** Section 2, (e): the same window. */
    @Test
    void windowUpdates_areNoDuplicates() {
        tenInFlight(0);
        for (int i = 1; i < 6; i++) {
            in(ack().window(0xffff - i));
        }
        expectNothing();
        assertThat(count(Counter.TCP_DUPLICATE_ACKS_IN)).isZero();
    }

    /** Section 2, (a): something is outstanding. */
    @Test
    void nothingInFlight_acksAreNoDuplicates() {
        established();
        in(ack(), ack(), ack(), ack());
        expectNothing();
        assertThat(count(Counter.TCP_DUPLICATE_ACKS_IN)).isZero();
        write(100);
        expect(data(100).push());
        in(ack());
        in(ack());
        expectNothing();
    }

    // ---- RFC 3042

    /** RFC 3042 section 2: each of the first two duplicate ACKs lets a new segment go; RFC 5681 section 3.2, step 2: they do not count for ssthresh. */
    @Test
    void firstTwoDuplicateAcks_letNewSegmentsGo() {
        tenInFlight(10);
        in(ack());
        expect(full(11));
        in(ack());
        expect(full(12));
        in(ack());
        expect(full(1));
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
    }

    /** RFC 3042 section 2: only if the receiver's window allows. */
    @Test
    void firstTwoDuplicateAcks_windowFull_sendNothing() {
        peerWindow = 14_600;
        tenInFlight(10);
        in(ack());
        in(ack());
        expectNothing();
        in(ack());
        expect(full(1));
    }

    // ---- Fast recovery

    /** RFC 5681 section 3.2, steps 3 to 5: the window is inflated by what has left the network. */
    @Test
    void furtherDuplicateAcks_letNewSegmentsGoWhenHalfOfTheFlightHasLeft() {
        tenInFlight(10);
        in(ack(), ack(), ack());
        expect(full(1)); // cwnd 5 + 3
        in(ack()); // + 1
        in(ack()); // + 1: 10, and 10 in flight
        expectNothing();
        in(ack());
        expect(full(11));
        in(ack());
        expect(full(12));
    }

    /** RFC 6582 section 3.2, step 3, full acknowledgment: cwnd is min(ssthresh, max(FlightSize, SMSS) + SMSS). */
    @Test
    void fullAcknowledgment_endsRecovery() {
        tenInFlight(2);
        in(ack(), ack(), ack());
        expect(full(1));
        in(ack(), ack(), ack(), ack());
        expect(full(11), full(12).push());
        in(ack().ack(at(11))); // covers all that was in flight when the loss was found
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        assertThat(c.info().congestionWindow()).isEqualTo(3 * 1460); // two in flight and one
        in(ack().ack(at(13)));
        quiet(10_000);
    }

    /** RFC 6582 section 3.2, step 3, partial acknowledgment: the next one is lost too, and is sent at once. */
    @Test
    void partialAcknowledgment_sendsTheNextOneAgain() {
        tenInFlight(0); // 1, 5 and 6 are lost
        in(ack(), ack(), ack());
        expect(full(1));
        in(ack(), ack(), ack()); // seven in all: for 2, 3, 4, 7, 8, 9, 10
        in(ack());
        expectNothing();
        in(ack().ack(at(5)));
        expect(full(5));
        assertThat(c.info().recovery()).isEqualTo("FAST");
        in(ack().ack(at(6)));
        expect(full(6));
        in(ack().ack(at(11)));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        quiet(10_000);
        assertThat(count(Counter.TCP_TIMEOUTS)).isZero();
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(3);
    }

    /** RFC 6582 section 3.2, step 3: after a partial ACK about ssthresh remains in flight: the window is deflated by what was acknowledged, less one. */
    @Test
    void partialAcknowledgment_deflatesTheWindow() {
        tenInFlight(20);
        in(ack(), ack(), ack());
        expect(full(1)); // cwnd 5 + 3
        in(ack(), ack(), ack(), ack()); // + 4: 12
        expect(full(11), full(12));
        in(ack().ack(at(5))); // acknowledges 4: cwnd 12 - 4 + 1 = 9; in flight 5..12: 8; one more may go
        expect(full(5), full(13));
        in(ack().ack(at(5)));
        expect(full(14));
    }

    /** RFC 6582 section 3.2, step 3: the first partial ACK starts the timer anew. */
    @Test
    void partialAcknowledgment_startsTheTimerAnew() {
        tenInFlight(0);
        in(ack(), ack(), ack());
        expect(full(1));
        advance(150);
        in(ack().ack(at(5)));
        expect(full(5));
        quiet(190);
        advance(11);
        expect(full(5));
    }

    /** RFC 6582 section 3.2, step 1: duplicate ACKs of what is already being recovered start nothing. */
    @Test
    void duplicateAcksInRecovery_startNoSecondOne() {
        tenInFlight(0);
        in(ack(), ack(), ack());
        expect(full(1));
        int threshold = c.info().slowStartThreshold();
        in(ack().ack(at(5)));
        expect(full(5));
        in(ack().ack(at(5)), ack().ack(at(5)), ack().ack(at(5)));
        expectNothing();
        assertThat(c.info().slowStartThreshold()).isEqualTo(threshold);
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
    }

    /** RFC 6582 section 3.2, step 4: a timeout ends it, and duplicate ACKs of what was sent before start nothing (step 1). */
    @Test
    void timeoutInRecovery_duplicateAcksStartNothing() {
        tenInFlight(0);
        in(ack(), ack(), ack());
        expect(full(1));
        expectAfter(200, full(1));
        assertThat(c.info().recovery()).isEqualTo("TIMEOUT");
        in(ack().ack(at(3)));
        expect(full(3), full(4));
        in(ack().ack(at(3)), ack().ack(at(3)), ack().ack(at(3)), ack().ack(at(3)));
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
        network.sent.clear();
    }

    /** RFC 6582 section 3.2, step 1: once more was acknowledged, a new loss is recovered. */
    @Test
    void afterRecovery_newLoss_isRecoveredAgain() {
        tenInFlight(0);
        in(ack(), ack(), ack());
        expect(full(1));
        in(ack().ack(at(11)));
        write(20 * 1460);
        int sent = network.sent.size();
        assertThat(sent).isGreaterThanOrEqualTo(2);
        network.sent.clear();
        in(ack().ack(at(12)));
        network.sent.clear();
        in(ack().ack(at(12)), ack().ack(at(12)), ack().ack(at(12)));
        Packet p = next();
        assertThat(p.seq).isEqualTo(at(12));
        network.sent.clear();
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(2);
    }

    /** RFC 6582 section 3.2, step 1: an ACK that covers no more than was sent before the timeout may be of what went twice: it starts nothing. */
    @Test
    void afterTimeout_duplicateAcksOfTheRecoveryPoint_startNothing() {
        tenInFlight(0);
        expectAfter(200, full(1));
        in(ack().ack(at(11))); // nothing was lost
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        write(2 * 1460); // the window after the timeout
        expect(full(11), full(12).push());
        in(ack().ack(at(11)), ack().ack(at(11)), ack().ack(at(11)), ack().ack(at(11)));
        expectNothing();
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        in(ack().ack(at(13)));
        quiet(10_000);
    }

    /** The FIN can be lost too. */
    @Test
    void finLost_isSentAgainByDuplicateAcksOfTheDataBefore() {
        established();
        tryWrite(5 * 1460);
        shutdownOutput();
        expect(full(1), full(2), full(3), full(4), full(5).push().withFin());
        in(ack().ack(at(2)), ack().ack(at(2)), ack().ack(at(2)), ack().ack(at(2))); // 2 is lost
        expect(full(2));
        in(ack().ack(at(5)));
        expect(full(5).push().withFin());
        in(ack().ack(at(6) + 1));
        inState(State.FIN_WAIT_2);
    }

    // ---- Idle

    /** RFC 5681 section 4.1: nothing sent for longer than a timeout: back to the initial window. */
    @Test
    void idle_longerThanTheTimeout_beginsWithTheInitialWindow() {
        grown();
        quiet(250);
        assertThat(sentOf(40 * 1460)).isEqualTo(10 * 1460);
    }

    /** RFC 5681 section 4.1: not before. */
    @Test
    void idle_shorterThanTheTimeout_keepsTheWindow() {
        grown();
        quiet(150);
        assertThat(sentOf(40 * 1460)).isEqualTo(20 * 1460);
    }

    /** RFC 5681 section 4.1: it is data not sent that counts; ACKs of what the peer sends say nothing of our direction. */
    @Test
    void idle_butForAcks_beginsWithTheInitialWindow() {
        grown();
        options(o -> o.quickAck = true);
        for (int i = 0; i < 30; i++) {
            advance(10);
            in(data(100).seq(1 + 100 * i).ack(at(21)));
            expect(ack().seq(at(21)).ack(101 + 100 * i));
        }
        assertThat(sentOf(40 * 1460)).isEqualTo(10 * 1460);
    }

    /** A congestion window of twenty segments, and nothing in flight. */
    private void grown() {
        tenInFlight(10);
        for (int i = 2; i <= 11; i++) {
            in(ack().ack(at(i)));
            network.sent.clear();
        }
        in(ack().ack(at(21)));
        expectNothing();
        c.congestion.setCwnd(20 * 1460);
    }

    private int sentOf(int bytes) {
        write(bytes);
        int sum = 0;
        while (!network.sent.isEmpty()) {
            sum += next().length;
        }
        return sum;
    }
}
