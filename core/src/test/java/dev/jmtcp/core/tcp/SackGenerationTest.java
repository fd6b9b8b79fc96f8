package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import org.junit.jupiter.api.Test;

/** The SACK blocks that we send: RFC 2018 section 4, RFC 2883 section 4. Segments of 500 bytes are counted from 1, as in the examples there. */
class SackGenerationTest extends SeveralIsns {

    private static int at(int segment) {
        return 1 + (segment - 1) * 500;
    }

    private static Packet part(int segment) {
        return data(500).seq(at(segment));
    }

    /** An ACK of all before a segment, with blocks from segments to segments, the last not included. */
    private static Packet sack(int next, int... edges) {
        Packet p = ack().ack(at(next));
        for (int i = 0; i < edges.length; i += 2) {
            p.sack(at(edges[i]), at(edges[i + 1]));
        }
        return p;
    }

    private void established(boolean sack) {
        established(sack ? plain().sackOk() : plain());
    }

    // ---- RFC 2018

    /** RFC 2018 section 4, case 1: the last four of eight are lost: ordinary ACKs. */
    @Test
    void inOrder_noBlocks() {
        established(true);
        in(part(1), part(2), part(3));
        expect(sack(4));
        in(part(4));
        expectAfter(40, sack(5));
    }

    /** RFC 2018 section 4, case 2: the first is lost: one block, that grows. */
    @Test
    void firstLost_oneBlockGrows() {
        established(true);
        in(part(2));
        expect(sack(1, 2, 3));
        in(part(3));
        expect(sack(1, 2, 4));
        in(part(4));
        expect(sack(1, 2, 5));
        in(part(1));
        expect(sack(5));
        assertThat(read(5000)).isEqualTo(2000);
    }

    /** RFC 2018 section 4, case 3: the second, fourth, sixth and eighth are lost: the most recent block first. */
    @Test
    void everySecondLost_mostRecentBlockFirst() {
        established(true);
        in(part(1));
        expectAfter(40, sack(2));
        in(part(3));
        expect(sack(2, 3, 4));
        in(part(5));
        expect(sack(2, 5, 6, 3, 4));
        in(part(7));
        expect(sack(2, 7, 8, 5, 6, 3, 4));
        in(part(4)); // joins two
        expect(sack(2, 3, 6, 7, 8));
        in(part(2));
        expect(sack(6, 7, 8));
        in(part(6));
        expect(sack(8));
    }

    /** RFC 2018 section 3: four blocks fit; the option never is longer. */
    @Test
    void manyHoles_fourMostRecentBlocks() {
        established(true);
        inUnheard(part(2), part(4), part(6), part(8));
        in(part(10));
        expect(sack(1, 10, 11, 8, 9, 6, 7, 4, 5));
        in(part(4)); // a duplicate, but the block is reported anew
        Packet p = next();
        assertThat(p.sacks.subList(0, 2)).containsExactly(at(4), at(5));
    }

    /** What is answered is of no interest. */
    private void inUnheard(Packet... packets) {
        in(packets);
        network.sent.clear();
    }

    /** RFC 2018 section 3: with timestamps three. */
    @Test
    void manyHolesWithTimestamps_threeMostRecentBlocks() {
        established(modern());
        inUnheard(part(2), part(4), part(6), part(8));
        in(part(10));
        expect(sack(1, 10, 11, 8, 9, 6, 7));
    }

    /** RFC 2018 section 4: blocks go with every ACK while there are holes, also with data. */
    @Test
    void holes_blocksGoWithDataToo() {
        established(true);
        in(part(2));
        expect(sack(1, 2, 3));
        write(100);
        expect(data(100).push().sack(at(2), at(3)));
        in(ack().ack(101));
        shutdownOutput();
        expect(fin().seq(101).sack(at(2), at(3)));
    }

    /** RFC 2018 section 2: only if agreed upon. */
    @Test
    void notAgreed_noBlocks() {
        established(false);
        in(part(2));
        expect(sack(1));
        in(part(3));
        expect(sack(1));
        in(part(1));
        expect(sack(4));
    }

    /** We do not offer it: nor do we answer it. */
    @Test
    void notOffered_noBlocks() {
        settings.sack(false);
        established(true);
        in(part(2));
        expect(sack(1));
    }

    /** RFC 2018 section 4: overlapping and touching ranges are one block; RFC 2883 section 4.2: before it, what has come twice. */
    @Test
    void overlappingSegments_areOneBlock() {
        established(true);
        in(data(500).seq(1001));
        expect(ack().sack(1001, 1501));
        in(data(500).seq(1501));
        expect(ack().sack(1001, 2001));
        in(data(700).seq(801));
        expect(ack().sack(1001, 1501).sack(801, 2001));
        in(data(3000).seq(501));
        expect(ack().sack(801, 2001).sack(501, 3501));
    }

