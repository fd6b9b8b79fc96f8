package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Segments of 100 bytes from sequence number {@link #ISS} on, which is just before the wrap. */
class SentSegmentsTest {

    private static final int ISS = -250;
    private static final int SMSS = 100;

    private final SentSegments sent = new SentSegments();

    @BeforeEach
    void begin() {
        sent.reset(ISS);
    }

    /** Sends so many segments, at the times 1, 2, 3 and so on when nothing is in flight before. */
    private void send(int segments) {
        for (int i = 0; i < segments; i++) {
            sent.sent(sent.nxt() + SMSS, sent.count() + 1);
        }
    }

    private int sack(int from, int to) {
        return SelectiveAcks.take(sent, ISS + from, ISS + to);
    }

    private int acked(int to) {
        return sent.acked(ISS + to);
    }

    @Test
    void fresh_everything_isZero() {
        assertThat(sent.count()).isZero();
        assertThat(sent.una()).isEqualTo(ISS);
        assertThat(sent.nxt()).isEqualTo(ISS);
        assertThat(sent.outstanding()).isZero();
        assertThat(sent.pipe()).isZero();
        assertThat(sent.hasSack()).isFalse();
        assertThat(sent.highestSacked()).isEqualTo(ISS);
        assertThat(NextSegment.lost(sent)).isEqualTo(-1);
        assertThat(LossMarks.markHead(sent)).isZero();
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isZero();
        assertThat(acked(0)).isZero();
        assertThat(sent.rttSampleSentAt()).isEqualTo(SentSegments.NO_SAMPLE);
    }

    @Test
    void sent_records_followEachOther() {
        send(3);
        assertThat(sent.count()).isEqualTo(3);
        assertThat(sent.outstanding()).isEqualTo(300);
        assertThat(sent.pipe()).isEqualTo(300);
        for (int i = 0; i < 3; i++) {
            assertThat(sent.start(i)).isEqualTo(ISS + 100 * i);
            assertThat(sent.end(i)).isEqualTo(ISS + 100 * i + 100);
            assertThat(sent.sentAt(i)).isEqualTo(i + 1);
        }
        assertThat(sent.indexOf(ISS)).isZero();
        assertThat(sent.indexOf(ISS + 199)).isEqualTo(1);
        assertThat(sent.indexOf(ISS + 200)).isEqualTo(2);
        assertThat(sent.indexOf(ISS + 300)).isEqualTo(3);
    }

    @Test
    void sent_backwards_isRefused() {
        send(1);
        assertThatThrownBy(() -> sent.sent(ISS + 100, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sent.sent(ISS, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void acked_wholeAndPart_removesAndCuts() {
        send(3);
        assertThat(acked(150)).isEqualTo(150);
        assertThat(sent.count()).isEqualTo(2);
        assertThat(sent.start(0)).isEqualTo(ISS + 150);
        assertThat(sent.end(0)).isEqualTo(ISS + 200);
        assertThat(sent.rttSampleSentAt()).isEqualTo(2);
        assertThat(acked(150)).isZero();
        assertThat(acked(100)).isZero();
        assertThat(acked(300)).isEqualTo(150);
        assertThat(sent.rttSampleSentAt()).isEqualTo(3);
        assertThat(sent.count()).isZero();
        assertThatThrownBy(() -> acked(301)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void acked_coversARetransmission_givesNoSample() {
        send(4);
        LossMarks.markHead(sent);
        sent.retransmitted(0, ISS + 100, 50);
        assertThat(sent.wasResent(0)).isTrue();
        acked(300);
        assertThat(sent.rttSampleSentAt()).isEqualTo(SentSegments.NO_SAMPLE);
        acked(400);
        assertThat(sent.rttSampleSentAt()).isEqualTo(4);
    }

    @Test
    void acked_coversOnlyWhatWasSacked_givesNoSample() {
        send(3);
        sack(0, 100);
        acked(100);
        assertThat(sent.rttSampleSentAt()).isEqualTo(SentSegments.NO_SAMPLE);
        sack(200, 300);
        acked(300);
        assertThat(sent.rttSampleSentAt()).isEqualTo(2);
    }

    @Test
    void sack_wholeSegments_areMarkedOnce() {
        send(5);
        assertThat(sack(200, 400)).isEqualTo(200);
        assertThat(sack(200, 400)).isZero();
        assertThat(sack(100, 500)).isEqualTo(200);
        assertThat(sent.sackedBytes()).isEqualTo(400);
        assertThat(sent.pipe()).isEqualTo(100);
        assertThat(sent.highestSacked()).isEqualTo(ISS + 500);
        assertThat(sent.count()).isEqualTo(5);
        assertThat(sent.isSacked(0)).isFalse();
        assertThat(sent.isSacked(1)).isTrue();
    }

    @Test
    void sack_partsOfSegments_splitsThem() {
        send(2);
        assertThat(sack(30, 160)).isEqualTo(130);
        assertThat(sent.count()).isEqualTo(4);
        assertThat(sent.end(0)).isEqualTo(ISS + 30);
        assertThat(sent.end(1)).isEqualTo(ISS + 100);
        assertThat(sent.end(2)).isEqualTo(ISS + 160);
        assertThat(sent.sentAt(1)).isEqualTo(1);
        assertThat(sent.sentAt(3)).isEqualTo(2);
        assertThat(sent.isSacked(0)).isFalse();
        assertThat(sent.isSacked(1)).isTrue();
        assertThat(sent.isSacked(2)).isTrue();
        assertThat(sent.isSacked(3)).isFalse();
    }

    @Test
    void sack_insideOneSegment_makesThreeOfIt() {
        send(1);
        assertThat(sack(30, 60)).isEqualTo(30);
        assertThat(sent.count()).isEqualTo(3);
        assertThat(sent.sackedBytes()).isEqualTo(30);
    }

    @Test
    void sack_badBlocks_areIgnored() {
        send(3);
        acked(100);
        assertThat(sack(200, 200)).isZero();
        assertThat(sack(250, 200)).isZero();
        assertThat(sack(200, 301)).isZero();
        assertThat(sack(0, 100)).isZero();
        assertThat(sack(-1000, 50)).isZero();
        assertThat(sent.hasSack()).isFalse();
        assertThat(sack(50, 150)).isEqualTo(50); // the part above una counts
        assertThat(sent.sackedBytes()).isEqualTo(50);
    }

    @Test
    void sack_everyOtherByteWithoutEnd_isBounded() {
        for (int i = 0; i < 100; i++) {
            sent.sent(sent.nxt() + 1000, 1);
        }
        int bytes = 0;
        for (int i = 1; i < 100_000; i += 2) {
            bytes += sack(i, i + 1);
        }
        assertThat(sent.count()).isLessThanOrEqualTo(100 + 1024);
        assertThat(sent.sackedBytes()).isEqualTo(bytes).isPositive();
        // whole segments still count
        assertThat(sack(50_000, 60_000)).isEqualTo(10_000);
        acked(100_000);
        assertThat(sent.sackedBytes()).isZero();
        send(2);
        assertThat(sack(100_050, 100_100)).isEqualTo(50);
    }

    @Test
    void resentInManyParts_sackOfAPart_stillCounts() {
        sent.sent(ISS + 10_000, 1);
        LossMarks.markAll(sent);
        for (int i = 0; i < 5000; i += 2) {
            sent.retransmitted(NextSegment.lost(sent), ISS + i + 2, 2);
        }
        assertThat(sack(7000, 8000)).isEqualTo(1000);
        acked(10_000);
        for (int i = 0; i < 1024; i++) { // none of the parts was counted as made by a selective acknowledgement
            sent.sent(sent.nxt() + 10, 3);
            assertThat(SelectiveAcks.take(sent, sent.nxt() - 5, sent.nxt())).isEqualTo(5);
        }
    }

    @Test
    void markBelowSacked_threeSegmentsAbove_areEnough() {
        send(6);
        sack(100, 200);
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isZero();
        sack(300, 400);
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isZero();
        sack(500, 600);
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isEqualTo(100);
        assertThat(sent.isLost(0)).isTrue();
        assertThat(sent.isLost(2)).isFalse();
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isZero();
        assertThat(sent.lostBytes()).isEqualTo(100);
        assertThat(sent.pipe()).isEqualTo(200);
    }

    @Test
    void markBelowSacked_moreThanTwoSegmentsOfBytesAbove_areEnough() {
        sent.sent(ISS + 100, 1);
        sent.sent(ISS + 1000, 2); // segmented by the device
        sack(100, 300);
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isZero();
        sack(100, 301);
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isEqualTo(100);
    }

    @Test
    void markBelowSacked_holesBetween_areAllMarked() {
        send(10);
        sack(100, 200);
        sack(300, 400);
        sack(500, 1000);
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isEqualTo(300);
        assertThat(sent.isLost(0)).isTrue();
        assertThat(sent.isLost(2)).isTrue();
        assertThat(sent.isLost(4)).isTrue();
    }

    @Test
    void nextSegment_asTheyAreSentAgain_goesUp() {
        send(10);
        sack(100, 200);
        sack(300, 400);
        sack(500, 1000);
        LossMarks.markBelowSacked(sent, SMSS, 3);
        assertThat(NextSegment.lost(sent)).isEqualTo(0);
        sent.retransmitted(0, ISS + 100, 20);
        assertThat(sent.isRetransmitted(0)).isTrue();
        assertThat(sent.sentAt(0)).isEqualTo(20);
        assertThat(sent.retransmittedBytes()).isEqualTo(100);
        assertThat(sent.pipe()).isEqualTo(100);
        assertThat(NextSegment.lost(sent)).isEqualTo(2);
        sent.retransmitted(2, ISS + 240, 21); // only a part
        assertThat(sent.count()).isEqualTo(11);
        assertThat(NextSegment.lost(sent)).isEqualTo(3);
        assertThat(sent.start(3)).isEqualTo(ISS + 240);
        sent.retransmitted(3, ISS + 300, 22);
        sent.retransmitted(5, ISS + 500, 23);
        assertThat(NextSegment.lost(sent)).isEqualTo(-1);
        assertThat(sent.pipe()).isEqualTo(300);
        LossMarks.mark(sent, 2); // the retransmission was lost too
        assertThat(NextSegment.lost(sent)).isEqualTo(2);
        assertThat(sent.pipe()).isEqualTo(260);
    }

    @Test
    void retransmittedLost_thenSacked_countsAsSackedOnly() {
        send(5);
        sack(100, 500);
        LossMarks.markBelowSacked(sent, SMSS, 3);
        sent.retransmitted(0, ISS + 100, 20);
        assertThat(sack(0, 100)).isEqualTo(100);
        assertThat(sent.lostBytes()).isZero();
        assertThat(sent.retransmittedBytes()).isZero();
        assertThat(sent.sackedBytes()).isEqualTo(500);
        assertThat(sent.pipe()).isZero();
    }

    @Test
    void retransmitted_notLost_isInTheNetworkTwice() {
        send(2);
        sent.retransmitted(1, ISS + 200, 9);
        assertThat(sent.pipe()).isEqualTo(300);
        sent.retransmitted(1, ISS + 200, 10);
        assertThat(sent.pipe()).isEqualTo(300);
        assertThat(sent.sentAt(1)).isEqualTo(10);
    }

    @Test
    void retransmitted_badRange_isRefused() {
        send(3);
        sack(100, 200);
        assertThatThrownBy(() -> sent.retransmitted(1, ISS + 200, 9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sent.retransmitted(0, ISS + 101, 9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sent.retransmitted(0, ISS, 9)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void markHead_repeatedAndAfterPartialAck_marksTheHead() {
        send(4);
        assertThat(LossMarks.markHead(sent)).isEqualTo(100);
        assertThat(LossMarks.markHead(sent)).isZero();
        sent.retransmitted(0, ISS + 100, 9);
        acked(100);
        assertThat(LossMarks.markHead(sent)).isEqualTo(100);
        assertThat(NextSegment.lost(sent)).isZero();
        assertThat(sent.start(0)).isEqualTo(ISS + 100);
    }

    @Test
    void markHead_headSacked_marksTheFirstThatIsNot() {
        send(3);
        sack(0, 100);
        assertThat(LossMarks.markHead(sent)).isEqualTo(100);
        assertThat(NextSegment.lost(sent)).isEqualTo(1);
        sack(100, 300);
        assertThat(LossMarks.markHead(sent)).isZero();
    }

    @Test
    void markHead_largeHead_marksOnlyTheGivenLength() {
        sent.sent(ISS + 1000, 1);
        assertThat(LossMarks.markHead(sent, SMSS)).isEqualTo(100);
        assertThat(sent.count()).isEqualTo(2);
        assertThat(sent.pipe()).isEqualTo(900);
    }

    @Test
    void markAll_afterPartsWereSentAgain_startsOver() {
        send(5);
        sack(200, 300);
        LossMarks.markHead(sent);
        sent.retransmitted(0, ISS + 100, 9);
        LossMarks.markAll(sent);
        assertThat(sent.lostBytes()).isEqualTo(400);
        assertThat(sent.retransmittedBytes()).isZero();
        assertThat(sent.pipe()).isZero();
        assertThat(NextSegment.lost(sent)).isZero();
        sent.retransmitted(0, ISS + 100, 10);
        assertThat(NextSegment.lost(sent)).isEqualTo(1);
        sent.retransmitted(1, ISS + 200, 11);
        assertThat(NextSegment.lost(sent)).isEqualTo(3);
        assertThat(sent.pipe()).isEqualTo(200);
    }

    @Test
    void forgetSacks_afterTimeout_allIsLost() {
        send(5);
        sack(200, 500);
        SelectiveAcks.forget(sent);
        assertThat(sent.hasSack()).isFalse();
        assertThat(sent.sackedBytes()).isZero();
        LossMarks.markAll(sent);
        assertThat(sent.lostBytes()).isEqualTo(500);
        assertThat(sack(200, 500)).isEqualTo(300);
        assertThat(sent.lostBytes()).isEqualTo(200);
    }

    @Test
    void forgetLosses_afterSpuriousTimeout_nothingIsLost() {
        send(5);
        LossMarks.markAll(sent);
        sent.retransmitted(0, ISS + 100, 9);
        LossMarks.forget(sent);
        assertThat(sent.lostBytes()).isZero();
        assertThat(NextSegment.lost(sent)).isEqualTo(-1);
        assertThat(sent.pipe()).isEqualTo(600);
        sack(200, 500);
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).isEqualTo(200);
        assertThat(NextSegment.lost(sent)).isEqualTo(1); // the first has been sent again
    }

    @Test
    void clear_then_continuesWhereItWas() {
        send(200);
        sack(1000, 1500);
        LossMarks.markAll(sent);
        sent.clear();
        assertThat(sent.una()).isEqualTo(ISS + 20_000);
        assertThat(sent.outstanding()).isZero();
        assertThat(sent.pipe()).isZero();
        send(1);
        assertThat(sent.outstanding()).isEqualTo(100);
        assertThat(NextSegment.lost(sent)).isEqualTo(-1);
    }

    /** Looking at each segment of each block would take 10^10 steps here. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void largeWindow_repeatedBlocks_costLittle() {
        send(10_000);
        long newly = 0;
        for (int round = 0; round < 100; round++) {
            for (int i = 1; i < 10_000; i++) {
                newly += sack(100, 100 * (i + 1));
                LossMarks.markBelowSacked(sent, SMSS, 3);
            }
        }
        assertThat(newly).isEqualTo(999_900);
        assertThat(sent.lostBytes()).isEqualTo(100);
    }
}
