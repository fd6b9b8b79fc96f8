package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.rstAck;
import static dev.jmtcp.core.tcp.Packet.segment;
import static dev.jmtcp.core.tcp.Packet.syn;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every kind of segment in every synchronized state: RFC 9293 section 3.10.7.4, in the order of its checks. */
class SegmentArrivesTest extends SeveralIsns {

    private static final int WINDOW = 0xffff;

    /** SND.NXT, RCV.NXT after {@link #toState}, and the ACK that says so. */
    private int sndNxt;

    private int rcvNxt;

    private void state(State state) {
        toState(state);
        sndNxt = sndNxt(state);
        rcvNxt = rcvNxt(state);
    }

    private Packet ourAck() {
        return ack().seq(sndNxt).ack(rcvNxt);
    }

    /** The acknowledgment number that acknowledges nothing new: our FIN is not acknowledged by it in states in which it matters. */
    private int oldAck(State state) {
        return switch (state) {
            case FIN_WAIT_1, CLOSING, LAST_ACK -> 1;
            default -> sndNxt;
        };
    }

    /** The window that was offered last: the peer's FIN has taken one of it. */
    private int edge() {
        return 1 + WINDOW;
    }

    // ---- First: sequence number

    /** Table 6: length 0: RCV.NXT ≤ SEG.SEQ &lt; RCV.NXT + RCV.WND, else an ACK is sent. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("RFC9293-3.10.7.4-window")
    void emptySegment_outsideTheWindow_isAnswered(State state) {
        state(state);
        int edge = Seq.distance(c.rcvAdv, c.irs());
        for (int seq : new int[] {rcvNxt - 1, rcvNxt - 1000, edge, edge + 1000, rcvNxt + Integer.MIN_VALUE}) {
            in(ack().seq(seq).ack(oldAck(state)));
            expect(ourAck());
            emptyAnsweredLongAgo();
        }
        inState(state);
        assertThat(count(Counter.TCP_OUT_OF_WINDOW)).isEqualTo(5);
        in(ack().seq(rcvNxt).ack(oldAck(state)), ack().seq(edge - 1).ack(oldAck(state)));
        expectNothing();
        inState(state);
    }

    /**
     * Two peers that disagree about their numbers would answer each other for ever: RFC 9293 section 3.10.7.4 lets ACKs be throttled (RFC 5961 section 7),
     * and here one without data is answered once in 500 ms, as by Linux.
     */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    void emptySegments_outsideTheWindowTooSoon_areNotAnswered(State state) {
        state(state);
        Packet outside = ack().seq(rcvNxt - 1).ack(oldAck(state));
        in(outside, outside, outside);
        expect(ourAck());
        in(outside);
        expectNothing();
        emptyAnsweredLongAgo();
        in(outside);
        expect(ourAck());
    }

    /** Lets the time pass in which no other answer is given; what is sent again meanwhile is of no interest. */
    private void emptyAnsweredLongAgo() {
        advance(500);
        network.sent.clear();
    }

    /** Table 6: length above 0; what is old is answered. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("RFC9293-3.10.7.4-window")
    void data_outsideTheWindow_isAnswered(State state) {
        state(state);
        int edge = Seq.distance(c.rcvAdv, c.irs());
        for (int seq : new int[] {rcvNxt - 10, rcvNxt - 1000, edge, edge + 1000}) {
            in(data(10).seq(seq).ack(oldAck(state)));
            expect(ourAck());
        }
        inState(state);
        assertThat(c.readable()).isZero();
    }

    // ---- Second: RST

    /** RFC 5961 section 3.2, case 2: exactly at RCV.NXT: the connection is reset; RFC 1337 section 3: but not in TIME-WAIT. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("RFC5961-3")
    void rst_atTheEdge_resets(State state) {
        state(state);
        in(rst().seq(rcvNxt));
        expectNothing();
        if (state == State.TIME_WAIT) {
            inState(State.TIME_WAIT);
            return;
        }
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.RESET);
        assertThat(takeEvents() & (Events.ERROR | Events.CLOSED)).isEqualTo(Events.ERROR | Events.CLOSED);
        assertThat(count(Counter.TCP_RESET_IN)).isEqualTo(1);
        assertThat(tcp.connections()).isZero();
    }

    /** RFC 9293 section 3.4.2, SHLD-2: a RST may carry data; the ACK field does not matter (section 3.5.3). */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED", "TIME_WAIT"})
    @Requirement("SHLD-2")
    void rstWithDataAndAnyAck_atTheEdge_resets(State state) {
        state(state);
        in(rstAck().seq(rcvNxt).ack(-5_000_000).length(20));
        expectNothing();
        inState(State.CLOSED);
    }

