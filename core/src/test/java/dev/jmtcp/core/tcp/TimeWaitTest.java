package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.syn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TIME-WAIT: RFC 9293 section 3.6.1, RFC 1337, RFC 6191. */
class TimeWaitTest extends TcpFixture {

    /** Brings a connection with the options of the peer's SYN to TIME-WAIT. */
    private void timeWait(Packet syn) {
        established(syn);
        shutdownOutput();
        expect(fin());
        in(ack().ack(2));
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
        takeEvents();
    }

    /** The SYN opens a new connection, and when that is established the old one is over. */
    private void reuses(Packet syn) {
        Connection old = c;
        asked(syn);
        in(ack());
        accept();
        inState(State.ESTABLISHED);
        assertThat(old.state()).isEqualTo(State.CLOSED);
        assertThat(old.error()).isEqualTo(CloseReason.NORMAL);
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isEqualTo(1);
        assertThat(tcp.connections()).isEqualTo(1);
        old.detach();
        assertThat(old.pooled).isTrue();
    }

    /** The SYN is answered by a SYN-ACK; the new connection is {@link #c} now. */
    private void asked(Packet syn) {
        int oldNxt = c.sndNxt;
        in(syn);
        c = find();
        assertThat(c.state()).isEqualTo(State.SYN_RECEIVED);
        assertThat(Seq.greaterThan(c.iss(), oldNxt))
                .as("ISS beyond the old SND.NXT")
                .isTrue();
        irs += syn.seq;
        expect(ourSynAck(syn));
        assertThat(tcp.connections()).isEqualTo(1);
    }

    /** The old connection waits again, and knows what it knew, and {@link #c} is it. */
    private void waitsAgain(Connection old, int oldIss, int oldIrs) {
        assertThat(find()).isSameAs(old);
        c = old;
        iss = oldIss;
        irs = oldIrs;
        inState(State.TIME_WAIT);
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isZero();
        expectGoneAfter(60_000);
        assertThat(takeEvents() & (Events.CLOSED | Events.ERROR)).isEqualTo(Events.CLOSED);
    }

