package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;

/** Connections whose handshake took a round trip of {@link #RTT} milliseconds, full segments counted from 1, and ACKs of them. */
abstract class RecoveryFixture extends TcpFixture {

    static final int RTT = 100;

    /** RFC 6298 section 2.2: SRTT + 4 * SRTT / 2. */
    static final int RTO = 300;

    /** RFC 8985 section 7.2, and what short timers get on top. */
    static final int PTO = 2 * RTT + 2;

    /** A quarter of the least round trip, and what short timers get on top. */
    static final int REORDERING = RTT / 4 + 2;

    @BeforeEach
    void standardCongestionControl() {
        settings.congestionControl("newreno");
    }

    static int at(int segment) {
        return 1 + (segment - 1) * MSS;
    }

    static Packet full(int segment) {
        return data(MSS).seq(at(segment));
    }

    /** An ACK of all before a segment, with blocks from segments to segments, the last not included. */
    static Packet sack(int next, int... edges) {
        Packet p = ack().ack(at(next));
        for (int i = 0; i < edges.length; i += 2) {
            p.sack(at(edges[i]), at(edges[i + 1]));
        }
        return p;
    }

    void establishedWithin(Packet syn) {
        synReceived(syn);
        advance(RTT);
        in(ack());
        accept();
        takeEvents();
        assertThat(c.info().minRtt() / MS).isEqualTo(RTT);
    }

    /** So many segments are sent, and so many more wait. */
    void inFlight(int count, int more) {
        establishedWithin(plain().sackOk().scale(4).window(0xffff));
        c.congestion.setCwnd(count * MSS);
        send(count, more);
    }

    void send(int count, int more) {
        write((count + more) * MSS);
        for (int i = 1; i < count; i++) {
            expect(full(i));
        }
        expect(more == 0 ? full(count).push() : full(count));
    }
}