    /** RFC 5961 section 3.2, case 3: elsewhere in the window: a challenge ACK. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("RFC5961-3")
    void rst_elsewhereInTheWindow_isChallenged(State state) {
        state(state);
        in(rst().seq(rcvNxt + 1));
        expect(ourAck());
        in(rstAck().seq(Seq.distance(c.rcvAdv, c.irs()) - 1));
        expect(ourAck());
        inState(state);
        assertThat(count(Counter.TCP_CHALLENGE_ACKS)).isEqualTo(2);
        assertThat(count(Counter.TCP_BAD_RST)).isEqualTo(2);
    }

    /** RFC 5961 section 3.2, case 1: outside the window: silence. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("RFC5961-3")
    void rst_outsideTheWindow_isDropped(State state) {
        state(state);
        int edge = Seq.distance(c.rcvAdv, c.irs());
        in(rst().seq(rcvNxt - 1), rst().seq(edge), rstAck().seq(edge + 100_000), rst().seq(rcvNxt - 100_000));
        expectNothing();
        inState(state);
        assertThat(count(Counter.TCP_BAD_RST)).isEqualTo(4);
    }

    // ---- Fourth: SYN

    /** RFC 5961 section 4.2: irrespective of the sequence number; in TIME-WAIT only one that opens no new connection. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("RFC5961-4")
    void syn_anywhere_isChallenged(State state) {
        state(state);
        int[] places = {0, rcvNxt - 1, rcvNxt - 100_000, rcvNxt, rcvNxt + 1, edge() - 1, edge(), edge() + 100_000};
        int sent = 0;
        for (int seq : places) {
            if (state == State.TIME_WAIT && seq > rcvNxt) {
                continue; // RFC 9293 section 3.6.1, MAY-2
            }
            in(syn().seq(seq));
            expect(ourAck());
            sent++;
        }
        for (int seq : places) {
            in(synAck().seq(seq).ack(sndNxt));
            expect(ourAck());
            sent++;
        }
        inState(state);
        assertThat(count(Counter.TCP_CHALLENGE_ACKS)).isEqualTo(sent);
        assertThat(count(Counter.TCP_BAD_SYN)).isEqualTo(sent);
    }

    /** RFC 5961 section 4.2: a SYN is challenged also where trimming the segment to the window would remove it. */
    @ParameterizedTest
    @EnumSource(names = {"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"})
    void synWithDataAcrossTheEdge_isChallenged(State state) {
        state(state);
        in(synAck().seq(rcvNxt - 5).ack(sndNxt).length(100));
        expect(ourAck());
        inState(state);
        assertThat(c.readable()).isZero();
        assertThat(count(Counter.TCP_CHALLENGE_ACKS)).isEqualTo(1);
    }

    // ---- Fifth: ACK

    /** "If the ACK bit is off, drop the segment and return." */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT"})
    void withoutAck_isDropped(State state) {
        state(state);
        in(segment(0).seq(rcvNxt).length(10), segment(TcpHeader.FIN).seq(rcvNxt));
        expectNothing();
        inState(state);
        assertThat(count(Counter.TCP_NO_ACK)).isEqualTo(2);
    }

    /** SEG.ACK &gt; SND.NXT: "send an ACK, drop the segment"; RFC 5961 section 5.2. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("MAY-12")
    @Requirement("RFC5961-5")
    void ackOfWhatWasNotSent_isAnsweredAndDropped(State state) {
        state(state);
        in(ack().seq(rcvNxt).ack(sndNxt + 1));
        expect(ourAck());
        in(data(100).seq(rcvNxt).ack(sndNxt + 100_000));
        expect(ourAck());
        in(fin().seq(rcvNxt).ack(sndNxt + 1));
        expect(ourAck());
        inState(state);
        assertThat(c.readable()).isZero();
        assertThat(count(Counter.TCP_BAD_ACK)).isEqualTo(3);
    }

    /** RFC 5961 section 5.2: SEG.ACK &lt; SND.UNA - MAX.SND.WND. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("MAY-12")
    @Requirement("RFC5961-5")
    void ackTooOld_isAnsweredAndDropped(State state) {
        state(state);
        int una = Seq.distance(c.sndUna, c.iss());
        in(data(100).seq(rcvNxt).ack(una - 0xffff - 1));
        expect(ourAck());
        assertThat(c.readable()).isZero();
        in(data(100).seq(rcvNxt).ack(una + Integer.MIN_VALUE + 1));
        expect(ourAck());
        assertThat(c.readable()).isZero();
        inState(state);
    }

    /** "If the ACK is a duplicate, it can be ignored": but the text cannot. */
    @ParameterizedTest
    @EnumSource(names = {"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"})
    void oldAckWithinRange_isIgnoredAndItsDataTaken(State state) {
        state(state);
        int una = Seq.distance(c.sndUna, c.iss());
        in(data(100).seq(rcvNxt).ack(una - 0xffff));
        assertThat(read(200)).isEqualTo(100);
        inState(state);
        expectAfter(40, ack().seq(sndNxt).ack(rcvNxt + 100));
    }

