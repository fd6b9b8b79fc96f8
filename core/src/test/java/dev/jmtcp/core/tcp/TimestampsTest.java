package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.rstAck;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timestamps and PAWS: RFC 7323 sections 3 to 5. */
class TimestampsTest extends TcpFixture {

    private static final long DAY = 86_400_000;

    // ---- Agreement

    /** RFC 7323 section 3.2: offered in a SYN, and in a SYN-ACK only if the SYN had it; the echo is what the SYN said. */
    @Test
    void synWithTimestamp_isAnsweredWithItsEcho() {
        listen();
        in(modern().ts(12_345, 0));
        expect(synAck().mss(1460).sackOk().scale(3).ts(0, 12_345));
    }

    @Test
    void synWithoutTimestamp_isAnsweredWithout() {
        listen();
        in(plain());
        expect(synAck().mss(1460));
        in(ack());
        accept();
        write(10);
        expect(data(10).push().noTs());
        in(data(10).ack(11).ts(7, 7)); // not agreed upon: of no concern
        assertThat(read(10)).isEqualTo(10);
        expectAfter(40, ack().seq(11).ack(11).noTs());
    }

    @Test
    void notOffered_synWithTimestamp_isAnsweredWithout() {
        settings.timestamps(false);
        listen();
        in(plain().ts(1, 0));
        expect(synAck().mss(1460));
        in(ack());
        accept();
        assertThat(c.info().timestamps()).isFalse();
    }

    /** RFC 7323 section 3.2: in an active open both must have it. */
    @Test
    void synAckWithoutTimestamp_turnsThemOff() {
        synSent();
        in(synAck().mss(1460));
        expect(ack().noTs());
        assertThat(c.info().timestamps()).isFalse();
    }

    @Test
    void synAckWithTimestamp_turnsThemOn() {
        synSent();
        advance(5);
        in(synAck().mss(1460).ts(77, 0));
        expect(ack().ts(5, 77));
        write(10);
        expect(data(10).push().ts(5, 77));
        shutdownOutput();
        expect(fin().seq(11).ts(5, 77));
    }

    /** RFC 7323 section 5.4: a tick is between 1 ms and 1 s. */
    @Test
    void timestamps_tickOnceAMillisecond() {
        established(modern());
        options(o -> o.noDelay = true);
        for (int i = 1; i <= 5; i++) {
            advance(10);
            write(10);
            expect(data(10).seq(10 * i - 9).push().ts(10 * i, 0));
            in(ack().ack(10 * i + 1).ts(0, 10 * i));
        }
    }

    /** RFC 7323 section 3.2: a non-RST segment without timestamp is dropped silently. */
    @Test
    void agreed_segmentWithout_isDropped() {
        established(modern());
        in(data(10).noTs(), fin().noTs(), ack().noTs());
        expectNothing();
        inState(State.ESTABLISHED);
        assertThat(count(Counter.TCP_NO_TIMESTAMP)).isEqualTo(3);
        in(rst().noTs());
        inState(State.CLOSED);
    }

    // ---- What is echoed

    /** RFC 7323 section 4.3, (A): delayed ACKs echo the earliest segment that they are for. */
    @Test
    void delayedAck_echoesTheFirstSegment() {
        established(modern());
        in(data(1448).ts(10, 0));
        in(data(1448).seq(1449).ts(20, 0));
        expect(ack().ack(2897).echo(10));
        in(data(1448).seq(2897).ts(30, 0));
        in(data(1448).seq(4345).ts(40, 0));
        expect(ack().ack(5793).echo(30));
    }

    /** RFC 7323 section 4.3, (B): a hole: the timestamp of the last segment that advanced the edge. */
    @Test
    void outOfOrder_echoesWhatCameInOrder() {
        established(modern());
        in(data(100).ts(10, 0));
        expectAfter(40, ack().ack(101).echo(10));
        in(data(100).seq(201).ts(20, 0));
        expect(ack().ack(101).echo(10).sack(201, 301));
        in(data(100).seq(301).ts(30, 0));
        expect(ack().ack(101).echo(10).sack(201, 401));
    }

    /** RFC 7323 section 4.3, (C): what fills the hole was sent last, and its timestamp is echoed, though it is not the greatest received. */
    @Test
    void holeFilled_echoesWhatFilledIt() {
        established(modern());
        in(data(100).ts(10, 0));
        expectAfter(40, ack().ack(101).echo(10));
        in(data(100).seq(201).ts(30, 0));
        expect(ack().ack(101).echo(10).sack(201, 301));
        in(data(100).seq(101).ts(20, 0));
        expect(ack().ack(301).echo(20));
    }

    /** RFC 7323 section 5.3, R2 and R3: what lies outside the window is rejected before its timestamp is recorded. */
    @Test
    void duplicateOutsideTheWindow_isNotRecorded() {
        established(modern());
        in(data(100).ts(10, 0));
        expectAfter(40, ack().ack(101).echo(10));
        in(data(100).ts(500, 0));
        expect(ack().ack(101).echo(10).sack(1, 101));
        in(data(100).seq(101).ts(400, 0)); // sent before, and overtaken
        assertThat(c.readable()).isEqualTo(200);
        expectAfter(40, ack().ack(201).echo(400));
    }

    /** RFC 7323 section 5.3, R3: SEG.SEQ counts as it came, not as it was trimmed. */
    @Test
    void overlappingSegment_isRecordedByItsOwnSequence() {
        established(modern());
        in(data(100).ts(10, 0)); // not acknowledged yet
        in(data(200).ts(50, 0)); // all of it once more, with news
        expect(ack().ack(201).echo(50).sack(1, 101));
    }

