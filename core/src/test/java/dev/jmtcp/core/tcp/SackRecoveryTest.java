package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Losses found by selective acknowledgments: RFC 6675, RFC 2018 section 8, RFC 2883. Segments are counted from 1. */
class SackRecoveryTest extends SeveralIsns {

    @BeforeEach
    void standardCongestionControl() {
        settings.congestionControl("newreno").rack(false);
    }

    private static int at(int segment) {
        return 1 + (segment - 1) * 1460;
    }

    private static Packet full(int segment) {
        return data(1460).seq(at(segment));
    }

    /** An ACK of all before a segment, with blocks from segments to segments, the last not included. */
    private static Packet sack(int next, int... edges) {
        Packet p = ack().ack(at(next));
        for (int i = 0; i < edges.length; i += 2) {
            p.sack(at(edges[i]), at(edges[i + 1]));
        }
        return p;
    }

    private void tenInFlight(int more) {
        established(plain().sackOk());
        write((10 + more) * 1460);
        for (int i = 1; i < 10; i++) {
            expect(full(i));
        }
        expect(more == 0 ? full(10).push() : full(10));
    }

    /** RFC 6675 section 4, IsLost, and section 5: three segments above the hole. */
    @Test
    void threeSegmentsSacked_holeIsSentAgain() {
        tenInFlight(0);
        in(sack(1, 2, 3));
        in(sack(1, 2, 4));
        expectNothing();
        in(sack(1, 2, 5));
        expect(full(1));
        assertThat(c.info().recovery()).isEqualTo("FAST");
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        assertThat(c.info().congestionWindow()).isEqualTo(5 * 1460);
        in(sack(11));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        quiet(10_000);
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(1);
    }

    /** RFC 6675 section 5, (2): one ACK that tells enough is enough. */
    @Test
    void threeSegmentsSackedAtOnce_holeIsSentAgain() {
        tenInFlight(0);
        in(sack(1, 2, 5));
        expect(full(1));
    }

    /** RFC 6675 section 4: also when the ACK moves SND.UNA at the same time. */
    @Test
    void cumulativeAckWithThreeSegmentsSacked_holeIsSentAgain() {
        tenInFlight(0);
        in(sack(3, 4, 7));
        expect(full(3));
        assertThat(c.info().slowStartThreshold()).isEqualTo(4 * 1460); // eight were in flight
    }

    /** RFC 6675 section 5, step (C): the second hole goes when the pipe has room. */
    @Test
    void severalHoles_goAgainAsThePipeAllows() {
        tenInFlight(1);
        in(sack(1, 2, 3)); // 1 and 3 are lost
        expect(full(11).push()); // limited transmit
        in(sack(1, 4, 5, 2, 3));
        in(sack(1, 4, 6, 2, 3)); // three above 1: lost
        expect(full(1));
        in(sack(1, 4, 7, 2, 3)); // three above 3: lost; pipe: 7, 8, 9, 10, 11 and 1
        expectNothing();
        in(sack(1, 4, 8, 2, 3)); // pipe: 8, 9, 10, 11 and 1 are five: full
        expectNothing();
        in(sack(1, 4, 9, 2, 3)); // four
        expect(full(3));
        in(sack(1, 4, 12, 2, 3));
        expectNothing();
        in(sack(3, 4, 12));
        expectNothing();
        in(sack(12));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(2);
        quiet(10_000);
    }

    /** RFC 6675 section 5, step (C) and NextSeg (2): new data when no hole is left; RFC 5681 section 3.2: ssthresh without limited transmit. */
    @Test
    void recovery_pipeHasRoom_sendsNewData() {
        tenInFlight(10);
        in(sack(1, 2, 3));
        expect(full(11)); // RFC 3042 section 2
        in(sack(1, 2, 4));
        expect(full(12));
        in(sack(1, 2, 5));
        expect(full(1)); // pipe: 5 to 12 and 1: nine
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        in(sack(1, 2, 6));
        in(sack(1, 2, 7));
        in(sack(1, 2, 8));
        in(sack(1, 2, 9)); // pipe: 9 to 12 and 1
        expectNothing();
        in(sack(1, 2, 10));
        expect(full(13));
        in(sack(1, 2, 11));
        expect(full(14));
        in(sack(13)); // all that was in flight when the loss was found; 13 and 14 still are
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        expect(full(15), full(16), full(17));
    }

