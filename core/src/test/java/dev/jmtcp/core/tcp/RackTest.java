package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.Test;

/** Losses found by time: RFC 8985 section 6. */
class RackTest extends RecoveryFixture {

    /** Section 6.2, step 5: few segments above the hole prove nothing at once, but the time does. */
    @Test
    void oneSegmentSacked_holeIsSentAgainAfterTheReorderingWindow() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 3));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        expectAfter(REORDERING, full(1));
        assertThat(c.info().recovery()).isEqualTo("FAST");
        in(sack(11));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        quiet(10_000);
        assertThat(count(Counter.TCP_TIMEOUTS)).isZero();
    }

    /** What fills the hole in time was only reordered. */
    @Test
    void holeFilledWithinTheReorderingWindow_nothingIsSentAgain() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 3));
        advance(20);
        in(sack(3));
        advance(1);
        in(sack(11));
        quiet(10_000);
        assertThat(count(Counter.TCP_RETRANSMITS)).isZero();
    }

    /** Section 6.2, step 4: while no reordering was seen, three segments prove it, as ever. */
    @Test
    void threeSegmentsSacked_holeIsSentAgainAtOnce() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 3));
        in(sack(1, 2, 4));
        expectNothing();
        in(sack(1, 2, 5));
        expect(full(1));
        in(sack(11));
        quiet(10_000);
    }

    /** Section 6.2, step 4: on a path that reorders even three segments have to wait. */
    @Test
    void reorderingSeen_threeSegmentsSacked_holeHasTime() {
        inFlight(20, 0);
        advance(RTT);
        in(sack(1, 2, 3));
        in(sack(3)); // the first was late
        assertThat(c.loss.reorderingSeen).isTrue();
        in(sack(3, 4, 8));
        expectAfter(REORDERING, full(3));
        in(sack(21));
        quiet(10_000);
    }

    /** Section 6.2, step 3: what was sent again may arrive first without anything being reordered. */
    @Test
    void holeFilledBySendingAgain_isNoReordering() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 5));
        expect(full(1));
        advance(RTT);
        in(sack(11));
        assertThat(c.loss.reorderingSeen).isFalse();
        quiet(10_000);
    }

    /** Section 6.2, step 5: a retransmission is found lost like anything else, by what was sent after it. */
    @Test
    void retransmissionLost_isSentAgainWithoutTimeout() {
        inFlight(10, 10);
        advance(RTT);
        in(sack(1, 2, 5));
        expect(full(1));
        in(sack(1, 2, 11));
        expect(full(11), full(12), full(13), full(14)); // five are the new threshold
        advance(RTT);
        in(sack(1, 2, 12)); // sent after it
        expect(full(1), full(15));
        advance(RTT);
        in(sack(16));
        assertThat(count(Counter.TCP_TIMEOUTS)).isZero();
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
        network.sent.clear();
    }

    /** Section 6.2, step 2: what is acknowledged sooner than a round trip after it was sent again had arrived the first time; it says nothing of the rest. */
    @Test
    void originalArrivesAfterAll_theRestIsNotTakenForLost() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 5));
        expect(full(1));
        advance(10);
        in(sack(5));
        expectNothing();
        assertThat(c.info().lostBytes()).isZero();
        in(sack(11));
        quiet(10_000);
    }

    /** Section 6.2, step 4: a duplicate reported means that the window was too small; it grows by a quarter each round trip in which there is one. */
    @Test
    void duplicateReported_reorderingWindowGrows() {
        inFlight(20, 0);
        c.ownLoss().reorderingSeen = true;
        advance(RTT);
        in(sack(1, 2, 5));
        expectAfter(REORDERING, full(1));
        advance(RTT);
        in(ack().ack(at(21)).sack(at(1), at(2)));
        in(ack().ack(at(21)).sack(at(1), at(2))); // the same round trip
        write(5 * MSS);
        expect(full(21), full(22), full(23), full(24), full(25).push());
        advance(RTT);
        in(sack(21, 22, 26));
        expectAfter(RTT / 2 + 2, full(21));
        in(sack(26));
        quiet(10_000);
    }

    /** Section 6.3: at a timeout what was sent lately may still be on its way. */
    @Test
    void timeout_whatWasSentLatelyIsNotTakenForLost() {
        settings.tailLossProbe(false);
        establishedWithin(plain().sackOk());
        send(3, 0);
        advance(250);
        write(2 * MSS);
        expect(full(4), full(5).push());
        expectAfter(RTO - 250, full(1));
        assertThat(c.info().lostBytes()).isEqualTo(3 * MSS);
        in(sack(4));
        expectNothing();
        in(sack(6));
        quiet(10_000);
    }

    /** RFC 5681 section 4.3: that a retransmission is lost too is another sign of congestion. */
    @Test
    void timeout_retransmissionLost_startsRecovery() {
        settings.tailLossProbe(false).frto(false);
        inFlight(10, 10);
        expectAfter(RTO, full(1));
        advance(RTT);
        in(sack(2));
        expect(full(2), full(3));
        advance(RTT);
        in(sack(2, 3, 4));
        expect(full(2));
        network.sent.clear();
        assertThat(c.info().recovery()).isEqualTo("FAST");
        in(sack(11));
        network.sent.clear();
        in(sack(21));
        network.sent.clear();
    }

    /** Without SACK there is no telling what has arrived: RFC 6582. */
    @Test
    void withoutSack_duplicateAcksCount() {
        establishedWithin(plain());
        send(10, 0);
        advance(RTT);
        in(ack(), ack());
        advance(REORDERING);
        expectNothing();
        in(ack());
        expect(full(1));
        in(sack(11));
        quiet(10_000);
    }

    // ---- Section 6.2, step 1: round trips

    /** What is selectively acknowledged measures the round trip, as what is acknowledged does: SRTT weighs it by the five samples that ten in flight give. */
    @Test
    void sacked_measuresTheRoundTrip() {
        inFlight(10, 0);
        advance(60);
        in(sack(1, 2, 3));
        assertThat(c.info().minRtt() / MS).isEqualTo(60);
        assertThat(c.info().smoothedRtt() / MS).isEqualTo(RTT - 40 / (8 * 5));
        advance(5);
        in(sack(1, 2, 3)); // nothing new
        assertThat(c.info().smoothedRtt() / MS).isEqualTo(RTT - 40 / (8 * 5));
        network.sent.clear();
        in(sack(11));
        network.sent.clear();
    }

    /** RFC 6298 section 3, Karn: what was sent twice measures nothing. */
    @Test
    void sackedAfterItWasSentAgain_measuresNothing() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 3, 10));
        expect(full(1), full(2));
        long smoothed = c.info().smoothedRtt();
        advance(10);
        in(ack().sack(at(2), at(10)));
        assertThat(c.info().smoothedRtt()).isEqualTo(smoothed);
        assertThat(c.info().minRtt() / MS).isEqualTo(RTT);
        network.sent.clear();
        in(sack(11));
        network.sent.clear();
    }
}
