package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;

/** When data is acknowledged: RFC 9293 section 3.8.6.3, RFC 5681 section 4.2. */
class DelayedAckTest extends SeveralIsns {

    /** RFC 9293 section 3.8.6.3, SHLD-18 and MUST-40: less than half a second. */
    @Test
    @Requirement("MUST-40")
    @Requirement("SHLD-18")
    void oneSegment_isAcknowledgedAfter40Milliseconds() {
        established();
        in(data(1460));
        expectAfter(40, ack().ack(1461));
        assertThat(count(Counter.TCP_DELAYED_ACKS)).isEqualTo(1);
        quiet(1000);
    }

    /** RFC 9293 section 3.8.6.3, SHLD-19: at least every second full-sized segment. */
    @Test
    @Requirement("SHLD-19")
    void secondSegment_isAcknowledgedAtOnce() {
        established();
        in(data(1460));
        expectNothing();
        in(data(1460).seq(1461));
        expect(ack().ack(2921));
        in(data(1460).seq(2921));
        expectNothing();
        in(data(1460).seq(4381));
        expect(ack().ack(5841));
        quiet(1000);
        assertThat(count(Counter.TCP_DELAYED_ACKS)).isZero();
    }

    /** RFC 9293 section 3.8.6.3: small ones are counted by bytes, twice the MSS. */
    @Test
    @Requirement("SHLD-19")
    void smallSegments_areAcknowledgedWhenTheyMakeTwoFullOnes() {
        established();
        in(data(1460), data(1460).seq(1461)); // so that the size of a full one is known
        expect(ack().ack(2921));
        for (int i = 0; i < 29; i++) {
            in(data(100).seq(2921 + 100 * i));
            expectNothing();
        }
        in(data(100).seq(5821));
        expect(ack().ack(5921));
    }

    /** The delay counts from the first segment that waits. */
    @Test
    void moreSegments_doNotDelayFurther() {
        established();
        in(data(10));
        quiet(30);
        in(data(10).seq(11));
        expectAfter(10, ack().ack(21));
    }

    /** RFC 9293 section 3.10.7.4, MUST-58 and MUST-59: one ACK for all that comes in a turn. */
    @Test
    @Requirement("MUST-58")
    @Requirement("MUST-59")
    void manySegmentsInOneTurn_areAcknowledgedOnce() {
        established();
        Packet[] burst = new Packet[20];
        for (int i = 0; i < burst.length; i++) {
            burst[i] = data(1460).seq(1 + 1460 * i);
        }
        in(burst);
        expect(ack().ack(1 + 20 * 1460));
    }

    /** RFC 9293 section 3.10.7.4, seventh: piggybacked on data, if there is some. */
    @Test
    @Requirement("MUST-58")
    void dataOfOurs_takesTheAckAlong() {
        established();
        in(data(100));
        advance(10);
        write(50);
        expect(data(50).ack(101).push());
        quiet(100);
        in(ack().seq(101).ack(51));
        in(data(10).seq(101).ack(51));
        expectAfter(40, ack().seq(51).ack(111));
    }

    /** RFC 9293 section 3.10.7.4, eighth: a FIN is acknowledged at once. */
    @Test
    void fin_isAcknowledgedAtOnce() {
        established();
        in(data(10));
        in(fin().seq(11));
        expect(ack().ack(12));
        quiet(100);
    }

    /** RFC 5681 section 4.2: at once what is out of order, and a duplicate. */
    @Test
    @Requirement("MAY-13")
    void outOfOrderAndDuplicate_areAcknowledgedAtOnce() {
        established();
        in(data(10));
        in(data(10).seq(21));
        expect(ack().ack(11));
        in(data(10));
        expect(ack().ack(11));
    }

    /** TCP_QUICKACK. */
    @Test
    void quickAck_isNotDelayed() {
        established();
        options(o -> o.quickAck = true);
        in(data(10));
        expect(ack().ack(11));
    }

    @Test
    void noDelayInTheSettings_isNotDelayed() {
        settings.delayedAck(0);
        established();
        in(data(10));
        expect(ack().ack(11));
    }

    @Test
    void anotherDelayInTheSettings_holds() {
        settings.delayedAck(450 * MS);
        established();
        in(data(10));
        expectAfter(450, ack().ack(11));
    }

    /** A connection that ends has nothing to acknowledge. */
    @Test
    void reset_delayedAckIsForgotten() {
        established();
        in(data(10));
        read(10);
        in(Packet.rst().seq(11));
        inState(State.CLOSED);
        quiet(100);
    }
}
