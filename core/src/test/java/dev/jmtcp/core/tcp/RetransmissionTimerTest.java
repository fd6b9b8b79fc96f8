package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.rstAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;

/** When something is sent again: RFC 6298; and for how long: RFC 9293 section 3.8.3. */
class RetransmissionTimerTest extends SeveralIsns {

    /** Establishes with this round-trip time, in milliseconds. */
    private void establishedWithRtt(long rtt, Packet syn) {
        synReceived(syn);
        advance(rtt);
        in(ack());
        accept();
        takeEvents();
    }

    /** Sends a segment and has it acknowledged after a time. */
    private void exchange(int seq, long rtt) {
        write(1000);
        expect(data(1000).seq(seq).push());
        advance(rtt);
        in(ack().ack(seq + 1000));
        expectNothing();
    }

    // ---- RFC 6298 section 2: the timeout

    /** RFC 6298 section 2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR = 3 R. */
    @Test
    @Requirement("MUST-18")
    void firstSample_timeoutIsThreeTimesIt() {
        establishedWithRtt(100, plain());
        write(100);
        expect(data(100).push());
        expectAfter(300, data(100).push());
    }

    /** RFC 6298 section 2.3, in integers. */
    @Test
    @Requirement("MUST-18")
    void laterSamples_areSmoothed() {
        establishedWithRtt(100, plain());
        double srtt = 100;
        double variation = 50;
        int seq = 1;
        for (int r : new int[] {100, 140, 80, 200, 100}) {
            exchange(seq, r);
            seq += 1000;
            variation = 0.75 * variation + 0.25 * Math.abs(srtt - r);
            srtt = 0.875 * srtt + 0.125 * r;
        }
        double rto = srtt + 4 * variation;
        write(100);
        expect(data(100).seq(seq).push());
        expectAfterNanos((long) (rto * 1e6) - 10, data(100).seq(seq).push()); // in integers it is a little less
    }

    /** RFC 6298 section 2.4 asks for a second; this is the 200 ms of Linux, a setting. */
    @Test
    void shortRoundTrips_timeoutIsTheLeast() {
        settings.minRto(1000 * MS);
        established();
        write(100);
        expect(data(100).push());
        expectAfter(1000, data(100).push());
    }

    /** RFC 6298 section 2.5. */
    @Test
    void longRoundTrips_timeoutIsAtMostTheGreatest() {
        settings.maxRto(60_000 * MS);
        settings.initialRto(60_000 * MS);
        establishedWithRtt(50_000, plain());
        write(100);
        expect(data(100).push());
        expectAfter(60_000, data(100).push());
    }

    // ---- RFC 6298 section 3: samples

    /** RFC 6298 section 3, Karn: no sample from what was sent twice; section 5.7: the backed-off timeout stays. */
    @Test
    @Requirement("MUST-18")
    void sentAgain_ackGivesNoSample() {
        establishedWithRtt(100, plain());
        write(100);
        expect(data(100).push());
        expectAfter(300, data(100).push());
        advance(10);
        in(ack().ack(101)); // of the first or of the second?
        assertThat(c.info().smoothedRtt() / MS).isEqualTo(100);
        write(100);
        expect(data(100).seq(101).push());
        expectAfter(600, data(100).seq(101).push());
    }

    /** RFC 6298 section 3, Karn: a window update is no sample either. */
    @Test
    void sentAgain_windowUpdate_keepsTheBackOff() {
        establishedWithRtt(100, plain());
        write(100);
        expect(data(100).push());
        expectAfter(300, data(100).push());
        in(ack().ack(101));
        in(ack().ack(101).window(5000));
        write(100);
        expect(data(100).seq(101).push());
        expectAfter(600, data(100).seq(101).push());
    }

    /** RFC 6298 section 5.5: data that was held back and has not been sent before has not timed out. */
    @Test
    void heldBackData_sentByTheOverride_isNotBackedOff() {
        established();
        options(o -> o.cork = true);
        write(100);
        expectAfter(200, data(100).push());
        expectAfter(200, data(100).push());
        expectAfter(400, data(100).push());
    }

    /** RFC 6298 section 5.7 and section 3: the next one sent once tells. */
    @Test
    void sentAgain_nextSampleEndsTheBackOff() {
        establishedWithRtt(100, plain());
        write(100);
        expect(data(100).push());
        expectAfter(300, data(100).push());
        in(ack().ack(101));
        exchange(101, 100);
        write(100);
        expect(data(100).seq(1101).push());
        expectAfter(250, data(100).seq(1101).push()); // 100 + 4 * 37.5
    }

