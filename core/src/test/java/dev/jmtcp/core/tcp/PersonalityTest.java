package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The habits of systems: see {@link Personality}. */
class PersonalityTest extends TcpFixture {

    /** Linux does not delay the first ACKs. */
    @Test
    void linux_firstSegment_isAcknowledgedAtOnce() {
        settings.personality(Personality.LINUX);
        established();
        in(data(100));
        expect(ack().ack(101));
        in(data(100).seq(101));
        expect(ack().ack(201));
    }

    /** After sixteen of them it does. */
    @Test
    void linux_seventeenthSegment_isDelayed() {
        settings.personality(Personality.LINUX);
        established();
        for (int i = 0; i < Personality.QUICK_ACKS; i++) {
            in(data(100).seq(1 + 100 * i));
            expect(ack().ack(101 + 100 * i));
        }
        in(data(100).seq(1601));
        expectAfter(40, ack().ack(1701));
    }

    /** Minshall's variant of Nagle's algorithm waits for short segments only. */
    @Test
    void linux_shortSegmentAfterFullOne_goesAtOnce() {
        settings.personality(Personality.LINUX);
        established();
        write(MSS + 100);
        expect(data(MSS), data(100).seq(1 + MSS).push());
        write(100);
        expectNothing();
        in(ack().ack(1 + MSS + 100));
        expect(data(100).seq(101 + MSS).push());
        in(ack().ack(201 + MSS));
    }

    /** What RFC 9293 section 3.7.4 has: anything unacknowledged is waited for. */
    @Test
    void plain_shortSegmentAfterFullOne_waits() {
        established();
        write(MSS + 100);
        expect(data(MSS));
        in(ack().ack(1 + MSS));
        expect(data(100).seq(1 + MSS).push());
        in(ack().ack(101 + MSS));
    }

    /** FreeBSD counts segments, not bytes. */
    @Test
    void bsd_secondSmallSegment_isAcknowledgedAtOnce() {
        settings.personality(Personality.BSD);
        established();
        in(data(1));
        expectNothing();
        in(data(2).seq(2));
        expect(ack().ack(4));
    }

    /** FreeBSD's receive buffer is of whole segments. */
    @Test
    void bsd_receiveBuffer_isRoundedUpToSegments() {
        settings.personality(Personality.BSD).receiveBuffer(65_536);
        established();
        assertThat(c.options().receiveBuffer).isEqualTo(45 * MSS);
        assertThat(tcp.options().receiveBuffer).isEqualTo(65_536);
    }

    /** A shift that is given is offered whatever the buffer. */
    @Test
    void windowScaleGiven_isOffered() {
        settings.windowScale(6).receiveBuffer(65_536);
        start();
        assertThat(tcp.handshake.windowShift(tcp.options())).isEqualTo(6);
    }
}
