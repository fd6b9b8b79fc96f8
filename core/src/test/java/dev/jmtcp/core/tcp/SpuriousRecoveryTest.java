package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Recoveries that turn out to have been needless: RFC 3522, RFC 4015, RFC 5682, and by DSACK. */
class SpuriousRecoveryTest extends RecoveryFixture {

    private static final int STAMPED = 1448;

    @BeforeEach
    void withoutProbes() {
        settings.tailLossProbe(false);
    }

    private void isUndone(boolean undone) {
        assertThat(count(Counter.TCP_RECOVERIES_UNDONE)).isEqualTo(undone ? 1 : 0);
        if (undone) {
            assertThat(c.info().recovery()).isEqualTo("OPEN");
            assertThat(c.info().lostBytes()).isZero();
            assertThat(c.info().slowStartThreshold()).isGreaterThanOrEqualTo(10 * STAMPED);
        }
    }

    private void tenStamped(int more) {
        establishedWithin(modern());
        write((10 + more) * STAMPED);
        assertThat(network.sent).hasSize(10);
        network.sent.clear();
    }

    private static int stamped(int segment) {
        return 1 + (segment - 1) * STAMPED;
    }

    // ---- Fast recovery

    /** RFC 3522 section 3.2: the ACK echoes what was sent before anything was sent again. */
    @Test
    void fastRecovery_ackEchoesTheOriginal_isUndone() {
        tenStamped(0);
        advance(RTT);
        in(ack().sack(stamped(2), stamped(5)));
        expect(data(STAMPED));
        advance(1);
        in(ack().ack(stamped(11)).ts(200, RTT));
        isUndone(true);
        assertThat(c.info().congestionWindow()).isGreaterThanOrEqualTo(10 * STAMPED);
    }

    @Test
    void fastRecovery_ackEchoesTheRetransmission_isNotUndone() {
        tenStamped(0);
        advance(RTT);
        in(ack().sack(stamped(2), stamped(5)));
        expect(data(STAMPED));
        advance(RTT);
        in(ack().ack(stamped(11)).ts(300, 2 * RTT));
        isUndone(false);
        assertThat(c.info().congestionWindow()).isEqualTo(5 * STAMPED);
    }