    /** RFC 7323 section 4: with timestamps the echo tells which one was answered. */
    @Test
    void sentAgainWithTimestamps_echoGivesASample() {
        establishedWithRtt(100, modern());
        write(100);
        expect(data(100).push());
        expectAfter(300, data(100).push());
        advance(100);
        in(ack().ack(101)); // echoes the second
        assertThat(c.info().smoothedRtt() / MS).isEqualTo(100);
        write(100);
        expect(data(100).seq(101).push());
        expectAfter(250, data(100).seq(101).push());
    }

    // ---- RFC 6298 section 5: the timer

    /** RFC 6298 section 5.1: it runs already, so it is not started anew. */
    @Test
    void running_moreDataIsSent_isNotStartedAnew() {
        established();
        options(o -> o.noDelay = true);
        write(100);
        expect(data(100).push());
        advance(150);
        write(100);
        expect(data(100).seq(101).push());
        expectAfter(50, data(100), data(100).seq(101).push()); // both fit the window of one segment
    }

    /** RFC 6298 section 5.2: all acknowledged: off. */
    @Test
    void running_allAcknowledged_isOff() {
        established();
        write(100);
        expect(data(100).push());
        in(ack().ack(101));
        quiet(1_000_000);
    }

    /** RFC 6298 section 5.3: new data acknowledged: anew. */
    @Test
    void running_someAcknowledged_isStartedAnew() {
        established();
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        advance(150);
        in(ack().ack(1461));
        expectNothing();
        quiet(190);
        // RTT samples of 0 and 150 ms: 18.75 + 4 * 37.5, less than the least
        expectAfter(10, data(1460).seq(1461).push());
    }

    /** RFC 6298 section 5.3: a duplicate ACK is no reason. */
    @Test
    void running_duplicateAck_isNotStartedAnew() {
        established();
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        advance(150);
        in(ack());
        expectAfter(50, data(1460));
    }

    /** RFC 6298 sections 5.4 to 5.6: the earliest is sent again, the timeout doubles. */
    @Test
    @Requirement("MUST-18")
    @Requirement("MUST-19")
    void expired_earliestSegmentGoesAgainAndTimeoutDoubles() {
        established();
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        expectAfter(200, data(1460));
        expectAfter(400, data(1460));
        expectAfter(800, data(1460));
        assertThat(count(Counter.TCP_TIMEOUTS)).isEqualTo(3);
        assertThat(count(Counter.TCP_RETRANSMITS)).isEqualTo(3);
        in(ack().ack(1461));
        expect(data(1460).seq(1461).push());
        in(ack().ack(2921));
        quiet(100_000);
    }

    /** RFC 5681 section 3.1: after the timeout the window is one segment, and slow start begins: ACK by ACK two more. */
    @Test
    @Requirement("MUST-19")
    void expired_manyInFlight_goAgainBySlowStart() {
        established();
        write(14_600);
        for (int i = 0; i < 9; i++) {
            expect(data(1460).seq(1 + 1460 * i));
        }
        expect(data(1460).seq(13_141).push());
        expectAfter(200, data(1460));
        in(ack().ack(1461));
        expect(data(1460).seq(1461), data(1460).seq(2921));
        in(ack().ack(2921));
        expect(data(1460).seq(4381), data(1460).seq(5841));
        in(ack().ack(4381));
        expect(data(1460).seq(7301), data(1460).seq(8761));
        assertThat(c.info().congestionWindow()).isEqualTo(4 * 1460);
    }

    /** RFC 5681 section 3.1: the receiver had kept what came after the loss: it does not go again. */
    @Test
    void expired_restWasNotLost_isNotSentAgain() {
        established();
        write(14_600);
        for (int i = 0; i < 10; i++) {
            network.sent.remove();
        }
        expectAfter(200, data(1460));
        in(ack().ack(14_601));
        quiet(100_000);
    }

    /** RFC 5681 section 3.1, equation 4, once; when the same segment times out again the threshold stays. */
    @Test
    void expired_thresholdIsSetOnce() {
        settings.congestionControl("newreno");
        established();
        write(14_600);
        network.sent.clear();
        advance(201);
        network.sent.clear();
        assertThat(c.info().slowStartThreshold()).isEqualTo(7300);
        assertThat(c.info().congestionWindow()).isEqualTo(1460);
        advance(401);
        network.sent.clear();
        assertThat(c.info().slowStartThreshold()).isEqualTo(7300);
    }

    // ---- How long

