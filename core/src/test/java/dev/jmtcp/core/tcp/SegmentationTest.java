package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the stream is cut into segments: Nagle's algorithm, PSH, the congestion window at the beginning, offload (RFC 9293 sections 3.7, 3.9.1.2). */
class SegmentationTest extends TcpFixture {

    // ---- Nagle

    /** RFC 9293 section 3.7.4, SHLD-7. */
    @Test
    @Requirement("MUST-60")
    @Requirement("SHLD-7")
    @Requirement("MAY-16")
    void nagle_smallDataWhileSomeIsInFlight_waitsForTheAck() {
        established();
        write(10);
        expect(data(10).push());
        write(20);
        write(30);
        expectNothing();
        in(ack().ack(11));
        expect(data(50).seq(11).push());
    }

    /** RFC 9293 section 3.7.4: a full segment goes. */
    @Test
    @Requirement("SHLD-7")
    @Requirement("SHLD-28")
    void nagle_fullSegmentGathers_goes() {
        established();
        write(10);
        expect(data(10).push());
        write(1000);
        expectNothing();
        write(1000);
        expect(data(1460).seq(11));
        in(ack().ack(11)); // there is still something in flight
        expectNothing();
        in(ack().ack(1471));
        expect(data(540).seq(1471).push());
    }

    /** RFC 9293 section 3.7.4: the last, small segment of a large write waits too, unless everything before is acknowledged. */
    @Test
    void nagle_tailOfALargeWrite_waits() {
        established();
        write(3000);
        expect(data(1460), data(1460).seq(1461));
        in(ack().ack(2921));
        expect(data(80).seq(2921).push());
    }

    /** RFC 9293 section 3.7.4, MUST-17. */
    @Test
    @Requirement("MUST-17")
    void noDelay_smallData_goesAtOnce() {
        established();
        options(o -> o.noDelay = true);
        write(10);
        expect(data(10).push());
        write(20);
        expect(data(20).seq(11).push());
        write(3000);
        expect(data(1460).seq(31), data(1460).seq(1491), data(80).seq(2951).push());
    }

    /** What waits goes when the algorithm is turned off. */
    @Test
    void nagle_turnedOffWhileSomethingWaits_sendsIt() {
        established();
        write(10);
        expect(data(10).push());
        write(20);
        expectNothing();
        options(o -> o.noDelay = true);
        expect(data(20).seq(11).push());
    }

    /** All connections of a stack may begin so. */
    @Test
    void noDelayInTheSettings_holdsForConnections() {
        settings.noDelay(true);
        established();
        write(10);
        expect(data(10).push());
        write(20);
        expect(data(20).seq(11).push());
    }

    // ---- Cork

    @Test
    void cork_onlyFullSegmentsGo() {
        established();
        options(o -> o.cork = true);
        write(1000);
        expectNothing();
        write(1000);
        expect(data(1460));
        in(ack().ack(1461));
        expectNothing();
        options(o -> o.cork = false);
        expect(data(540).seq(1461).push());
    }

    /** Not without end: as Linux does, after 200 ms, here one timeout, it goes. */
    @Test
    @Requirement("MUST-60")
    void cork_leftAlone_sendsAfterATimeout() {
        established();
        options(o -> o.cork = true);
        write(1000);
        expectAfter(200, data(1000).push());
    }

    /** The end of the stream is no reason to wait for more. */
    @Test
    void cork_shutdown_sendsTheRestWithTheFin() {
        established();
        options(o -> o.cork = true);
        write(1000);
        shutdownOutput();
        expect(data(1000).push().withFin());
    }

    // ---- PSH

    /** RFC 9293 section 3.9.1.2, MUST-61: on the last buffered segment; SHLD-27: only there. */
    @Test
    @Requirement("MUST-61")
    @Requirement("SHLD-27")
    @Requirement("SHLD-28")
    void push_isOnTheLastSegmentOfWhatIsBuffered() {
        established();
        write(1460);
        expect(data(1460).push());
        write(4380);
        expect(data(1460).seq(1461), data(1460).seq(2921), data(1460).seq(4381).push());
    }

    /** RFC 9293 section 3.9.1.2: it belongs to the last byte, so it goes again with it. */
    @Test
    void push_sentAgain_isOnTheLastByteOnly() {
        established();
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        expectAfter(200, data(1460));
        in(ack().ack(1461));
        expect(data(1460).seq(1461).push());
    }

    /** RFC 9293 section 3.9.1.2, MUST-60: what comes is told at once, pushed or not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void push_received_makesNoDifference(boolean push) {
        established();
        in(push ? data(100).push() : data(100));
        assertThat(takeEvents()).isEqualTo(Events.READABLE);
        assertThat(read(100)).isEqualTo(100);
        expectAfter(40, ack().ack(101));
    }

    // ---- The beginning

    /** RFC 6928 section 2: min(10 * MSS, max(2 * MSS, 14600)). */
    @ParameterizedTest
    @ValueSource(ints = {88, 536, 1000, 1220, 1460, 1461, 2000, 4000, 7300, 8960})
    void initialWindow_isThatOfRfc6928(int mss) {
        network.path.mtu = 9000;
        established(Packet.syn().mss(mss));
        int window = Math.min(10 * mss, Math.max(2 * mss, 14_600));
        write(65_000);
        int sent = 0;
        while (!network.sent.isEmpty()) {
            Packet p = next();
            assertThat(p.length).isEqualTo(mss);
            sent += p.length;
        }
        assertThat(sent).isEqualTo(window / mss * mss);
    }

    /** RFC 7661 section 4.1: a window in full use has limited what was sent, and may grow, though nothing more was waiting. */
    @Test
    void initialWindow_usedInFull_grows() {
        established();
        write(14_600);
        network.sent.clear();
        in(ack().ack(1461));
        assertThat(c.info().congestionWindow()).isEqualTo(14_600 + 1460);
    }

