package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.syn;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static dev.jmtcp.core.wire.TcpHeader.CWR;
import static dev.jmtcp.core.wire.TcpHeader.ECE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.TcpSettings.Ecn;
import dev.jmtcp.testsupport.Requirement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Explicit congestion notification: RFC 3168 section 6.1. */
class EcnTest extends TcpFixture {

    private static final int NOT_CAPABLE = 0;
    private static final int CAPABLE = 2;
    private static final int CONGESTION = 3;

    private static Packet asking() {
        return plain().with(ECE).with(CWR);
    }

    /** A connection that the peer has opened, asking for it, with standard congestion control. */
    private void agreed() {
        settings.congestionControl("newreno");
        listen();
        in(asking());
        c = find();
        expect(ourSynAck(plain()).with(ECE).trafficClass(NOT_CAPABLE));
        in(ack());
        accept();
        assertThat(c.info().ecn()).isTrue();
        takeEvents();
    }

    /** The sequence number of the first byte of a segment. */
    private static int at(int segment) {
        return 1 + (segment - 1) * 1460;
    }

    private static Packet full(int segment) {
        return data(1460).seq(at(segment)).trafficClass(CAPABLE);
    }

    /** Ten segments in flight, the whole initial window, and so many more waiting. */
    private void tenInFlight(int more) {
        agreed();
        write((10 + more) * 1460);
        for (int i = 1; i < 10; i++) {
            expect(full(i));
        }
        expect(more == 0 ? full(10).push() : full(10));
    }

    // ---- Agreeing: section 6.1.1

    @Test
    @Requirement("SHLD-8")
    void connect_on_asksAndMarksData() {
        settings.ecn(Ecn.ON);
        connect();
        expect(ourSyn().with(ECE).with(CWR).trafficClass(NOT_CAPABLE));
        in(synAck().mss(1460).with(ECE));
        expect(ack().trafficClass(NOT_CAPABLE));
        assertThat(c.info().ecn()).isTrue();
        assertThat(count(Counter.TCP_ECN_ESTABLISHED)).isEqualTo(1);
        write(10);
        expect(data(10).push().trafficClass(CAPABLE));
    }

    @ParameterizedTest
    @EnumSource(names = "ON", mode = EnumSource.Mode.EXCLUDE)
    void connect_notOn_doesNotAsk(Ecn mode) {
        settings.ecn(mode);
        connect();
        expect(ourSyn());
        in(synAck().mss(1460).with(ECE));
        expect(ack());
        assertThat(c.info().ecn()).isFalse();
        write(10);
        expect(data(10).push().trafficClass(NOT_CAPABLE));
    }

    /** The peer does not know it; or sends back whatever it gets. */
    @ParameterizedTest
    @ValueSource(ints = {0, CWR, ECE | CWR})
    void connect_answerWithout_isWithout(int flags) {
        settings.ecn(Ecn.ON);
        connect();
        expect(ourSyn().with(ECE).with(CWR));
        in(synAck().mss(1460).with(flags));
        expect(ack());
        assertThat(c.info().ecn()).isFalse();
        write(10);
        expect(data(10).push().trafficClass(NOT_CAPABLE));
    }

