package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.syn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;

/** Challenge ACKs: RFC 5961. */
class ChallengeTest extends TcpFixture {

    /** RFC 5961 section 7: so many a second, of all kinds together. */
    @Test
    @Requirement("RFC5961-7")
    void challenges_areLimited() {
        settings.challengeAcksPerSecond(3);
        established();
        in(syn().seq(100));
        expect(ack());
        in(rst().seq(100));
        expect(ack());
        in(ack().ack(100));
        expect(ack());
        in(syn().seq(100), rst().seq(100), ack().ack(100));
        expectNothing();
        advance(999);
        in(syn().seq(100));
        expectNothing();
        advance(1);
        in(syn().seq(100));
        expect(ack());
        assertThat(count(Counter.TCP_CHALLENGE_ACKS)).isEqualTo(4);
        inState(State.ESTABLISHED);
    }

    /** RFC 5961 section 3.2: the RST itself must be at the edge: data that it carries, so that its end lies beyond, is no help to an attacker. */
    @Test
    @Requirement("RFC5961-3")
    void rstWithDataAcrossTheEdge_isChallenged() {
        established();
        in(rst().seq(-999).length(1400));
        expect(ack());
        inState(State.ESTABLISHED);
        assertThat(count(Counter.TCP_BAD_RST)).isEqualTo(1);
        in(data(100));
        assertThat(c.readable()).isEqualTo(100);
        expectAfter(40, ack().ack(101));
    }

    /** RFC 5961 section 3.2: a peer that means its RST answers the challenge with one that counts. */
    @Test
    void peerThatMeansIt_isBelieved() {
        established();
        in(rst().seq(500));
        expect(ack());
        in(rst().seq(1)); // what it takes from the challenge
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(CloseReason.RESET);
    }

    /** RFC 5961 section 4.2: a peer that has begun anew answers the challenge with a RST, and tries again. */
    @Test
    @Requirement("RFC5961-4")
    void peerThatHasBegunAnew_getsANewConnection() {
        established();
        in(plain().seq(1_000_000));
        expect(ack());
        in(rst().seq(1));
        inState(State.CLOSED);
        c.detach();
        in(plain().seq(1_000_000));
        irs += 1_000_000;
        expect(ourSynAck(plain()));
        in(ack());
        accept();
        inState(State.ESTABLISHED);
    }

    /** RFC 5961 section 5.2: MAX.SND.WND is the largest window, not the one of now. */
    @Test
    @Requirement("MAY-12")
    @Requirement("RFC5961-5")
    void ackRange_isThatOfTheLargestWindow() {
        established();
        in(ack().window(10));
        in(data(10).ack(1 - 0xffff).window(10));
        assertThat(c.readable()).isEqualTo(10);
        in(data(10).seq(11).ack(-0xffff).window(10));
        expect(ack().ack(11));
        assertThat(c.readable()).isEqualTo(10);
    }

    /** RFC 5961 section 5.2: with a scaled window the range is larger. */
    @Test
    @Requirement("MAY-12")
    void ackRange_isScaled() {
        established(plain().scale(4));
        in(data(10).ack(1 - (0xffff << 4)));
        assertThat(c.readable()).isEqualTo(10);
        in(data(10).seq(11).ack(-(0xffff << 4)));
        expect(ack().ack(11));
        assertThat(c.readable()).isEqualTo(10);
    }
}
