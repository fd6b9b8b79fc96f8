package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.Test;

/** Tail loss probes: RFC 8985 section 7. */
class TailLossProbeTest extends RecoveryFixture {

    /** Sections 7.2 and 7.3: the last segment goes again, and its acknowledgment shows what else is lost. */
    @Test
    void tailLost_lastSegmentProbes_restIsSentAgainWithoutTimeout() {
        inFlight(5, 0);
        advance(RTT);
        in(sack(3));
        expectAfter(PTO, full(5).push());
        advance(RTT);
        in(sack(3, 5, 6));
        expect(full(3)); // one has arrived, one may go (RFC 9937)
        advance(RTT);
        in(sack(4, 5, 6));
        expect(full(4));
        advance(RTT);
        in(sack(6));
        quiet(10_000);
        assertThat(count(Counter.TCP_LOSS_PROBES)).isEqualTo(1);
        assertThat(count(Counter.TCP_TIMEOUTS)).isZero();
    }

    /** Section 7.3: new data is the better probe, whatever the congestion window says. */
    @Test
    void newDataWaits_itProbes() {
        inFlight(10, 10);
        expectAfter(PTO, full(11));
        expectAfter(RTO, full(1)); // one probe only, then a whole timeout
        assertThat(count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
        in(sack(12));
        network.sent.clear();
    }

    /** Section 7.3: but not beyond the peer's window. */
    @Test
    void newDataBeyondThePeersWindow_lastSegmentProbes() {
        peerWindow = 10 * MSS;
        establishedWithin(plain().sackOk());
        send(10, 10);
        expectAfter(PTO, full(10));
        in(ack().ack(at(11)).window(0));
        in(ack().ack(at(11)));
        network.sent.clear();
        in(sack(21));
    }

    /** Section 7.2: one segment alone may wait for a delayed ACK; and never later than the retransmission timer. */
    @Test
    void oneSegment_probeWhereTheTimeoutWouldBe() {
        inFlight(1, 0);
        expectAfter(RTO, full(1).push());
        assertThat(count(Counter.TCP_TIMEOUTS)).isZero();
        expectAfter(RTO, full(1).push());
        assertThat(count(Counter.TCP_TIMEOUTS)).isEqualTo(1);
        in(sack(2));
        quiet(10_000);
    }

    /** Section 7.2: sending on does not put off the probe beyond the retransmission timer. */
    @Test
    void sendingOn_probeNoLaterThanTheTimeout() {
        establishedWithin(plain().sackOk());
        send(3, 0);
        advance(150);
        write(MSS);
        expect(full(4).push());
        expectAfter(RTO - 150, full(4).push());
        in(sack(5));
        quiet(10_000);
    }

    /** Section 7.3: a FIN is as good as data. */
    @Test
    void finInFlight_probesWithIt() {
        inFlight(2, 0);
        close();
        expect(fin().seq(at(3)));
        expectAfter(PTO, fin().seq(at(3)));
        in(ack().ack(at(3) + 1));
        inState(State.FIN_WAIT_2);
    }

    /** Of a frame that the device has cut only the last segment goes again. */
    @Test
    void frameOfManySegments_lastOneProbes() {
        network.path.maxSegmentation = 65_000;
        establishedWithin(plain().sackOk());
        write(5 * MSS);
        expect(data(5 * MSS).segmentSize(MSS).push());
        expectAfter(PTO, full(5).push());
        in(sack(6));
        quiet(10_000);
    }

    /** Section 7.4: acknowledged beyond, without a duplicate reported: the probe has repaired a loss, which is a sign of congestion. */
    @Test
    void probeRepairedALoss_windowIsReduced() {
        inFlight(10, 0);
        expectAfter(PTO, full(10).push());
        in(sack(11));
        assertThat(c.info().slowStartThreshold()).isGreaterThan(1 << 29);
        write(2 * MSS);
        expect(full(11), full(12).push());
        in(sack(13));
        assertThat(c.info().slowStartThreshold()).isEqualTo(2 * MSS);
        assertThat(c.info().congestionWindow()).isEqualTo(2 * MSS);
    }

    /** Section 7.4: a duplicate reported means that nothing was lost, also when nothing is in flight any more. */
    @Test
    void probeArrivedTwice_windowIsKept() {
        inFlight(10, 0);
        expectAfter(PTO, full(10).push());
        in(sack(11));
        in(ack().ack(at(11)).sack(at(10), at(11)));
        assertThat(count(Counter.TCP_SPURIOUS)).isEqualTo(1);
        write(2 * MSS);
        expect(full(11), full(12).push());
        in(sack(13));
        assertThat(c.info().slowStartThreshold()).isGreaterThan(1 << 29);
    }

    /** Section 7.4: nothing is to be concluded where the probe was new data. */
    @Test
    void probeWasNewData_windowIsKept() {
        inFlight(10, 2);
        expectAfter(PTO, full(11));
        in(sack(12));
        expect(full(12).push());
        in(sack(13));
        assertThat(c.info().slowStartThreshold()).isGreaterThan(1 << 29);
    }

    /** Section 7.2: no probe without SACK, during recovery, or where it is turned off. */
    @Test
    void withoutSack_noProbe() {
        establishedWithin(plain());
        send(3, 0);
        expectAfter(RTO, full(1));
        in(sack(4));
    }

    @Test
    void turnedOff_noProbe() {
        settings.tailLossProbe(false);
        inFlight(3, 0);
        expectAfter(RTO, full(1));
        in(sack(4));
    }

    @Test
    void somethingSacked_noProbe() {
        inFlight(10, 0);
        advance(RTT);
        in(sack(1, 2, 3));
        expectAfter(REORDERING, full(1));
        quiet(RTO - 20);
        expectAfter(10, full(1)); // the round trip of what was sacked has made the timeout 10 ms shorter
        assertThat(count(Counter.TCP_LOSS_PROBES)).isZero();
        in(sack(11));
    }

    /** No room in the transmit ring: the probe goes when there is. */
    @Test
    void ringFull_probeGoesLater() {
        inFlight(3, 0);
        network.room = 0;
        advance(PTO + 1);
        expectNothing();
        network.room = FakeNetwork.UNLIMITED;
        turn();
        expect(full(3).push());
        in(sack(4));
        quiet(10_000);
    }
}