    /** Section 6.1.1.1: something on the way may drop SYNs that ask; and once one has gone without, nothing is agreed. */
    @Test
    void connect_noAnswer_asksNoMore() {
        settings.ecn(Ecn.ON);
        connect();
        expect(ourSyn().with(ECE).with(CWR));
        expectAfter(1000, ourSyn());
        expectAfter(2000, ourSyn());
        in(synAck().mss(1460).with(ECE));
        expect(ack());
        assertThat(c.info().ecn()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = "OFF", mode = EnumSource.Mode.EXCLUDE)
    @Requirement("SHLD-8")
    void listen_asked_agrees(Ecn mode) {
        settings.ecn(mode);
        agreed();
        assertThat(count(Counter.TCP_ECN_ESTABLISHED)).isEqualTo(1);
        write(10);
        expect(data(10).push().trafficClass(CAPABLE));
    }

    @Test
    void listen_offAndAsked_doesNotAgree() {
        settings.ecn(Ecn.OFF);
        listen();
        in(asking());
        expect(ourSynAck(plain()));
        in(ack());
        accept();
        assertThat(c.info().ecn()).isFalse();
    }

    /** A SYN asks by both flags. */
    @ParameterizedTest
    @ValueSource(ints = {ECE, CWR})
    void listen_oneFlagOnly_isNotAsked(int flag) {
        settings.ecn(Ecn.ON);
        listen();
        in(plain().with(flag));
        expect(ourSynAck(plain()));
        in(ack());
        accept();
        assertThat(c.info().ecn()).isFalse();
    }

    @Test
    void synReceived_noAnswer_synAckAgreesAgain() {
        listen();
        in(asking());
        expect(ourSynAck(plain()).with(ECE));
        expectAfter(1000, ourSynAck(plain()).with(ECE));
        in(asking());
        expect(ourSynAck(plain()).with(ECE));
    }

    /** Section 6.1.1.1: the peer asks no more. */
    @Test
    void synReceived_synAgainWithout_isWithout() {
        listen();
        in(asking());
        expect(ourSynAck(plain()).with(ECE));
        in(plain());
        expect(ourSynAck(plain()));
        in(ack());
        accept();
        assertThat(c.info().ecn()).isFalse();
    }

    @Test
    void simultaneousOpen_bothAsk_isAgreedUpon() {
        settings.ecn(Ecn.ON);
        connect();
        expect(ourSyn().with(ECE).with(CWR));
        in(asking());
        expect(ourSynAck(plain()).with(ECE));
        in(synAck().mss(1460).with(ECE));
        inState(State.ESTABLISHED);
        assertThat(c.info().ecn()).isTrue();
    }

    @Test
    void simultaneousOpen_synAckDoesNotAgree_isWithout() {
        settings.ecn(Ecn.ON);
        connect();
        expect(ourSyn().with(ECE).with(CWR));
        in(asking());
        expect(ourSynAck(plain()).with(ECE));
        in(synAck().mss(1460));
        inState(State.ESTABLISHED);
        assertThat(c.info().ecn()).isFalse();
    }

    // ---- Receiving: section 6.1.3

    /** On every ACK, until the sender says that it has heard. */
    @Test
    @Requirement("SHLD-8")
    void data_metCongestion_isEchoedUntilTheSenderHasHeard() {
        agreed();
        in(data(1460), data(1460).seq(1461).trafficClass(CONGESTION));
        expect(ack().ack(2921).with(ECE));
        in(data(1460).seq(2921).trafficClass(CAPABLE), data(1460).seq(4381).trafficClass(CAPABLE));
        expect(ack().ack(5841).with(ECE));
        write(10);
        expect(data(10).ack(5841).push().with(ECE));
        in(
                data(1460).seq(5841).ack(11).with(CWR).trafficClass(CAPABLE),
                data(1460).seq(7301).ack(11));
        expect(ack().seq(11).ack(8761));
        assertThat(count(Counter.TCP_CONGESTION_MET)).isEqualTo(1);
    }

    /** Section 6.1.3: the mark counts though the segment says that it has heard of the one before. */
    @Test
    void data_metCongestionWithCwr_isEchoed() {
        agreed();
        in(data(1460).trafficClass(CONGESTION), data(1460).seq(1461));
        expect(ack().ack(2921).with(ECE));
        in(data(1460).seq(2921).with(CWR).trafficClass(CONGESTION), data(1460).seq(4381));
        expect(ack().ack(5841).with(ECE));
    }

    /** What comes out of order is in the window, and counts. */
    @Test
    void dataOutOfOrder_metCongestion_isEchoed() {
        agreed();
        in(data(10).seq(11).trafficClass(CONGESTION));
        expect(ack().with(ECE));
    }

    /** Section 6.1.5: what lies outside the window does not count, whoever has sent it. */
    @Test
    void dataOutsideTheWindow_metCongestion_isIgnored() {
        agreed();
        in(data(100));
        expectAfter(40, ack().ack(101));
        in(data(100).trafficClass(CONGESTION));
        expect(ack().ack(101));
        in(data(100).seq(200_000).trafficClass(CONGESTION));
        expect(ack().ack(101));
        assertThat(count(Counter.TCP_CONGESTION_MET)).isZero();
    }

    /** Section 6.1.4: ACKs are not capable; one that is marked all the same is none of ours to tell. */
    @Test
    void ackOnly_metCongestion_isIgnored() {
        agreed();
        in(ack().trafficClass(CONGESTION));
        in(data(10));
        expectAfter(40, ack().ack(11));
    }

    @Test
    void notAgreed_marksAndEchoes_areIgnored() {
        established();
        in(data(1460).trafficClass(CONGESTION), data(1460).seq(1461));
        expect(ack().ack(2921));
        write(1460);
        expect(data(1460).ack(2921).push().trafficClass(NOT_CAPABLE));
        int window = c.info().congestionWindow();
        in(ack().seq(2921).ack(1461).with(ECE));
        assertThat(c.info().congestionWindow()).isEqualTo(window);
        write(10);
        expect(data(10).seq(1461).ack(2921).push());
    }

    // ---- Sending: section 6.1.2

    /** The window is halved, once for a window of data, and the first new data after that says so. */
    @Test
    @Requirement("SHLD-8")
    @Requirement("MUST-19")
    void echo_halvesTheWindowOnceAWindow() {
        tenInFlight(30);
        in(ack().ack(at(3)).with(ECE));
        expectNothing();
        assertThat(c.info().congestionWindow()).isEqualTo(5 * 1460);
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        in(ack().ack(at(5)).with(ECE)); // six in flight
        expectNothing();
        in(ack().ack(at(7)).with(ECE)); // four: one more may go
        expect(full(11).with(CWR));
        in(ack().ack(at(9)).with(ECE));
        expect(full(12), full(13));
        in(ack().ack(at(11)).with(ECE)); // all that was sent before
        expect(full(14), full(15));
        assertThat(c.info().congestionWindow()).isEqualTo(5 * 1460);
        in(ack().ack(at(12)).with(ECE)); // a new one
        assertThat(c.info().congestionWindow()).isEqualTo(5 * 1460 / 2);
        assertThat(count(Counter.TCP_CONGESTION_ECHOED)).isEqualTo(6);
        assertThat(count(Counter.TCP_RETRANSMITS)).isZero();
        network.sent.clear();
    }

    /** No growth by an ACK that tells of congestion; by the others there is. */
    @Test
    void echo_doesNotGrowTheWindow() {
        tenInFlight(30);
        in(ack().ack(at(11)).with(ECE));
        expect(full(11).with(CWR), full(12), full(13), full(14), full(15));
        assertThat(c.info().congestionWindow()).isEqualTo(5 * 1460);
        in(ack().ack(at(16)));
        assertThat(c.info().congestionWindow()).isEqualTo(6 * 1460); // congestion avoidance
        network.sent.clear();
    }

    /** Section 6.1.5: what is sent again is not capable. */
    @Test
    void dataSentAgain_isNotCapable() {
        agreed();
        write(10);
        expect(data(10).push().trafficClass(CAPABLE));
        expectAfter(200, data(10).push().trafficClass(NOT_CAPABLE));
    }

    /** Section 6.1.2: a loss reduces the window, too, and the next new data says so, but not what is sent again. */
    @Test
    void fastRetransmit_newDataSaysThatTheWindowWasReduced() {
        tenInFlight(10);
        in(ack(), ack(), ack());
        expect(data(1460).trafficClass(NOT_CAPABLE));
        int window = c.info().slowStartThreshold();
        in(ack().with(ECE), ack().with(ECE), ack().with(ECE));
        assertThat(c.info().slowStartThreshold()).as("not reduced twice").isEqualTo(window);
        network.sent.clear();
        in(ack().ack(at(11)));
        Packet p = next();
        assertThat(p.flags & ECE).isZero();
        network.sent.clear();
        assertThat(window).isEqualTo(5 * 1460);
    }

    /** Section 6.1.2: so does a timeout. */
    @Test
    void timeout_newDataSaysThatTheWindowWasReduced() {
        agreed();
        write(10);
        expect(data(10).push().trafficClass(CAPABLE));
        expectAfter(200, data(10).push().trafficClass(NOT_CAPABLE));
        in(ack().ack(11));
        write(10);
        expect(data(10).seq(11).push().with(CWR).trafficClass(CAPABLE));
        in(ack().ack(21));
        write(10);
        expect(data(10).seq(21).push().trafficClass(CAPABLE));
    }

    /** Section 6.1.6: nor are probes of a closed window, and section 6.1.4: nor ACKs; nor is a FIN alone. */
    @Test
    void probesAcksAndFin_areNotCapable() {
        agreed();
        in(data(1460), data(1460).seq(1461));
        expect(ack().ack(2921).trafficClass(NOT_CAPABLE));
        in(ack().seq(2921).window(0));
        write(10);
        expectAfter(200, ack().seq(0).ack(2921).trafficClass(NOT_CAPABLE));
        in(ack().seq(2921).window(1000));
        expect(data(10).ack(2921).push().trafficClass(CAPABLE));
        in(ack().seq(2921).ack(11).window(1000));
        close();
        network.sent.clear(); // something is unread: a RST
    }

    @Test
    void finAlone_isNotCapable() {
        agreed();
        shutdownOutput();
        expect(fin().trafficClass(NOT_CAPABLE));
    }

    /** The DSCP is the application's, the two bits are not. */
    @Test
    void trafficClass_ofTheApplication_isKept() {
        agreed();
        options(o -> o.trafficClass = 0xb8);
        write(10);
        expect(data(10).push().trafficClass(0xb8 | CAPABLE));
        expectAfter(200, data(10).push().trafficClass(0xb8));
    }

    /** A device would repeat the flag in each part: the frame that has it goes in one. */
    @Test
    void offload_reduced_isSaidByASingleSegment() {
        network.path.maxSegmentation = 65_000;
        agreed();
        write(40 * 1460);
        expect(data(10 * 1460).segmentSize(1460).trafficClass(CAPABLE));
        in(ack().ack(at(11)).with(ECE));
        expect(
                data(1460).seq(at(11)).with(CWR).trafficClass(CAPABLE),
                data(4 * 1460).seq(at(12)).segmentSize(1460).trafficClass(CAPABLE));
    }

    /** Section 6.1.2: once for a window of data, though it was marked as well as lost. */
    @Test
    void lossAndEchoOnOneAck_halvesTheWindowOnce() {
        tenInFlightWithSack();
        in(ack().sack(at(2), at(5)).with(ECE));
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        network.sent.clear();
    }

    @Test
    void echoAndThenLossOfTheSameWindow_halvesTheWindowOnce() {
        tenInFlightWithSack();
        in(ack().ack(at(2)).with(ECE));
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        in(ack().ack(at(2)).sack(at(3), at(6)).with(ECE));
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460);
        Packet again = next();
        assertThat(again.seq).isEqualTo(at(2));
        // It does not grow again when the loss is found to have been none.
        in(ack().ack(at(11)).sack(at(2), at(3)));
        assertThat(count(Counter.TCP_RECOVERIES_UNDONE)).isZero();
        assertThat(c.info().congestionWindow()).isEqualTo(5 * 1460);
    }

