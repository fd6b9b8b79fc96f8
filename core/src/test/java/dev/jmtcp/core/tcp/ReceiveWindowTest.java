package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window that we offer: RFC 9293 sections 3.8.6 and 3.8.6.2.2, RFC 7323 section 2. */
class ReceiveWindowTest extends SeveralIsns {

    private static final int BUFFER = 8 * 1460;

    /** Fills the receive buffer: segments two by two, each acknowledged. */
    private void fill() {
        settings.receiveBuffer(BUFFER);
        established();
        for (int i = 0; i < 4; i++) {
            in(data(1460).seq(1 + 2920 * i), data(1460).seq(1461 + 2920 * i));
            expect(ack().ack(2921 + 2920 * i).window(BUFFER - 2920 * (i + 1)));
        }
    }

    /** RFC 9293 section 3.8.6: the window goes down as the buffer fills, its right edge stays. */
    @Test
    @Requirement("MAY-8")
    void established_dataNotRead_closesTheWindow() {
        fill();
        assertThat(c.readable()).isEqualTo(BUFFER);
    }

    /** RFC 9293 section 3.10.7.4, first: not acceptable, answered. */
    @Test
    @Requirement("RFC9293-3.10.7.4-window")
    void closedWindow_data_isAnsweredAndDropped() {
        fill();
        in(data(1).seq(BUFFER + 1));
        expect(ack().ack(BUFFER + 1).window(0));
        in(data(1460).seq(BUFFER + 1));
        expect(ack().ack(BUFFER + 1).window(0));
        assertThat(c.readable()).isEqualTo(BUFFER);
    }

    /** RFC 9293 section 3.8.6.1 and table 6: probes of both kinds are answered. */
    @Test
    @Requirement("RFC9293-3.10.7.4-window")
    void closedWindow_probes_areAnswered() {
        fill();
        in(ack().seq(BUFFER)); // as Linux probes
        expect(ack().ack(BUFFER + 1).window(0));
        in(data(1).seq(BUFFER + 1)); // as RFC 9293 section 3.8.6.1 has it
        expect(ack().ack(BUFFER + 1).window(0));
    }

    /** RFC 9293 section 3.10.2, MUST-66: ACKs, RST and URG count though the window is closed. */
    @Test
    @Requirement("MUST-66")
    void closedWindow_ackOfOurData_counts() {
        fill();
        write(100);
        expect(data(100).ack(BUFFER + 1).push().window(0));
        in(data(10).seq(BUFFER + 1).ack(101).window(777));
        expect(ack().seq(101).ack(BUFFER + 1).window(0));
        assertThat(c.unacknowledged()).isZero();
        assertThat(c.info().sendWindow()).isEqualTo(777);
    }

    /** RFC 9293 section 3.10.2, MUST-66. */
    @Test
    @Requirement("MUST-66")
    void closedWindow_urgentPointer_isTold() {
        fill();
        takeEvents();
        in(data(10).seq(BUFFER + 1).urgent(5));
        expect(ack().ack(BUFFER + 1).window(0));
        assertThat(takeEvents() & Events.URGENT).isNotZero();
        assertThat(c.urgentAhead()).isEqualTo(BUFFER + 5);
    }

    /** RFC 9293 section 3.10.2, MUST-66. */
    @Test
    @Requirement("MUST-66")
    void closedWindow_rst_resets() {
        fill();
        in(rst().seq(BUFFER + 2)); // not exactly at the edge: outside a closed window
        expectNothing();
        inState(State.ESTABLISHED);
        in(rst().seq(BUFFER + 1));
        inState(State.CLOSED);
    }

    /** A FIN takes a number, for which there is no room. */
    @Test
    void closedWindow_fin_waits() {
        fill();
        in(fin().seq(BUFFER + 1));
        expect(ack().ack(BUFFER + 1).window(0));
        inState(State.ESTABLISHED);
        assertThat(read(BUFFER)).isEqualTo(BUFFER);
        expect(ack().ack(BUFFER + 1).window(BUFFER));
        in(fin().seq(BUFFER + 1));
        expect(ack().ack(BUFFER + 2));
        inState(State.CLOSE_WAIT);
    }

    /** RFC 9293 section 3.10.7.4: what goes beyond the window is cut off, the FIN too. */
    @Test
    @Requirement("RFC9293-3.10.7.4-window")
    void almostClosedWindow_moreData_isCut() {
        settings.receiveBuffer(2000);
        established();
        in(data(1460), data(1460).seq(1461).withFin());
        expectAfter(40, ack().ack(2001).window(0));
        assertThat(read(5000)).isEqualTo(2000);
        inState(State.ESTABLISHED);
        expect(ack().ack(2001).window(2000));
    }

    /** RFC 9293 section 3.8.6.2.2, MUST-39: no small increments; when much has been read it is told. */
    @Test
    @Requirement("MUST-39")
    void closedWindow_readLittleByLittle_opensInLargeSteps() {
        fill();
        int offered = 0;
        for (int taken = 0; taken < BUFFER; taken += 73) {
            assertThat(read(73)).isEqualTo(73);
            while (!network.sent.isEmpty()) {
                Packet p = next();
                assertThat(p.window - offered).as("step").isGreaterThanOrEqualTo(1460);
                offered = p.window;
            }
        }
        assertThat(offered).as("window when all is read").isGreaterThanOrEqualTo(BUFFER - 2 * 1460);
    }

    /** RFC 9293 section 3.8.6.2.2: nor are small steps offered with segments that leave anyway. */
    @Test
    @Requirement("MUST-39")
    void closedWindow_littleReadAndSegmentsLeave_offerNothingSmall() {
        fill();
        read(1459);
        expectNothing();
        write(10);
        expect(data(10).ack(BUFFER + 1).push().window(0));
        in(ack().seq(BUFFER + 1).ack(11));
        read(1);
        write(10);
        expect(data(10).seq(11).ack(BUFFER + 1).push().window(1460));
    }

