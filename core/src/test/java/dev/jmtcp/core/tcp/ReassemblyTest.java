package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments that arrive out of order, twice, and overlapping: RFC 9293 section 3.10.7.4, SHLD-31. */
class ReassemblyTest extends SeveralIsns {

    /** A segment before the one that is expected. */
    @Test
    @Requirement("SHLD-31")
    void outOfOrder_isKeptAndAcknowledgedWhenTheHoleIsFilled() {
        established();
        in(data(100).seq(101));
        expect(ack()); // RFC 5681 section 4.2: at once
        assertThat(c.readable()).isZero();
        assertThat(takeEvents()).isZero();
        in(data(100));
        expect(ack().ack(201)); // RFC 5681 section 4.2: at once too
        assertThat(takeEvents()).isEqualTo(Events.READABLE);
        assertThat(read(1000)).isEqualTo(200);
        assertThat(count(Counter.TCP_OUT_OF_ORDER)).isEqualTo(1);
        assertThat(chunks.bytesInUse()).isZero();
    }

    /** RFC 5681 section 4.2: "a receiver SHOULD send an immediate ACK when an incoming segment fills in all or part of a gap". */
    @Test
    void gapFilledInPart_isAcknowledgedAtOnce() {
        established();
        in(data(100).seq(201));
        expect(ack());
        in(data(100));
        expect(ack().ack(101));
        in(data(100).seq(101));
        expect(ack().ack(301));
    }

    @Test
    void overlapOnTheLeft_onlyTheNewPartIsTaken() {
        established();
        in(data(100));
        in(data(100).seq(51));
        assertThat(c.readable()).isEqualTo(150);
        assertThat(read(1000)).isEqualTo(150);
        network.sent.clear();
    }

    @Test
    void segmentOverAHoleAndWhatLiesBehind_fillsIt() {
        established();
        in(data(100).seq(101), data(100).seq(301));
        network.sent.clear();
        in(data(500));
        expect(ack().ack(501));
        assertThat(read(1000)).isEqualTo(500);
    }

    @Test
    void segmentWithinWhatLiesOutOfOrder_changesNothing() {
        established();
        in(data(500).seq(101));
        inUnheard(data(100).seq(201));
        inUnheard(data(100));
        assertThat(read(1000)).isEqualTo(600);
        network.sent.clear();
    }

    /** RFC 9293 section 3.10.7.4, first: nothing beyond the window is kept. */
    @Test
    void outOfOrderBeyondTheWindow_isCut() {
        settings.receiveBuffer(1000);
        established();
        in(data(1000).seq(501));
        expect(ack().window(1000));
        in(data(10).seq(1001));
        expect(ack().window(1000));
        in(data(500));
        expect(ack().ack(1001).window(0));
        assertThat(readQuietly(5000)).isEqualTo(1000);
    }

    /** The peer has lost its mind: data beyond its own FIN. The stream ends where the FIN was first. */
    @Test
    void dataBeyondTheFin_doesNotHideTheFin() {
        established();
        inUnheard(fin().seq(101));
        inUnheard(data(200).seq(51)); // 50 bytes beyond the FIN
        inUnheard(data(100));
        assertThat(readQuietly(1000)).isGreaterThanOrEqualTo(100);
        assertThat(c.peerClosed()).isTrue();
        inState(State.CLOSE_WAIT);
    }

    /** A FIN that comes again, with and without data before it. */
    @Test
    void finTwiceOutOfOrder_countsOnce() {
        established();
        inUnheard(fin().seq(201));
        inUnheard(data(100).seq(101).withFin());
        inUnheard(fin().seq(201));
        in(data(100));
        expect(ack().ack(202));
        inState(State.CLOSE_WAIT);
        assertThat(read(1000)).isEqualTo(200);
    }

    /** Whatever the order and the cuts, the stream is what was sent. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Requirement("SHLD-31")
    void anyOrderCutsAndDuplicates_giveTheStream(long seed) {
        chunkSize = 512;
        settings.receiveBuffer(60_000);
        established(seed % 2 == 0 ? plain().sackOk() : plain());
        SplittableRandom random = new SplittableRandom(seed);
        int length = 50_000;
        List<Packet> packets = new ArrayList<>();
        for (int at = 0; at < length; ) {
            int size = Math.min(length - at, 1 + random.nextInt(1460));
            Packet p = data(size).seq(1 + at);
            at += size;
            packets.add(at == length ? p.withFin() : p);
        }
        for (int i = 0; i < 60; i++) { // other cuts of the same bytes
            int at = random.nextInt(length - 1);
            packets.add(data(Math.min(length - at, 1 + random.nextInt(1460))).seq(1 + at));
        }
        for (int i = packets.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Packet moved = packets.get(i);
            packets.set(i, packets.get(other));
            packets.set(other, moved);
        }
        int read = 0;
        for (Packet p : packets) {
            inUnheard(p);
            if (random.nextInt(4) == 0) {
                read += readQuietly(random.nextInt(3000));
                turn();
                network.sent.clear();
            }
        }
        read += readQuietly(length);
        assertThat(read).as("bytes read, seed " + seed).isEqualTo(length);
        inState(State.CLOSE_WAIT);
        assertThat(chunks.bytesInUse()).isZero();
        turn();
        network.sent.clear();
    }

    /** What is answered is of no interest. */
    private void inUnheard(Packet... packets) {
        network.sent.clear();
        in(packets);
        network.sent.clear();
    }
}