    /** RFC 6675 section 4, NextSeg (3): nothing new, and room: what less than three segments have overtaken goes again, too, and is twice in the pipe. */
    @Test
    void recovery_nothingNew_overtakenSegmentGoesAgain() {
        tenInFlight(0);
        in(sack(1, 2, 8, 9, 10)); // 1 is lost, 8 is doubtful; pipe: 8, 10, 1
        expect(full(1), full(8), full(10).push()); // that by (4), as the last
        in(sack(8, 9, 10));
        expectNothing();
        in(sack(11));
        quiet(10_000);
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(3);
    }

    /** New data goes before that: NextSeg (2). */
    @Test
    void recovery_somethingNew_overtakenSegmentWaits() {
        tenInFlight(2);
        in(sack(1, 2, 8, 9, 10));
        expect(full(1), full(11), full(12).push());
        in(sack(1, 2, 8, 9, 13)); // 8 is lost
        expect(full(8));
        in(sack(13));
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(2);
    }

    /** RFC 6675 section 4, NextSeg (4): the last segment, once in a recovery. */
    @Test
    void recovery_nothingNew_lastSegmentGoesAgainOnce() {
        tenInFlight(0);
        in(sack(1, 2, 9)); // pipe: 9, 10, 1
        expect(full(1), full(10).push());
        in(sack(9));
        expect(full(9)); // a partial ACK
        in(sack(10));
        in(sack(11));
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(3);
        quiet(10_000);
    }

    /** RFC 6675 section 4, NextSeg: what is lost goes before what is new, also if only the latter would fit the pipe. */
    @Test
    void recovery_holeDoesNotFitThePipe_newDataWaits() {
        tenInFlight(0);
        options(o -> o.noDelay = true);
        in(sack(1, 3, 6)); // 1 and 2 are lost
        expect(full(1)); // six in the pipe, of five
        in(sack(1, 3, 7));
        in(ack().sack(at(3), at(8) - 200)); // four and 200 bytes
        expectNothing();
        write(100);
        expectNothing();
        in(sack(1, 3, 8));
        expect(full(2));
        in(sack(1, 3, 9));
        expect(data(100).seq(at(11)).push());
    }

    /** RFC 6675 section 5: a partial ACK goes on with the next hole. */
    @Test
    void recovery_partialAck_goesOn() {
        tenInFlight(0);
        in(sack(1, 4, 11)); // 1, 2 and 3 are lost
        expect(full(1), full(2), full(3)); // pipe: 3, less than five
        in(sack(2, 4, 11));
        expectNothing();
        assertThat(c.info().recovery()).isEqualTo("FAST");
        in(sack(11));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(3);
    }

    /** RFC 6675 section 5.1: after a timeout in recovery all that is not sacked goes again, by slow start. */
    @Test
    void timeout_sackedSegmentsDoNotGoAgain() {
        tenInFlight(0);
        in(sack(1, 2, 3, 4, 5));
        expectAfter(200, full(1));
        in(sack(3, 4, 5));
        expect(full(3), full(5));
        in(sack(6)); // 3 and 5, but the window grows by one segment an ACK (RFC 3465 section 2.3)
        expect(full(6), full(7), full(8));
        in(sack(9));
        expect(full(9), full(10).push());
        in(sack(11));
        quiet(10_000);
    }

    /** RFC 2018 section 8: the receiver may throw away what it has reported: after a timeout it is not relied on. */
    @Test
    void timeout_receiverHasForgotten_allGoesAgain() {
        tenInFlight(0);
        in(sack(1, 2, 5));
        expect(full(1));
        in(sack(2)); // it had 1, and nothing more
        expectAfter(200, full(2));
        in(sack(3));
        expect(full(3), full(4));
        in(sack(5));
        expect(full(5), full(6), full(7));
    }

    /** RFC 6675 section 5.1: no new recovery before what was in flight at the timeout is acknowledged. */
    @Test
    void timeout_sackOfThreeSegments_startsNoRecovery() {
        settings.frto(false);
        tenInFlight(0);
        expectAfter(200, full(1));
        in(sack(1, 2, 6));
        assertThat(c.info().recovery()).isEqualTo("TIMEOUT");
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isZero();
        network.sent.clear();
    }

    /** RFC 6675 section 2: with SACK, an ACK without news in its blocks is no duplicate ACK. */
    @Test
    void acksWithoutNews_areNotCounted() {
        tenInFlight(0);
        in(ack(), ack(), ack(), ack(), ack());
        expectNothing();
        in(sack(1, 2, 3));
        in(sack(1, 2, 3));
        in(sack(1, 2, 3));
        in(sack(1, 2, 3));
        expectNothing();
        assertThat(c.info().recovery()).isEqualTo("OPEN");
    }