    /** What the acknowledgment of our FIN does. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    void ackOfAll_movesOn(State state) {
        state(state);
        in(ack().seq(rcvNxt).ack(sndNxt));
        expectNothing();
        inState(
                switch (state) {
                    case FIN_WAIT_1 -> State.FIN_WAIT_2;
                    case CLOSING -> State.TIME_WAIT;
                    case LAST_ACK -> State.CLOSED;
                    default -> state;
                });
        if (state == State.LAST_ACK) {
            assertThat(c.error()).isEqualTo(CloseReason.NORMAL);
            assertThat(takeEvents() & (Events.ERROR | Events.CLOSED)).isEqualTo(Events.CLOSED);
        }
    }

    // ---- Sixth: URG

    /** Before the peer's FIN the pointer is told; after it "this should not occur", and is ignored. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    void urgentPointer_isToldWhereDataCanCome(State state) {
        state(state);
        in(ack().seq(rcvNxt).ack(oldAck(state)).urgent(10));
        expectNothing();
        boolean open = state == State.ESTABLISHED || state == State.FIN_WAIT_1 || state == State.FIN_WAIT_2;
        assertThat(takeEvents() & Events.URGENT).isEqualTo(open ? Events.URGENT : 0);
        assertThat(c.urgentAhead()).isEqualTo(open ? 10 : 0);
        inState(state);
    }

    // ---- Seventh: text

    /** Text is taken before the peer's FIN; afterwards it is ignored. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    void text_isTakenBeforeTheFinOnly(State state) {
        state(state);
        in(data(100).seq(rcvNxt).ack(oldAck(state)), data(100).seq(rcvNxt + 100).ack(oldAck(state)));
        boolean open = state == State.ESTABLISHED || state == State.FIN_WAIT_1 || state == State.FIN_WAIT_2;
        inState(state);
        if (open) {
            assertThat(read(1000)).isEqualTo(200);
            expectAfter(40, ack().seq(sndNxt).ack(rcvNxt + 200));
        } else {
            network.sent.clear(); // whether it is answered is not said
            assertThat(c.readable()).isZero();
            assertThat(c.rcvNxt - c.irs()).isEqualTo(rcvNxt);
        }
    }

    // ---- Eighth: FIN

    /** Where the FIN moves each state, when it does not acknowledge ours. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CLOSED", "SYN_SENT", "SYN_RECEIVED"})
    @Requirement("RFC9293-3.10.7.4-fin")
    void fin_isAcknowledgedAndMovesOn(State state) {
        state(state);
        boolean open = state == State.ESTABLISHED || state == State.FIN_WAIT_1 || state == State.FIN_WAIT_2;
        in(fin().seq(1).ack(oldAck(state)));
        expect(ack().seq(sndNxt).ack(2));
        inState(
                switch (state) {
                    case ESTABLISHED -> State.CLOSE_WAIT;
                    case FIN_WAIT_1 -> State.CLOSING;
                    case FIN_WAIT_2 -> State.TIME_WAIT;
                    default -> state;
                });
        assertThat(takeEvents() & Events.PEER_CLOSED).isEqualTo(open ? Events.PEER_CLOSED : 0);
        assertThat(c.atEnd()).isTrue();
    }

    /** FIN-WAIT-1: "if our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT"; likewise CLOSING and LAST-ACK when it comes again. */
    @ParameterizedTest
    @EnumSource(names = {"FIN_WAIT_1", "CLOSING", "LAST_ACK"})
    @Requirement("RFC9293-3.10.7.4-fin")
    void finThatAcknowledgesOurs_movesOn(State state) {
        state(state);
        in(fin().seq(1).ack(2));
        if (state != State.LAST_ACK) {
            expect(ack().seq(2).ack(2));
            inState(State.TIME_WAIT);
        } else {
            inState(State.CLOSED); // "delete the TCB, enter the CLOSED state, and return"
        }
    }

    /** The FIN counts when all before it has come. */
    @ParameterizedTest
    @EnumSource(names = {"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"})
    @Requirement("RFC9293-3.10.7.4-fin")
    void finOutOfOrder_waitsForTheDataBefore(State state) {
        state(state);
        in(data(100).seq(101).ack(oldAck(state)).withFin());
        expect(ourAck());
        inState(state);
        in(data(100).seq(1).ack(oldAck(state)));
        expect(ack().seq(sndNxt).ack(202));
        assertThat(read(1000)).isEqualTo(200);
        assertThat(c.atEnd()).isTrue();
        assertThat(c.peerClosed()).isTrue();
    }

    /** The FIN alone, before the data it ends. */
    @ParameterizedTest
    @EnumSource(names = {"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"})
    void finAloneOutOfOrder_waitsForTheDataBefore(State state) {
        state(state);
        in(fin().seq(101).ack(oldAck(state)));
        expect(ourAck());
        inState(state);
        in(data(100).seq(1).ack(oldAck(state)));
        expect(ack().seq(sndNxt).ack(102));
        assertThat(read(1000)).isEqualTo(100);
        assertThat(c.atEnd()).isTrue();
    }
}