    /** What was sent after the reduction is another window of data. */
    @Test
    void echoAndThenLossOfTheNextWindow_halvesTheWindowTwice() {
        tenInFlightWithSack();
        in(ack().ack(at(11)).with(ECE));
        write(5 * 1460);
        network.sent.clear();
        in(ack().ack(at(11)).sack(at(12), at(15)));
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
        assertThat(c.info().slowStartThreshold()).isEqualTo(5 * 1460 / 2);
        network.sent.clear();
    }

    private void tenInFlightWithSack() {
        settings.congestionControl("newreno").tailLossProbe(false);
        listen();
        in(asking().sackOk());
        c = find();
        expect(ourSynAck(plain().sackOk()).with(ECE));
        in(ack());
        accept();
        write(14_600);
        network.sent.clear();
    }

    /** RFC 4015 section 3.2: a recovery that was needless is taken back, but not where congestion was met. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void needlessRecovery_isTakenBackUnlessCongestionWasMet(boolean met) {
        settings.congestionControl("newreno");
        listen();
        in(asking().sackOk());
        c = find();
        expect(ourSynAck(plain().sackOk()).with(ECE));
        in(ack());
        accept();
        write(14_600);
        network.sent.clear();
        in(ack().sack(at(2), at(5)));
        assertThat(count(Counter.TCP_FAST_RETRANSMITS)).isEqualTo(1);
        network.sent.clear();
        Packet duplicate = ack().ack(at(11)).sack(1, at(2));
        in(met ? duplicate.with(ECE) : duplicate);
        assertThat(count(Counter.TCP_RECOVERIES_UNDONE)).isEqualTo(met ? 0 : 1);
        assertThat(c.info().congestionWindow() < 14_600).isEqualTo(met);
    }

    /** What is remembered of the last reduction does not fall behind by half the sequence space. */
    @Test
    void acks_withoutEcho_takeTheMarkAlong() {
        agreed();
        c.ownLoss(); // else nothing is remembered
        for (int i = 1; i <= 5; i++) {
            write(1460);
            expect(full(i).push());
            in(ack().ack(at(i + 1)));
            assertThat(c.loss.ecnPoint).isEqualTo(c.sndUna - 1);
        }
    }

