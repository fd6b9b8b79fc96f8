package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The congestion window at work: RFC 5681 section 3.1, RFC 3465. */
class CongestionTest extends SeveralIsns {

    private int acked;

    /** The peer acknowledges the next segments, two by two, and we send what may go. */
    private int round() {
        int end = Seq.distance(c.sndNxt, c.iss());
        int sent = 0;
        while (acked < end) {
            acked = Math.min(end, acked + 2 * 1460);
            in(ack().ack(acked));
            while (!network.sent.isEmpty()) {
                sent += next().length;
            }
            refill();
        }
        return sent / 1460;
    }

    private void refill() {
        tryWrite(c.writable());
        turn();
        while (!network.sent.isEmpty()) {
            next();
        }
    }

    private void begin() {
        settings.congestionControl("newreno").sendBuffer(1 << 20);
        established(plain().scale(7));
        acked = 1;
        tryWrite(1 << 20);
        turn();
        int sent = 0;
        while (!network.sent.isEmpty()) {
            sent += next().length;
        }
        assertThat(sent).isEqualTo(14_600);
    }

    /** RFC 5681 section 3.1 with RFC 3465 section 2.2: twice as much each round trip, although only every second segment is acknowledged. */
    @Test
    @Requirement("MUST-19")
    void slowStart_doublesEachRoundTrip() {
        begin();
        assertThat(round()).isEqualTo(20);
        assertThat(round()).isEqualTo(40);
        assertThat(round()).isEqualTo(80);
        assertThat(c.info().congestionWindow()).isEqualTo(80 * 1460);
    }

    /** RFC 5681 section 3.1: one segment more each round trip. */
    @Test
    @Requirement("MUST-19")
    void congestionAvoidance_growsByOneSegmentEachRoundTrip() {
        begin();
        in(ack(), ack(), ack()); // halves it
        while (!network.sent.isEmpty()) {
            next();
        }
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        acked = Seq.distance(c.sndNxt, c.iss());
        in(ack().ack(acked));
        while (!network.sent.isEmpty()) {
            next();
        }
        // RFC 6582 section 3.2, step 3: one segment; slow start up to the threshold.
        assertThat(c.info().congestionWindow()).isLessThanOrEqualTo(5 * 1460);
        while (c.info().congestionWindow() < 5 * 1460) {
            round();
        }
        int window = c.info().congestionWindow();
        for (int i = 1; i <= 5; i++) {
            round();
            assertThat((double) c.info().congestionWindow())
                    .isBetween(window + (i - 1) * 1460.0, window + (i + 1) * 1460.0);
        }
    }

    /** RFC 3465 section 2.3: an ACK of very much grows the window by two segments only; with HyStart++ by eight (RFC 9406 section 4.3). */
    @ParameterizedTest
    @CsvSource({"false, 2", "true, 8"})
    void slowStart_stretchAck_growsByLSegments(boolean hyStart, int most) {
        settings.hyStart(hyStart);
        begin();
        in(ack().ack(14_601));
        int sent = 0;
        while (!network.sent.isEmpty()) {
            sent += next().length;
        }
        assertThat(sent).isEqualTo((10 + most) * 1460);
    }

    /** RFC 5681 section 3.1: nor does it help to acknowledge a segment byte by byte. */
    @Test
    void slowStart_dividedAcks_growByWhatTheyAcknowledge() {
        begin();
        for (int i = 1; i <= 1460; i++) {
            in(ack().ack(1 + i));
            network.sent.clear();
        }
        assertThat(c.info().congestionWindow()).isEqualTo(11 * 1460);
    }

    /** Another algorithm goes on with the windows of the one before, also while a loss is being recovered from. */
    @Test
    void otherAlgorithmDuringRecovery_keepsTheWindows() {
        begin();
        in(ack(), ack(), ack());
        network.sent.clear();
        assertThat(c.info().recovery()).isEqualTo("FAST");
        TcpInfo before = c.info();
        options(o -> o.congestionControl = "cubic");
        assertThat(c.info().congestionControl()).isEqualTo("cubic");
        assertThat(c.info().congestionWindow()).isEqualTo(before.congestionWindow());
        assertThat(c.info().slowStartThreshold()).isEqualTo(before.slowStartThreshold());
        in(ack().ack(14_601));
        network.sent.clear();
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        assertThat(c.info().congestionWindow()).isLessThanOrEqualTo(before.slowStartThreshold());
    }
}