    /** The SYN is answered by an ACK that tells of the old connection (RFC 5961 section 4.2, RFC 7323 section 5.3), and the wait goes on. */
    private void keeps(Packet syn) {
        in(syn);
        expect(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
        assertThat(tcp.connections()).isEqualTo(1);
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isZero();
    }

    // ---- How long

    /** RFC 9293 section 3.6.1, MUST-13. */
    @Test
    @Requirement("MUST-13")
    void timeWait_nothing_endsAfterItsTime() {
        settings.timeWait(240_000 * MS);
        timeWait();
        expectGoneAfter(240_000);
        assertThat(takeEvents() & Events.CLOSED).isNotZero();
    }

    /** RFC 9293 section 3.10.7.4, eighth: acknowledge it, and restart the wait. */
    @Test
    @Requirement("RFC9293-3.10.7.4-timewait")
    void timeWait_finAgain_isAcknowledgedAndTheWaitBeginsAnew() {
        timeWait();
        quiet(50_000);
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        quiet(59_900);
        inState(State.TIME_WAIT);
        expectGoneAfter(100);
    }

    /** RFC 9293 section 3.10.7.4: nothing but a FIN prolongs the wait. */
    @Test
    void timeWait_otherSegments_doNotProlongTheWait() {
        timeWait();
        quiet(50_000);
        in(ack().seq(2).ack(2));
        expectNothing();
        in(ack().seq(1).ack(2));
        expect(ack().seq(2).ack(2));
        in(syn().seq(-5));
        expect(ack().seq(2).ack(2));
        in(rst().seq(3));
        expect(ack().seq(2).ack(2));
        expectGoneAfter(10_000);
    }

    /** RFC 1337 section 3: a RST does not cut the wait short. */
    @Test
    @Requirement("RFC1337-3")
    void timeWait_rst_isIgnored() {
        timeWait();
        in(rst().seq(2));
        in(rst().seq(2));
        expectNothing();
        inState(State.TIME_WAIT);
        expectGoneAfter(60_000);
    }

    /** RFC 1337 section 2: old data and ACKs are answered, and harm nothing. */
    @Test
    void timeWait_oldDuplicates_areAcknowledged() {
        timeWait();
        in(data(100).seq(-99).ack(2));
        expect(ack().seq(2).ack(2));
        in(data(100).seq(1_000_000).ack(2));
        expect(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
    }

    @Test
    void timeWait_ofNoLength_endsWhenTheFinIsAcknowledged() {
        settings.timeWait(0);
        finWait2();
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        advance(2);
        inState(State.CLOSED);
    }

    /** Not before the ACK has left. */
    @Test
    void timeWait_ofNoLengthWithoutRoom_endsWhenTheFinIsAcknowledged() {
        settings.timeWait(0);
        finWait2();
        network.room = 0;
        in(fin().ack(2));
        advance(10);
        expectNothing();
        inState(State.TIME_WAIT);
        network.room = FakeNetwork.UNLIMITED;
        turn();
        expect(ack().seq(2).ack(2));
        advance(2);
        inState(State.CLOSED);
    }

    /** Both have closed: nothing can be sent, what was received can be read. */
    @Test
    void timeWait_unreadData_canBeRead() {
        finWait2();
        in(data(100).ack(2).withFin());
        expect(ack().seq(2).ack(102));
        inState(State.TIME_WAIT);
        assertThat(read(50)).isEqualTo(50);
        quiet(61_000);
        inState(State.CLOSED);
        assertThat(read(100)).isEqualTo(50);
        assertThat(c.atEnd()).isTrue();
    }

    /** Nobody can read it any more: its memory is free at once. */
    @Test
    void timeWait_closedWithUnreadData_keepsNoBuffers() {
        finWait2();
        in(data(100).ack(2).withFin());
        expect(ack().seq(2).ack(102));
        close();
        expectNothing();
        assertThat(chunks.bytesInUse()).isZero();
        assertThat(tcp.connections()).isEqualTo(1);
    }

    /** The user has gone: the record waits alone, and then returns to its pool. */
    @Test
    void timeWait_closed_endsAlone() {
        timeWait();
        close();
        expectNothing();
        assertThat(find().state()).isEqualTo(State.TIME_WAIT);
        quiet(59_000);
        quiet(2_000);
        assertThat(tcp.connections()).isZero();
    }

    @Test
    void timeWait_connectFromTheSamePort_isRefused() {
        timeWait();
        assertThatExceptionOfType(ConnectFailure.class)
                .isThrownBy(() ->
                        tcp.connect(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT, tcp.options()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(ConnectFailure.Reason.IN_USE));
    }

    // ---- A new incarnation

    /** RFC 9293 section 3.6.1, MAY-2: the number is beyond all that was used. */
    @Test
    @Requirement("MAY-2")
    void timeWaitWithoutTimestamps_synWithGreaterSequence_opensAnew() {
        timeWait(plain());
        reuses(plain().seq(3));
    }

    @Test
    void timeWaitWithoutTimestamps_synWithMuchGreaterSequence_opensAnew() {
        timeWait(plain());
        reuses(plain().seq(Integer.MAX_VALUE));
    }

    @Test
    void timeWaitWithoutTimestamps_synWithOldSequence_isKeptAway() {
        timeWait(plain());
        keeps(plain().seq(1));
        keeps(plain().seq(0));
        keeps(plain().seq(-1_000_000));
    }

    /** RFC 6191 section 2: the timestamp is newer, whatever the sequence number. */
    @Test
    @Requirement("SHLD-4")
    @Requirement("MAY-2")
    void timeWaitWithTimestamps_synWithNewerTimestamp_opensAnew() {
        timeWait(modern());
        advance(10);
        reuses(modern().seq(-1_000_000).ts(10, 0));
    }

    /** RFC 6191 section 2: the same timestamp, and a greater sequence number. */
    @Test
    @Requirement("SHLD-4")
    void timeWaitWithTimestamps_synWithSameTimestampAndGreaterSequence_opensAnew() {
        timeWait(modern());
        reuses(modern().seq(1000).ts(0, 0));
    }

    /** RFC 6191 section 2: else not. */
    @Test
    void timeWaitWithTimestamps_synWithSameTimestampAndOldSequence_isKeptAway() {
        timeWait(modern());
        keeps(modern().seq(-1000).ts(0, 0));
    }

    /** RFC 6191 section 2: an old timestamp, though the sequence number is greater. */
    @Test
    @Requirement("SHLD-4")
    void timeWaitWithTimestamps_synWithOlderTimestamp_isKeptAway() {
        timeWait(modern());
        keeps(modern().seq(1_000_000).ts(-1, 0));
    }

    /** RFC 6191 section 2: no timestamp in the SYN: the sequence number decides. */
    @Test
    void timeWaitWithTimestamps_synWithoutTimestamp_isJudgedByItsSequence() {
        timeWait(modern());
        reuses(plain().seq(1000));
    }

    /** RFC 6191 section 2: no timestamps before, timestamps now: honored. */
    @Test
    @Requirement("SHLD-4")
    void timeWaitWithoutTimestamps_synWithTimestamp_opensAnew() {
        timeWait(plain());
        reuses(modern().seq(-1000));
    }

    /** RFC 9293 section 3.6.1, MAY-2, (1): our new number is beyond all that we used, even if we were faster than the clock of RFC 6528. */
    @Test
    @Requirement("MAY-2")
    void timeWait_afterMoreThanTheClockAllows_opensAnewBeyondIt() {
        established(plain());
        int sent = 0;
        while (sent < 4 << 20) { // in no time at all
            sent += tryWrite(200_000);
            turn();
            while (!network.sent.isEmpty()) {
                next();
            }
            in(ack().ack(Seq.distance(c.sndNxt, c.iss())));
            while (!network.sent.isEmpty()) {
                next();
            }
        }
        while (c.unacknowledged() > 0) {
            in(ack().ack(Seq.distance(c.sndNxt, c.iss())));
            while (!network.sent.isEmpty()) {
                next();
            }
        }
        shutdownOutput();
        expect(fin().seq(sent + 1));
        in(fin().ack(sent + 2));
        expect(ack().seq(sent + 2).ack(2));
        inState(State.TIME_WAIT);
        takeEvents();
        reuses(plain().seq(1000));
    }

    /** RFC 9293 section 3.6.1, MAY-2, (2): the peer knows nothing of the SYN, which was an old duplicate. */
    @Test
    @Requirement("MAY-2")
    void timeWait_synWasOld_waitsAgain() {
        timeWait(plain());
        Connection old = c;
        int oldIss = iss;
        int oldIrs = irs;
        asked(plain().seq(1000));
        in(rst());
        expectNothing();
        waitsAgain(old, oldIss, oldIrs);
    }

    /** Nor does it answer at all. */
    @Test
    void timeWait_synIsNotConfirmed_waitsAgain() {
        settings.synAckRetries(1);
        timeWait(plain());
        Connection old = c;
        int oldIss = iss;
        int oldIrs = irs;
        asked(plain().seq(1000));
        expectAfter(1000, ourSynAck(plain()));
        quiet(2001);
        waitsAgain(old, oldIss, oldIrs);
    }

    /** Another SYN takes the place of the one that was old. */
    @Test
    void timeWait_synWasOld_anotherOpensAnew() {
        timeWait(plain());
        Connection old = c;
        int oldIss = iss;
        int oldIrs = irs;
        asked(plain().seq(1000));
        in(rst());
        assertThat(find()).isSameAs(old);
        c = old;
        iss = oldIss;
        irs = oldIrs;
        reuses(plain().seq(2000));
    }

    @Test
    void timeWait_listenerIsClosedMeanwhile_waitsAgain() {
        timeWait(plain());
        Connection old = c;
        int oldIss = iss;
        int oldIrs = irs;
        asked(plain().seq(1000));
        tcp.close(listener);
        turn();
        expect(Packet.rstAck());
        waitsAgain(old, oldIss, oldIrs);
    }

    /** Its user aborts it while it is kept aside: the record may be another connection's by the time the handshake fails, or is done. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void timeWait_abortedMeanwhile_doesNotReturn(boolean established) {
        timeWait(plain());
        Connection old = c;
        asked(plain().seq(1000));
        Connection anew = c;
        tcp.abort(old);
        old.detach();
        turn();
        assertThat(old.pooled).isTrue();
        Connection other = tcp.connect(localHigh, localLow, 1, remoteHigh, remoteLow, 2, tcp.options());
        assertThat(other).isSameAs(old);
        in(established ? ack() : rst());
        assertThat(find()).isSameAs(established ? anew : null);
        assertThat(other.state()).isEqualTo(State.SYN_SENT);
        tcp.close(other);
        network.sent.clear(); // its SYN
        if (established) {
            accept();
        } else {
            c = other;
        }
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isZero();
    }

    /** The stack goes down. */
    @Test
    void timeWait_shutDownMeanwhile_bothEnd() {
        timeWait(plain());
        Connection old = c;
        asked(plain().seq(1000));
        tcp.shutDown();
        turn();
        assertThat(tcp.connections()).isZero();
        assertThat(old.state()).isEqualTo(State.CLOSED);
        old.detach();
        assertThat(old.pooled).isTrue();
    }

    // ---- Opened by this side

    /** A connection of ours, with timestamps, to TIME-WAIT. */
    private void connectedTimeWait(Packet synAck) {
        connected(synAck);
        shutdownOutput();
        expect(fin());
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
        takeEvents();
    }

    /** RFC 6191 section 2, the other side of it: our timestamps are newer, and so will be the peer's. */
    @Test
    @Requirement("SHLD-4")
    void timeWaitWithTimestamps_connectAfterASecond_opensAnew() {
        connectedTimeWait(Packet.synAck().mss(1460).ts());
        Connection old = c;
        int used = c.sndNxt;
        int last = Timestamps.value(c, now);
        quiet(1000);
        connect();
        assertThat(old.state()).isEqualTo(State.CLOSED);
        assertThat(old.error()).isEqualTo(CloseReason.NORMAL);
        assertThat(Seq.greaterThan(c.iss(), used)).isTrue();
        assertThat(Timestamps.value(c, now) - last).isEqualTo(1000);
        expect(ourSyn());
        irs += 100_000;
        in(Packet.synAck().mss(1460).ts());
        expect(ack());
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isEqualTo(1);
        old.detach();
    }

    /** However much was sent, it begins beyond. */
    @Test
    void timeWaitWithTimestamps_connectAfterMoreThanTheClockAllows_opensAnewBeyondIt() {
        connectedTimeWait(Packet.synAck().mss(1460).ts());
        Connection old = c;
        old.sndNxt += 10_000_000; // as if so much had been sent
        int used = old.sndNxt;
        quiet(1000);
        connect();
        assertThat(Seq.greaterThan(c.iss(), used)).isTrue();
        expect(ourSyn());
        old.detach();
    }

    /** Timestamps could be the same still. */
    @Test
    void timeWaitWithTimestamps_connectBeforeASecond_isRefused() {
        connectedTimeWait(Packet.synAck().mss(1460).ts());
        quiet(999);
        refused();
        quiet(500);
        in(fin().ack(2)); // heard of it again
        expect(ack().seq(2).ack(2));
        quiet(999);
        refused();
    }

    /** Nothing would tell the two apart. */
    @Test
    void timeWaitWithoutTimestamps_connect_isRefused() {
        connectedTimeWait(Packet.synAck().mss(1460));
        quiet(30_000);
        refused();
    }

    private void refused() {
        assertThatExceptionOfType(ConnectFailure.class)
                .isThrownBy(() ->
                        tcp.connect(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT, tcp.options()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(ConnectFailure.Reason.IN_USE));
    }

    /** A port is taken from TIME-WAIT only when there is no other. */
    @Test
    void timeWaitWithTimestamps_noOtherPort_isReused() {
        settings.portLow(LOCAL_PORT).portHigh(LOCAL_PORT + 1);
        connectedTimeWait(Packet.synAck().mss(1460).ts());
        Connection old = c;
        quiet(1000);
        Connection first = tcp.connect(0, 0, 0, remoteHigh, remoteLow, REMOTE_PORT, tcp.options());
        assertThat(first.localPort()).isEqualTo(LOCAL_PORT + 1);
        inState(State.TIME_WAIT);
        Connection second = tcp.connect(0, 0, 0, remoteHigh, remoteLow, REMOTE_PORT, tcp.options());
        assertThat(second.localPort()).isEqualTo(LOCAL_PORT);
        assertThat(old.state()).isEqualTo(State.CLOSED);
        assertThatExceptionOfType(ConnectFailure.class)
                .isThrownBy(() -> tcp.connect(0, 0, 0, remoteHigh, remoteLow, REMOTE_PORT, tcp.options()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(ConnectFailure.Reason.NO_PORT));
        tcp.close(first);
        tcp.close(second);
    }

    /** RFC 9293 section 3.6.1: nobody listens, so nobody accepts it, and the wait goes on. */
    @Test
    void timeWait_synAndNobodyListens_isKeptAway() {
        connected(Packet.synAck().mss(1460));
        shutdownOutput();
        expect(fin());
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
        keeps(plain().seq(1000));
    }

    /** The listen queue is full: the SYN comes to nothing, but the wait goes on too. */
    @Test
    void timeWait_synAndTheQueueIsFull_isDroppedAndTheWaitGoesOn() {
        listen(1);
        timeWait(plain());
        int port = REMOTE_PORT + 1;
        in(plain().ports(port, LOCAL_PORT));
        network.sent.clear();
        Connection other = (Connection) tcp.flows.find(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, port);
        Packet third = ack().ports(port, LOCAL_PORT);
        third.ack += other.iss() - iss;
        in(third);
        assertThat(listener.pending()).isEqualTo(1);
        in(plain().seq(1000));
        inState(State.TIME_WAIT);
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isZero();
        network.sent.clear(); // whether it is answered is not said
    }
}