    // ---- Both sides

    /** One in fifty packets is marked: the sender slows down, nothing is lost, and everything arrives. */
    @Test
    void transfer_marked_slowsDownWithoutLoss() {
        TcpSettings both = TcpSettings.DEFAULTS.with().ecn(Ecn.ON).build();
        int total = 4 << 20;
        try (Pair pair = new Pair(both)) {
            pair.client.out.marked = 50;
            Listener listener = pair.server.tcp.listen(0, 0, 80, 5, pair.server.tcp.options());
            Connection near = pair.connect(80);
            pair.turn(10);
            pair.turn(10);
            Connection far = pair.server.tcp.accept(listener);
            MemorySegment memory = Arena.ofAuto().allocate(1 << 20);
            int sent = 0;
            int received = 0;
            int turns = 0;
            while (received < total) {
                sent += pair.client.tcp.write(near, memory, 0, Math.min(1 << 18, total - sent));
                pair.turn(500);
                received += pair.server.tcp.read(far, memory, 0, 1 << 20);
                assertThat(turns++).isLessThan(100_000);
            }
            assertThat(pair.server.count(Counter.TCP_CONGESTION_MET)).isGreaterThan(20);
            assertThat(pair.client.count(Counter.TCP_CONGESTION_ECHOED)).isGreaterThan(20);
            assertThat(pair.client.count(Counter.TCP_RETRANSMITS)).isZero();
            assertThat(near.info().slowStartThreshold()).isLessThan(100 * 1460);
            pair.client.tcp.shutDown();
            pair.server.tcp.shutDown();
        }
    }

    @Test
    void synAndReset_areNotCapable() {
        start();
        in(syn().trafficClass(CAPABLE));
        expect(Packet.rstAck().seq(-iss).ack(1).trafficClass(NOT_CAPABLE));
        agreed();
        abort();
        expect(Packet.rstAck().trafficClass(NOT_CAPABLE));
    }
}