    /** RFC 2883, RFC 3708: all that was sent again is reported as a duplicate, here after recovery and with nothing in flight. */
    @Test
    void fastRecovery_duplicateReportedAfterwards_isUndone() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 5));
        expect(full(1));
        in(sack(11));
        assertThat(c.info().congestionWindow()).isEqualTo(5 * MSS);
        in(ack().ack(at(11)).sack(at(1), at(2)));
        isUndone(true);
        assertThat(c.info().congestionWindow()).isEqualTo(10 * MSS);
    }

    @Test
    void fastRecovery_duplicateReportedMeanwhile_isUndone() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 5));
        expect(full(1));
        in(sack(6));
        network.sent.clear();
        in(ack().ack(at(6)).sack(at(1), at(2)));
        isUndone(true);
        in(sack(11));
    }

    @Test
    void fastRecovery_oneOfTwoReported_isNotUndone() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 3, 10));
        expect(full(1), full(2));
        in(sack(11));
        in(ack().ack(at(11)).sack(at(1), at(2)));
        isUndone(false);
    }

    /** A duplicate of what was sent before recovery began is none of it. */
    @Test
    void duplicateOfOlderData_isNotCounted() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(6));
        in(sack(6, 7, 10));
        expect(full(6));
        in(sack(11));
        in(ack().ack(at(11)).sack(at(1), at(2)));
        isUndone(false);
    }

    // ---- Timeouts

    /** RFC 5682 section 3.1: new data goes first; what had never been sent again arrives: nothing was lost. */
    @Test
    void timeout_originalsArrive_isUndone() {
        inFlight(10, 10);
        expectAfter(RTO, full(1));
        in(sack(2));
        expect(full(11), full(12));
        in(sack(3));
        isUndone(true);
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(1);
        network.sent.clear();
        in(sack(11));
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(1);
        network.sent.clear();
    }

    /** RFC 5682 section 3.1, step 3a: what arrives is only the new data: the rest is lost. */
    @Test
    void timeout_onlyNewDataArrives_goesOnSendingAgain() {
        inFlight(10, 10);
        expectAfter(RTO, full(1));
        in(sack(2));
        expect(full(11), full(12));
        in(sack(2, 11, 12));
        expect(full(2));
        isUndone(false);
        assertThat(c.info().recovery()).isEqualTo("TIMEOUT");
        network.sent.clear();
    }

    /** RFC 5682 section 3.1, step 2a: without new data to send, what else seems lost goes again. */
    @Test
    void timeout_noNewData_goesOnSendingAgain() {
        inFlight(10, 0);
        expectAfter(RTO, full(1));
        in(sack(2));
        expect(full(2), full(3));
        in(sack(11));
        isUndone(false);
    }

    @Test
    void timeout_turnedOff_goesOnSendingAgain() {
        settings.frto(false);
        inFlight(10, 10);
        expectAfter(RTO, full(1));
        in(sack(2));
        expect(full(2), full(3));
        in(sack(4));
        isUndone(false);
        network.sent.clear();
    }

    /** RFC 5682 section 3.1, step 1: a second timeout begins nothing new. */
    @Test
    void secondTimeout_goesOnSendingAgain() {
        inFlight(10, 10);
        expectAfter(RTO, full(1));
        expectAfter(2 * RTO, full(1));
        in(sack(2));
        expect(full(2), full(3));
        network.sent.clear();
        in(sack(11));
        network.sent.clear();
    }

    /** RFC 5682 section 2.1: without SACK, an ACK over what was sent again may only fill a hole. */
    @Test
    void timeoutWithoutSack_holeFilled_isNotUndone() {
        establishedWithin(plain());
        send(10, 10);
        expectAfter(RTO, full(1));
        in(sack(6));
        isUndone(false);
        expect(full(11), full(12));
        in(sack(7)); // but what the next one is for was never sent again
        isUndone(true);
        network.sent.clear();
    }

    /**
     * RFC 5682 section 2.1, step 3a: a duplicate ACK says that only the new data has arrived; what is lost goes again, in a window of three segments,
     * from which each further duplicate takes one.
     */
    @Test
    void timeoutWithoutSack_onlyNewDataArrives_goesOnSendingAgain() {
        establishedWithin(plain());
        send(10, 10);
        expectAfter(RTO, full(1));
        in(sack(2));
        expect(full(11), full(12));
        in(sack(2));
        expect(full(2), full(3));
        isUndone(false);
        assertThat(c.info().recovery()).isEqualTo("TIMEOUT");
        assertThat(c.info().congestionWindow()).isEqualTo(3 * MSS);
        in(sack(2));
        expect(full(4));
        in(sack(2)); // of what was sent before the timeout: taken for lost, and not counted twice
        expectNothing();
        in(sack(3));
        expect(full(5), full(6)); // slow start
        in(sack(11));
        network.sent.clear();
        in(sack(13));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        network.sent.clear();
    }

    /** RFC 3522: with timestamps the first ACK tells; RFC 4015 section 3.2: the window opens without a burst. */
    @Test
    void timeout_ackEchoesTheOriginal_isUndoneAtOnce() {
        tenStamped(10);
        expectAfter(RTO, data(STAMPED));
        in(ack().ack(stamped(2)).ts(400, RTT));
        isUndone(true);
        assertThat(c.info().congestionWindow()).isEqualTo(10 * STAMPED); // nine in flight, one acknowledged
        expect(data(STAMPED).seq(stamped(11)));
        in(ack().ack(stamped(11)).ts(400, RTT));
        network.sent.clear();
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(1);
    }
}
