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

    /** The SYN opens a new connection, the old one is over. */
    private void reuses(Packet syn) {
        Connection old = c;
        int oldNxt = c.sndNxt;
        in(syn);
        assertThat(old.state()).isEqualTo(State.CLOSED);
        assertThat(old.error()).isEqualTo(CloseReason.NORMAL);
        assertThat(takeEvents() & (Events.CLOSED | Events.ERROR)).isEqualTo(Events.CLOSED);
        old.detach();
        c = find();
        assertThat(c.state()).isEqualTo(State.SYN_RECEIVED);
        assertThat(Seq.greaterThan(c.iss, oldNxt))
                .as("ISS beyond the old SND.NXT")
                .isTrue();
        irs += syn.seq;
        expect(ourSynAck(syn));
        in(ack());
        accept();
        inState(State.ESTABLISHED);
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isEqualTo(1);
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
            in(ack().ack(Seq.distance(c.sndNxt, c.iss)));
            while (!network.sent.isEmpty()) {
                next();
            }
        }
        while (c.unacknowledged() > 0) {
            in(ack().ack(Seq.distance(c.sndNxt, c.iss)));
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
        third.ack += other.iss - iss;
        in(third);
        assertThat(listener.pending()).isEqualTo(1);
        in(plain().seq(1000));
        inState(State.TIME_WAIT);
        assertThat(count(Counter.TCP_TIME_WAIT_REUSED)).isZero();
        network.sent.clear(); // whether it is answered is not said
    }
}