    /** RFC 9293 section 3.8.3: R1 tells IP (MUST-20, SHLD-10) and the application (SHLD-9), R2 ends the connection, after 100 s at least (SHLD-11). */
    @Test
    @Requirement("MUST-20")
    @Requirement("SHLD-9")
    @Requirement("SHLD-10")
    @Requirement("SHLD-11")
    void noAnswer_tellsAndGivesUp() {
        established();
        long begin = now;
        write(100);
        expect(data(100).push());
        long wait = 200;
        for (int i = 1; i <= 15; i++) {
            expectAfter(wait, data(100).push());
            wait = Math.min(2 * wait, 120_000);
            assertThat(network.doubts).isEqualTo(i >= 3 ? 1 : 0);
        }
        assertThat(c.takeSoftError()).isEqualTo(CloseReason.TIMED_OUT);
        advance(wait + 1);
        network.sent.clear(); // the peer may be told, RFC 9293 section 3.10.8 does not say
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.TIMED_OUT);
        assertThat(takeEvents() & (Events.ERROR | Events.CLOSED)).isEqualTo(Events.ERROR | Events.CLOSED);
        assertThat((now - begin) / MS).isGreaterThan(100_000);
        assertThat(count(Counter.TCP_TIMED_OUT)).isEqualTo(1);
        in(ack().ack(101));
        expect(rst().seq(101));
    }

    /** RFC 9293 section 3.8.3: the count begins anew when something is acknowledged. */
    @Test
    void answerInBetween_countsAnew() {
        settings.retries(3);
        established();
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        expectAfter(200, data(1460));
        expectAfter(400, data(1460));
        expectAfter(800, data(1460));
        in(ack().ack(1461));
        expect(data(1460).seq(1461).push());
        expectAfter(1600, data(1460).seq(1461).push());
        expectAfter(3200, data(1460).seq(1461).push());
        expectAfter(6400, data(1460).seq(1461).push());
        inState(State.ESTABLISHED);
        advance(12_801);
        network.sent.clear();
        inState(State.CLOSED);
    }

    // ---- User timeout

    /** RFC 9293 section 3.10.8 and 3.9.1.1, MUST-21: data not acknowledged for so long. */
    @Test
    @Requirement("MUST-21")
    void userTimeout_dataNotAcknowledged_ends() {
        established();
        options(o -> o.userTimeout = 1000 * MS);
        write(100);
        expect(data(100).push());
        expectAfter(200, data(100).push());
        expectAfter(400, data(100).push());
        advance(402);
        network.sent.clear();
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.TIMED_OUT);
    }

    /** MUST-21: a longer one than {@code tcp_retries2} would have holds, too. */
    @Test
    @Requirement("MUST-21")
    void userTimeout_longerThanTheRetries_holdsInstead() {
        settings.retries(2);
        established();
        options(o -> o.userTimeout = 10_000 * MS);
        write(100);
        expect(data(100).push());
        for (long wait = 200; wait < 5000; wait *= 2) {
            expectAfter(wait, data(100).push());
        }
        quiet(3790);
        inState(State.ESTABLISHED);
        advance(20);
        expect(rstAck().seq(101));
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.TIMED_OUT);
    }

    /** It counts from the oldest data not acknowledged. */
    @Test
    void userTimeout_someAcknowledged_countsAnew() {
        established();
        options(o -> o.userTimeout = 1000 * MS);
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        expectAfter(200, data(1460));
        expectAfter(400, data(1460));
        in(ack().ack(1461));
        expect(data(1460).seq(1461).push());
        advance(900);
        network.sent.clear();
        inState(State.ESTABLISHED);
        advance(200);
        network.sent.clear();
        inState(State.CLOSED);
    }

    /** Nothing to be acknowledged: no reason to end. */
    @Test
    void userTimeout_nothingInFlight_doesNothing() {
        established();
        options(o -> o.userTimeout = 1000 * MS);
        quiet(100_000);
        write(100);
        expect(data(100).push());
        in(ack().ack(101));
        quiet(100_000);
        inState(State.ESTABLISHED);
    }

    /** It may be set before the connection is opened, and holds for the SYN too. */
    @Test
    void userTimeout_setBeforeConnecting_holdsForTheSyn() {
        start();
        ConnectionOptions options = new ConnectionOptions(tcp.options());
        options.userTimeout = 5000 * MS;
        c = tcp.connect(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT, options);
        c.attach(this);
        turn();
        expect(ourSyn());
        expectAfter(1000, ourSyn());
        expectAfter(2000, ourSyn());
        quiet(1999);
        inState(State.SYN_SENT);
        quiet(2);
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.TIMED_OUT);
    }

    /** RFC 9293 section 3.8.6.1, MUST-37: a closed window is no failure while the peer answers. */
    @Test
    void userTimeout_windowClosedAndProbesAnswered_doesNotEnd() {
        peerWindow = 0;
        established(plain().window(0));
        options(o -> o.userTimeout = 10_000 * MS);
        write(100);
        long wait = 200;
        for (int i = 0; i < 12; i++) {
            expectAfter(wait, ack().seq(0));
            in(ack().window(0));
            wait = Math.min(2 * wait, 9000);
            if (wait == 9000) {
                break; // the next probe would come after the timeout
            }
        }
        inState(State.ESTABLISHED);
        abort();
        expect(rstAck());
    }
}