    /** RFC 9293 section 3.8.6, SHLD-14: whatever is read or not, the right edge never goes back. */
    @Test
    @Requirement("SHLD-14")
    void window_anySequenceOfReadsAndData_neverShrinks() {
        settings.receiveBuffer(10_000);
        established();
        int edge = 1 + 10_000;
        int seq = 1;
        for (int i = 0; i < 400; i++) {
            int room = edge - seq;
            int length = Math.min(room, 1 + i * 37 % 1460);
            if (length > 0) {
                in(data(length).seq(seq));
                seq += length;
            }
            advance(40);
            edge = lastEdge(edge);
            read(i * 53 % 1700);
            edge = lastEdge(edge);
        }
        assertThat(seq).isGreaterThan(100_000);
    }

    private int lastEdge(int before) {
        int edge = before;
        while (!network.sent.isEmpty()) {
            Packet p = next();
            assertThat(p.ack + p.window).as("right edge").isGreaterThanOrEqualTo(edge);
            edge = p.ack + p.window;
        }
        return edge;
    }

    /**
     * With a scaled window the edge must be rounded one way or the other (RFC 7323 section 2.4): but a peer that sends bytes one by one must not be
     * promised one more for each of them without end.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 9, 100})
    void scaledWindow_smallSegmentsNotRead_closes(int length) {
        settings.receiveBuffer(1 << 20).delayedAck(0); // a shift of 5
        established(plain().scale(0));
        int seq = 1;
        while (seq < (1 << 20) - 3000) {
            in(data(1460).seq(seq));
            seq += 1460;
            expect(ack().ack(seq));
        }
        int most = 1 + (1 << 20) + 31;
        int window = 1;
        while (window > 0) {
            in(data(length).seq(seq));
            Packet p = next();
            seq = p.ack;
            window = p.window;
            assertThat(p.ack + (p.window << 5)).as("right edge").isLessThanOrEqualTo(most);
        }
        assertThat(seq - 1).isBetween(1 << 20, (1 << 20) + 31);
        assertThat(readQuietly(1 << 20) + readQuietly(100)).isEqualTo(seq - 1);
    }

    /** RFC 7323 section 2.4: what would have been in the window of any ACK sent is in the window. */
    @Test
    void scaledWindow_dataUpToAnyEdgeOffered_isTaken() {
        settings.receiveBuffer(1 << 20).delayedAck(0);
        established(plain().scale(0));
        int edge = 1 + 0xffff;
        int seq = 1;
        for (int i = 0; i < 1000; i++) {
            int length = Math.min(1 + i * 131 % 1460, edge - seq);
            if (length > 0) {
                in(data(length).seq(seq));
                Packet p = next();
                assertThat(p.ack).isEqualTo(seq + length);
                seq = p.ack;
                edge = Math.max(edge, seq + (p.window << 5));
            }
            expectNothing();
        }
        assertThat(count(Counter.TCP_OUT_OF_WINDOW)).isZero();
    }

    // ---- Shift counts

    /** RFC 7323 sections 2.2 and 2.3: the whole buffer can be offered, with the least shift. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
    @Requirement("REC-1")
    void bufferOfEverySize_isOfferedWhole(int shift) {
        int buffer = 0xffff << shift;
        settings.receiveBuffer(buffer);
        synSent();
        assertThat(c.options().receiveBuffer).isEqualTo(buffer);
        in(Packet.synAck().mss(1460).scale(0));
        expect(ack().window(0xffff)); // 1/2^shift of the buffer
        assertThat(c.info().receiveWindowShift()).isEqualTo(shift);
        assertThat(c.info().receiveWindow()).isEqualTo(buffer);
    }

    /** RFC 7323 section 2.2: a shift is used in both directions or in none. */
    @Test
    void peerDoesNotScale_windowIsAtMost65535() {
        settings.receiveBuffer(1 << 20);
        synSent();
        in(Packet.synAck().mss(1460));
        expect(ack().window(0xffff));
        assertThat(c.info().receiveWindow()).isEqualTo(0xffff);
        assertThat(c.info().windowScaling()).isFalse();
    }

    /** RFC 7323 section 2.2: our SYN-ACK has the option only if the SYN had it. */
    @Test
    void weDoNotScale_peerOffersIt_isNotUsed() {
        settings.windowScaling(false);
        listen();
        in(plain().scale(7).window(1000));
        expect(Packet.synAck().mss(1460));
        in(ack().window(1000));
        accept();
        assertThat(c.info().sendWindow()).isEqualTo(1000);
    }

    /** RFC 7323 section 2.3: the peer's shift, at most 14; a larger one is taken for 14. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255})
    @Requirement("REC-1")
    void peersShift_scalesItsWindow(int shift) {
        established(plain().scale(shift).window(5));
        assertThat(c.info().sendWindow()).isEqualTo(0xffff << Math.min(shift, 14)); // that of the third segment
        in(ack().window(3));
        assertThat(c.info().sendWindow()).isEqualTo(3 << Math.min(shift, 14));
    }

    /** RFC 7323 section 2.2: the window of the SYN itself is not scaled. */
    @Test
    void peersShift_doesNotScaleTheWindowOfItsSynAck() {
        synSent();
        tryWrite(5000);
        in(Packet.synAck().mss(1460).scale(7).window(1460));
        expect(data(1460));
        in(ack().ack(1461).window(20)); // 2560
        expect(data(1460).seq(1461));
    }
}