    /** However much is lost at once, no connection takes more than its share of a turn. */
    @Test
    void veryMuchIsLost_goesAgainInSeveralTurns() {
        settings.sendBuffer(1 << 20);
        established(plain().sackOk().scale(7));
        c.congestion.setCwnd(200 * 1460);
        write(200 * 1460);
        turn();
        turn();
        turn();
        turn();
        assertThat(network.sent).hasSize(200);
        network.sent.clear();
        in(sack(1, 190, 201)); // 189 are lost, the pipe has room for a hundred
        assertThat(network.sent).hasSize(64);
        assertThat(tcp.hasReady()).isTrue();
        turn();
        assertThat(network.sent).hasSize(100);
        for (int i = 1; i <= 100; i++) {
            expect(full(i));
        }
        assertThat(tcp.hasReady()).isFalse();
    }

    /** RFC 2018 section 5: a block that cannot be right is ignored. */
    @Test
    void blocksOfWhatWasNotSent_areIgnored() {
        tenInFlight(0);
        in(ack().sack(at(11), at(14)));
        in(ack().sack(at(8), at(12)));
        in(ack().sack(at(5), at(2)));
        in(ack().sack(at(5), at(5)));
        in(ack().sack(at(2) + Integer.MIN_VALUE, at(5) + Integer.MIN_VALUE));
        in(ack().sack(Integer.MIN_VALUE, Integer.MAX_VALUE));
        expectNothing();
        assertThat(c.info().sackedBytes()).isZero();
        in(sack(1, 2, 5)); // a right one is taken all the same
        expect(full(1));
    }

    /** Blocks of parts of segments are taken as they are. */
    @Test
    void blocksThatCutSegments_areTaken() {
        tenInFlight(0);
        in(ack().sack(at(2) + 100, at(6) - 60));
        assertThat(c.info().sackedBytes()).isEqualTo(4 * 1460 - 160);
        expect(full(1)); // six segments and a little in the pipe
        in(ack().sack(at(2) + 100, at(7)));
        expectNothing();
        in(ack().sack(at(2) + 100, at(8)));
        expect(data(100).seq(at(2)));
        in(sack(11));
        quiet(10_000);
    }

    /** RFC 2018 section 2: it was not agreed upon. */
    @Test
    void blocksWithoutAgreement_areIgnored() {
        established();
        write(14_600);
        network.sent.clear();
        in(sack(1, 2, 5));
        expectNothing();
        assertThat(c.info().sackedBytes()).isZero();
    }

    /** RFC 2883 section 4: the first block below the ACK tells of a duplicate; it is no news of a loss. */
    @Test
    void duplicateReported_isNoLoss() {
        tenInFlight(0);
        in(sack(6, 1, 2));
        in(sack(6, 2, 3));
        in(sack(6, 3, 4));
        expectNothing();
        assertThat(count(Counter.TCP_SPURIOUS)).isEqualTo(3);
        assertThat(c.info().recovery()).isEqualTo("OPEN");
    }

    /** RFC 2883 section 4: or it lies in the second block. */
    @Test
    void duplicateReportedWithinTheSecondBlock_isNoNews() {
        tenInFlight(0);
        in(sack(1, 2, 3));
        in(sack(1, 2, 3, 2, 4));
        expectNothing();
        assertThat(c.info().sackedBytes()).isEqualTo(2 * 1460);
        assertThat(count(Counter.TCP_SPURIOUS)).isEqualTo(1);
    }

    /** RFC 7323 section 4 and RFC 6675 together: segments are shorter by the timestamps. */
    @Test
    void withTimestamps_holeIsSentAgain() {
        established(modern());
        write(14_480);
        network.sent.clear();
        in(ack().sack(1449, 1449 + 3 * 1448));
        expect(data(1448));
    }

    /** RFC 6675 section 5: losses of the next window are another recovery. */
    @Test
    void afterRecovery_newLoss_isRecoveredAgain() {
        tenInFlight(20);
        in(sack(1, 2, 5));
        expect(full(1));
        in(sack(11));
        for (int i = 11; i <= 15; i++) {
            expect(full(i));
        }
        in(sack(11, 12, 15));
        Packet p = next();
        assertThat(p.seq).isEqualTo(at(11));
        network.sent.clear();
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(2);
    }
}