    /** The FIN out of order is no data that a block could report. */
    @Test
    void finOutOfOrder_isInNoBlock() {
        established(true);
        in(part(2).withFin());
        expect(sack(1, 2, 3));
        in(part(1));
        expect(ack().ack(at(3) + 1));
        inState(State.CLOSE_WAIT);
    }

    /** More holes than we keep: what finds no place is not reported, and asked for again. */
    @Test
    void moreHolesThanAreKept_restIsNotAcknowledged() {
        established(plain().sackOk().scale(0));
        for (int i = 1; i <= 300; i++) {
            in(data(10).seq(1 + 20 * i));
            Packet p = next();
            assertThat(p.ack).isEqualTo(1);
            if (i <= 256) {
                assertThat(p.sacks.subList(0, 2)).containsExactly(1 + 20 * i, 11 + 20 * i);
            } else {
                assertThat(p.sacks).doesNotContain(1 + 20 * i);
            }
        }
        // The holes are filled one by one; what was not kept comes again.
        for (int i = 0; i < 300; i++) {
            inUnheard(data(10).seq(1 + 20 * i), data(10).seq(11 + 20 * i));
        }
        network.sent.clear();
        assertThat(readQuietly(10_000)).isEqualTo(6000);
    }

    // ---- RFC 2883

    /** RFC 2883 section 4.2: of several parts that have come twice the first is told. */
    @Test
    void segmentOverTwoBlocks_firstPartIsReported() {
        established(true);
        inUnheard(part(2), part(4));
        in(data(1500).seq(at(2) + 100));
        expect(ack().sack(at(2) + 100, at(3)).sack(at(2), at(5) + 100));
    }

    /** RFC 2883 section 4.2: the segment fills the hole and brings again what lay behind it. */
    @Test
    void segmentOverTheHoleAndBehind_partBehindIsReported() {
        established(true);
        inUnheard(part(2));
        in(data(800).seq(1));
        expect(ack().ack(at(3)).sack(at(2), 801));
    }

    /** RFC 2883 section 4.1.1: a segment twice: its block lies below the ACK; reported once. */
    @Test
    void duplicateOfWhatIsAcknowledged_isReportedOnce() {
        established(true);
        in(part(1), part(2), part(3));
        expect(sack(4));
        in(part(2));
        expect(sack(4, 2, 3));
        in(part(4));
        expectAfter(40, sack(5));
    }

    /** RFC 2883 section 4.1.2: beside a hole: first the duplicate, then the block. */
    @Test
    void duplicateBesideAHole_comesFirst() {
        established(true);
        in(part(1), part(2), part(3));
        expect(sack(4));
        in(part(5));
        expect(sack(4, 5, 6));
        in(part(2));
        expect(sack(4, 2, 3, 5, 6));
        in(part(6));
        expect(sack(4, 5, 7));
    }

    /** RFC 2883 section 4.1.3: a duplicate of what lies out of order: it, and then the block that it lies in. */
    @Test
    void duplicateOfWhatIsOutOfOrder_comesBeforeItsBlock() {
        established(true);
        in(part(2), part(3));
        expect(sack(1, 2, 3), sack(1, 2, 4));
        in(part(5));
        expect(sack(1, 5, 6, 2, 4));
        in(part(3));
        expect(sack(1, 3, 4, 2, 4, 5, 6));
    }

    /** RFC 2883 section 4.2.1: a part of a segment is old. */
    @Test
    void partlyDuplicate_itsOldPartIsReported() {
        established(true);
        in(part(1), part(2), part(3));
        expect(sack(4));
        in(data(1000).seq(at(3)));
        expect(ack().ack(at(5)).sack(at(3), at(4)));
        assertThat(read(5000)).isEqualTo(2000);
    }

    /** RFC 2883 section 4: without agreement on SACK there is no option. */
    @Test
    void duplicateWithoutAgreement_isOnlyAcknowledged() {
        established(false);
        in(part(1), part(2), part(3));
        expect(sack(4));
        in(part(2));
        expect(sack(4));
        assertThat(count(Counter.TCP_DUPLICATE_DATA)).isEqualTo(1);
    }

    /** RFC 2883 section 4: a duplicate that takes the place of the last block: no more than fit. */
    @Test
    void duplicateBesideManyHoles_takesTheirPlace() {
        established(true);
        in(part(1));
        expectAfter(40, sack(2));
        inUnheard(part(3), part(5), part(7));
        in(part(9));
        expect(sack(2, 9, 10, 7, 8, 5, 6, 3, 4));
        in(part(1));
        expect(sack(2, 1, 2, 9, 10, 7, 8, 5, 6));
    }
}