    // ---- PAWS

    /** RFC 7323 section 5.3, R1: an older timestamp: dropped, and answered. */
    @Test
    void olderTimestamp_isDroppedAndAnswered() {
        established(modern());
        in(data(100).ts(1000, 0));
        expectAfter(40, ack().ack(101).echo(1000));
        in(data(100).seq(101).ts(999, 0));
        expect(ack().ack(101).echo(1000));
        in(fin().seq(101).ts(999, 0));
        expect(ack().ack(101));
        inState(State.ESTABLISHED);
        assertThat(c.readable()).isEqualTo(100);
        assertThat(count(Counter.TCP_PAWS)).isEqualTo(2);
        in(data(100).seq(101).ts(1000, 0)); // the same one is not older
        assertThat(c.readable()).isEqualTo(200);
        expectAfter(40, ack().ack(201));
    }

    /** RFC 7323 section 5.3, R1: it acknowledges nothing either. */
    @Test
    void olderTimestamp_itsAckDoesNotCount() {
        established(modern());
        in(data(100).ts(1000, 0));
        expectAfter(40, ack().ack(101));
        write(100);
        expect(data(100).ack(101).push());
        in(ack().seq(101).ack(101).ts(1, 0));
        expect(ack().seq(101).ack(101));
        assertThat(c.unacknowledged()).isEqualTo(100);
        in(ack().seq(101).ack(101).ts(1000, 0));
        assertThat(c.unacknowledged()).isZero();
    }

    /** RFC 7323 section 5.2: "RST segments... are not subject to PAWS". */
    @Test
    void olderTimestamp_rst_counts() {
        established(modern());
        in(data(100).ts(1000, 0));
        expectAfter(40, ack().ack(101));
        in(rst().seq(101).ts(1, 0));
        inState(State.CLOSED);
    }

    /** RFC 7323 section 5.2: timestamps are compared modulo 2^32. */
    @ParameterizedTest
    @ValueSource(ints = {-1, -2, -40, 0x7fff_fff0, Integer.MIN_VALUE})
    void timestampsThatWrap_areInOrder(int first) {
        peerTs = first;
        established(modern());
        for (int i = 0; i < 10; i++) {
            in(data(100).seq(1 + 100 * i).ts(10 * i, 0));
            expectAfter(40, ack().ack(101 + 100 * i).echo(10 * i));
        }
        in(data(100).seq(1001).ts(89, 0));
        expect(ack().ack(1001).echo(90));
        assertThat(count(Counter.TCP_PAWS)).isEqualTo(1);
    }

    /** RFC 7323 section 5.5: after 24 days without a segment TS.Recent says nothing: the peer's clock may have wrapped its sign. */
    @Test
    void idleFor24Days_olderTimestampIsTaken() {
        established(modern());
        in(data(100).ts(1000, 0));
        expectAfter(40, ack().ack(101));
        quiet(24 * DAY + 1000);
        in(data(100).seq(101).ts(1, 0));
        assertThat(c.readable()).isEqualTo(200);
        expectAfter(40, ack().ack(201).echo(1));
    }

    /** RFC 7323 section 5.5: but not before. */
    @Test
    void idleFor23Days_olderTimestampIsDropped() {
        established(modern());
        in(data(100).ts(1000, 0));
        expectAfter(40, ack().ack(101));
        quiet(23 * DAY);
        in(data(100).seq(101).ts(1, 0));
        expect(ack().ack(101).echo(1000));
        assertThat(c.readable()).isEqualTo(100);
    }

    /** RFC 7323 section 5.3: old duplicates from a time when the sequence numbers were the same are what it is for. */
    @Test
    void sequenceNumbersWrapped_oldDuplicateIsDropped() {
        settings.receiveBuffer(1 << 20);
        established(modern());
        in(data(100).ts(1_000_000, 0));
        expectAfter(40, ack().ack(101));
        in(data(100).seq(101).ts(1_000, 0)); // in the window by chance, 2^32 bytes ago
        expect(ack().ack(101));
        assertThat(c.readable()).isEqualTo(100);
    }

    // ---- Round-trip times

    /** RFC 7323 section 4.1: an echo that cannot be is no measure. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000, Integer.MIN_VALUE, -2_000_000_000})
    void echoOfWhatWasNotSent_isNoSample(int echo) {
        established(modern());
        advance(10);
        write(100);
        expect(data(100).push());
        expectAfter(200, data(100).push()); // so that only the echo can tell
        long before = c.info().smoothedRtt();
        in(ack().ack(101).ts(400, 210 + echo));
        assertThat(c.info().smoothedRtt()).isEqualTo(before);
        assertThat(c.unacknowledged()).isZero();
    }

    /** RFC 7323 appendix G: many samples in a round trip weigh less each. */
    @Test
    void manySamplesInARoundTrip_weighLess() {
        settings.tailLossProbe(false);
        established(modern());
        write(14_480);
        network.sent.clear();
        advance(80);
        in(ack().ack(1449)); // ten in flight: five samples expected
        assertThat(c.info().smoothedRtt() / MS).isEqualTo(80 / (8 * 5));
    }

    /** RFC 7323 section 3.2: a RST that ends a connection should carry them. */
    @Test
    void abort_negotiated_rstCarriesTimestamps() {
        established(modern());
        advance(5);
        in(data(10).ts(5, 0));
        advance(100);
        expect(ack().ack(11));
        abort();
        expect(rstAck().ack(11).ts(105, 5));
    }

    /** Without a connection nothing is known of them. */
    @Test
    void rstForNoConnection_hasNone() {
        start();
        in(ack().ts(7, 0));
        expect(rst().noTs());
    }
}