    /** RFC 7661 section 4.1: a window that was not used says nothing. */
    @Test
    void initialWindow_hardlyUsed_doesNotGrow() {
        established();
        write(1460);
        expect(data(1460).push());
        in(ack().ack(1461));
        assertThat(c.info().congestionWindow()).isEqualTo(14_600);
    }

    @Test
    void initialWindowInTheSettings_isUsed() {
        settings.initialWindow(2);
        established();
        write(65_000);
        expect(data(1460), data(1460).seq(1461));
    }

    // ---- What the frame says

    /** RFC 9293 section 3.9.2, MUST-48 and MUST-49: DSCP and TTL can be set; SHLD-21: also later. */
    @Test
    @Requirement("MUST-48")
    @Requirement("MUST-49")
    @Requirement("SHLD-21")
    void trafficClassAndHopLimit_areThoseOfTheOptions() {
        established();
        options(o -> {
            o.trafficClass = 0xb8;
            o.hopLimit = 3;
        });
        write(10);
        expect(data(10).push().trafficClass(0xb8).hopLimit(3));
        abort();
        expect(Packet.rstAck().seq(11).trafficClass(0xb8).hopLimit(3));
    }

    @Test
    @Requirement("MUST-49")
    void hopLimitInTheSettings_isUsedForEverything() {
        settings.hopLimit(17);
        start();
        in(ack().ack(9));
        expect(Packet.rst().seq(9).hopLimit(17));
        synSent();
        in(Packet.synAck());
        expect(ack().hopLimit(17).trafficClass(0));
    }

    // ---- The device cuts

    /** Many segments in one frame, each full but the last. */
    @Test
    void offload_muchData_goesInOneFrame() {
        network.path.maxSegmentation = 65_000;
        established();
        write(14_600);
        expect(data(14_600).push().segmentSize(1460));
        in(ack().ack(14_601));
        write(17_520); // the congestion window, two segments larger
        expect(data(17_520).seq(14_601).push().segmentSize(1460));
    }

    /** No more than the device takes, headers included. */
    @Test
    void offload_limitOfTheDevice_holds() {
        network.path.maxSegmentation = 5000;
        established();
        write(14_600);
        expect(
                data(4380).segmentSize(1460),
                data(4380).seq(4381).segmentSize(1460),
                data(4380).seq(8761).segmentSize(1460),
                data(1460).seq(13_141).push());
    }

    /** No more than the peer's window. */
    @Test
    void offload_windowOfThePeer_holds() {
        network.path.maxSegmentation = 65_000;
        peerWindow = 5000;
        established(plain().window(5000));
        write(14_600);
        expect(data(4380).segmentSize(1460));
    }

    /** What is sent again is sent in single segments, from the right place. */
    @Test
    void offload_lostInPart_sendsThePartAgain() {
        settings.rack(false);
        network.path.maxSegmentation = 65_000;
        established(Packet.syn().mss(1460).sackOk());
        write(14_600);
        expect(data(14_600).push().segmentSize(1460));
        in(ack().ack(1461).sack(2921, 4381));
        in(ack().ack(1461).sack(2921, 5841));
        in(ack().ack(1461).sack(2921, 7301));
        expect(data(1460).seq(1461));
        in(ack().ack(14_601));
        quiet(10_000);
    }

    /** RFC 5681 section 3.2: three duplicate ACKs tell of one segment, not of a whole frame. */
    @Test
    void offload_duplicateAcks_sendOneSegmentAgain() {
        network.path.maxSegmentation = 65_000;
        settings.congestionControl("newreno");
        established();
        write(14_600);
        expect(data(14_600).push().segmentSize(1460));
        in(ack(), ack(), ack());
        expect(data(1460));
        in(ack(), ack(), ack());
        expectNothing();
        in(ack().ack(5841)); // a partial ACK tells of one more
        expect(data(1460).seq(5841));
        in(ack().ack(14_601));
        quiet(10_000);
    }

    /** RFC 6675 section 4: nor do selective acknowledgments. */
    @Test
    void offload_sackOfTheEnd_sendsTheBeginningAgainAsThePipeAllows() {
        network.path.maxSegmentation = 65_000;
        settings.congestionControl("newreno").rack(false);
        established(plain().sackOk());
        write(14_600);
        expect(data(14_600).push().segmentSize(1460));
        in(ack().sack(1461, 5841));
        expect(data(1460));
        in(ack().sack(1461, 14_601));
        expectNothing();
        in(ack().ack(14_601));
        quiet(10_000);
    }

    /** Each segment that the device makes has the options of the frame: with SACK blocks they are shorter. */
    @Test
    void offload_withSackBlocksDue_makesSegmentsThatFitTheMtu() {
        network.path.maxSegmentation = 65_000;
        established(modern());
        in(data(100).seq(1001));
        expect(ack().sack(1001, 1101));
        write(10_000);
        int size = 1448 - 12;
        expect(data(10_000 / size * size).segmentSize(size).sack(1001, 1101));
        // Nagle holds back the rest.
        in(ack().seq(1).ack(1 + 10_000 / size * size));
        expect(data(10_000 % size).seq(1 + 10_000 / size * size).push().sack(1001, 1101));
    }

    /** RFC 9293 section 3.10.7.4: other bits of the header are of no concern. */
    @Test
    void received_ecnBits_areIgnored() {
        established();
        in(data(10).with(TcpHeader.ECE).with(TcpHeader.CWR));
        assertThat(read(100)).isEqualTo(10);
        expectAfter(40, ack().ack(11));
    }
}
