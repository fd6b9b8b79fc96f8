package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;

/** The urgent pointer: RFC 9293 section 3.8.5, RFC 6093. */
class UrgentTest extends SeveralIsns {

    // ---- Received

    /** RFC 9293 section 3.8.5, MUST-32 and MUST-33: told, and how much is still ahead. */
    @Test
    @Requirement("MUST-30")
    @Requirement("MUST-32")
    @Requirement("MUST-33")
    @Requirement("MUST-62")
    void urgentData_isToldAndCounted() {
        established();
        in(data(10).urgent(4)); // the octet after the fourth byte (MUST-62)
        assertThat(takeEvents()).isEqualTo(Events.READABLE | Events.URGENT);
        assertThat(c.urgentAhead()).isEqualTo(4);
        read(3);
        assertThat(c.urgentAhead()).isEqualTo(1);
        read(1);
        assertThat(c.urgentAhead()).isZero();
        read(6);
        assertThat(c.urgentAhead()).isZero();
        network.sent.clear();
        expectAfter(40, ack().ack(11));
    }

    /** RFC 9293 section 3.10.7.4, sixth: once for the same urgent data; again when the pointer moves on. */
    @Test
    @Requirement("MUST-32")
    void samePointer_isToldOnce() {
        established();
        in(data(10).urgent(30));
        assertThat(takeEvents() & Events.URGENT).isNotZero();
        in(data(10).seq(11).urgent(20));
        assertThat(takeEvents() & Events.URGENT).isZero();
        in(data(10).seq(21).urgent(15));
        assertThat(takeEvents() & Events.URGENT).isNotZero();
        assertThat(c.urgentAhead()).isEqualTo(35);
        network.sent.clear();
        expectAfter(40, ack().ack(31));
    }

    /** RFC 9293 section 3.8.5, MUST-31: further away than any segment. */
    @Test
    @Requirement("MUST-31")
    void pointerBeyondTheData_isKept() {
        established();
        in(ack().urgent(0xffff));
        assertThat(takeEvents()).isEqualTo(Events.URGENT);
        assertThat(c.urgentAhead()).isEqualTo(0xffff);
        in(data(100));
        read(100);
        assertThat(c.urgentAhead()).isEqualTo(0xffff - 100);
        expectAfter(40, ack().ack(101));
    }

    /** What it points at has been received already. */
    @Test
    void pointerBehind_isIgnored() {
        established();
        in(data(100));
        read(100);
        takeEvents();
        in(data(100).seq(101).urgent(0));
        assertThat(takeEvents()).isEqualTo(Events.READABLE);
        assertThat(c.urgentAhead()).isZero();
        network.sent.clear();
        expectAfter(40, ack().ack(201));
    }

    /** RFC 9293 section 3.8.5: the pointer counts from the segment's own sequence number, also if its beginning is old. */
    @Test
    void partlyOldSegment_pointerCountsFromItsBeginning() {
        established();
        in(data(100));
        read(100);
        takeEvents();
        in(data(200).urgent(150));
        assertThat(takeEvents() & Events.URGENT).isNotZero();
        assertThat(c.urgentAhead()).isEqualTo(50);
        expectAfter(40, ack().ack(201));
    }

    /** An old segment with an old pointer. */
    @Test
    void partlyOldSegmentWithOldPointer_isIgnored() {
        established();
        in(data(100));
        read(100);
        takeEvents();
        in(data(200).urgent(80));
        assertThat(takeEvents() & Events.URGENT).isZero();
        expectAfter(40, ack().ack(201));
    }

    /** The FIN takes a number, but no place in the stream. */
    @Test
    void urgentDataBeforeAFin_isCountedRight() {
        established();
        in(data(10).urgent(10).withFin());
        expect(ack().ack(12));
        assertThat(c.urgentAhead()).isEqualTo(10);
        read(9);
        assertThat(c.urgentAhead()).isEqualTo(1);
        read(1);
        assertThat(c.urgentAhead()).isZero();
    }

    // ---- Sent

    /** RFC 9293 section 3.8.5, MUST-30 and MUST-62. */
    @Test
    @Requirement("MUST-30")
    @Requirement("MUST-62")
    void markUrgent_pointsBehindTheLastByte() {
        established();
        tryWrite(10);
        tcp.markUrgent(c);
        turn();
        expect(data(10).push().urgent(10));
        in(ack().ack(11));
        write(10);
        expect(data(10).seq(11).push());
    }

    /** RFC 9293 section 3.8.5: every segment before the end of urgent data says so; none after. */
    @Test
    void markUrgent_isInEverySegmentUpToIt() {
        established();
        tryWrite(2000);
        tcp.markUrgent(c);
        tryWrite(2380);
        turn();
        expect(
                data(1460).urgent(2000),
                data(1460).seq(1461).urgent(540),
                data(1460).seq(2921).push());
    }

    /** RFC 9293 section 3.8.5: it is sent again with the data. */
    @Test
    void markUrgent_lost_isSaidAgain() {
        established();
        tryWrite(10);
        tcp.markUrgent(c);
        turn();
        expect(data(10).push().urgent(10));
        expectAfter(200, data(10).push().urgent(10));
    }

    /** Urgent data does not wait for small segments to be acknowledged. */
    @Test
    void markUrgent_nagleDoesNotHoldItBack() {
        established();
        write(10);
        expect(data(10).push());
        write(10);
        expectNothing();
        tcp.markUrgent(c);
        turn();
        expect(data(10).seq(11).push().urgent(10));
    }

    /** RFC 9293 section 3.8.5, MUST-31: any length; the field tells as much as it can. */
    @Test
    @Requirement("MUST-31")
    void markUrgent_farAhead_saysTheMost() {
        settings.sendBuffer(1 << 20);
        established();
        tryWrite(100_000);
        tcp.markUrgent(c);
        turn();
        expect(data(1460).urgent(0xffff));
        network.sent.clear();
    }

    /** RFC 9293 section 3.10.2: handed over before the connection is established. */
    @Test
    void markUrgent_beforeTheHandshake_pointsRight() {
        synSent();
        tryWrite(10);
        tcp.markUrgent(c);
        turn();
        in(synAck());
        expect(data(10).push().urgent(10));
    }

    /** A device that cuts a frame gives each part the same pointer, which would be wrong: urgent data goes in single segments. */
    @Test
    void markUrgent_withOffload_goesInSingleSegments() {
        network.path.maxSegmentation = 65_000;
        established();
        tryWrite(4380);
        tcp.markUrgent(c);
        turn();
        expect(
                data(1460).urgent(4380),
                data(1460).seq(1461).urgent(2920),
                data(1460).seq(2921).push().urgent(1460));
    }

    /** The end of the stream and of urgent data. */
    @Test
    void markUrgentAndShutdown_pointsBehindTheLastByteNotTheFin() {
        established();
        tryWrite(10);
        tcp.markUrgent(c);
        shutdownOutput();
        expect(fin().length(10).push().urgent(10));
    }
}
