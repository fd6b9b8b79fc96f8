package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** What an application is told, and what its calls do: RFC 9293 section 3.9.1. */
class ApplicationTest extends TcpFixture {

    // ---- Reading
    // ------------------------------------------------------------------------------------------------------

    @Test
    void peek_leavesTheDataThere() {
        established();
        in(data(100));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(200);
            assertThat(tcp.peek(c, 0, to, 0, 200)).isEqualTo(100);
            Streams.TO_US.check(to.asSlice(0, 100).toArray(ValueLayout.JAVA_BYTE), 0);
            assertThat(tcp.peek(c, 30, to, 0, 20)).isEqualTo(20);
            Streams.TO_US.check(to.asSlice(0, 20).toArray(ValueLayout.JAVA_BYTE), 30);
            assertThat(tcp.peek(c, 100, to, 0, 20)).isZero();
            assertThat(tcp.peek(c, 200, to, 0, 20)).isZero();
        }
        assertThat(c.readable()).isEqualTo(100);
        assertThat(read(1000)).isEqualTo(100);
        expectAfter(40, ack().ack(101));
    }

    /** Data across many chunks, read in odd pieces. */
    @Test
    void read_inOddPieces_givesTheStream() {
        chunkSize = 256;
        established();
        for (int i = 0; i < 10; i++) {
            in(data(1460).seq(1 + 1460 * i));
            network.sent.clear();
        }
        int sum = 0;
        for (int i = 1; sum < 14_600; i++) {
            sum += readQuietly(i * 7 % 300);
        }
        assertThat(sum).isEqualTo(14_600);
        assertThat(chunks.bytesInUse()).isZero();
        turn();
        network.sent.clear();
    }

    /** RFC 9293 section 3.10.3: the end is told apart from nothing yet. */
    @Test
    void atEnd_isTrueWhenAllIsReadAndThePeerHasClosed() {
        established();
        assertThat(c.atEnd()).isFalse();
        in(data(10));
        in(fin().seq(11));
        expect(ack().ack(12));
        assertThat(c.atEnd()).isFalse();
        assertThat(c.peerClosed()).isTrue();
        assertThat(read(10)).isEqualTo(10);
        assertThat(c.atEnd()).isTrue();
        assertThat(read(10)).isZero();
    }

    // ---- Writing
    // ------------------------------------------------------------------------------------------------------

    /** No more is taken than fits, and room is told once there is enough of it. */
    @Test
    void write_bufferFull_isToldWhenAThirdIsFree() {
        settings.sendBuffer(9000);
        established();
        assertThat(tryWrite(20_000)).isEqualTo(9000);
        assertThat(tryWrite(1)).isZero();
        assertThat(c.writable()).isZero();
        turn();
        network.sent.clear();
        in(ack().ack(1461));
        assertThat(takeEvents() & Events.WRITABLE).isZero();
        in(ack().ack(2921));
        assertThat(takeEvents() & Events.WRITABLE).isZero();
        in(ack().ack(4381));
        assertThat(takeEvents() & Events.WRITABLE).isEqualTo(Events.WRITABLE);
        in(ack().ack(5841));
        assertThat(takeEvents() & Events.WRITABLE).isZero(); // nobody has run out of room again
        assertThat(c.writable()).isEqualTo(5840);
        assertThat(c.unacknowledged()).isEqualTo(9000 - 5840);
        network.sent.clear();
    }

    /** Who asks and finds too little room is told when there is enough. */
    @Test
    void isWritable_tooLittleRoom_isToldLater() {
        settings.sendBuffer(9000);
        established();
        assertThat(tcp.isWritable(c)).isTrue();
        write(7000);
        network.sent.clear();
        assertThat(tcp.isWritable(c)).isFalse();
        in(ack().ack(2921));
        assertThat(takeEvents() & Events.WRITABLE).isEqualTo(Events.WRITABLE);
        assertThat(tcp.isWritable(c)).isTrue();
        network.sent.clear();
    }

    /** RFC 9293 section 3.10.2: before the connection is established data is queued. */
    @Test
    void write_inSynSent_isTakenUpToTheBuffer() {
        settings.sendBuffer(1000);
        synSent();
        assertThat(tryWrite(5000)).isEqualTo(1000);
        turn();
        in(synAck());
        expect(data(536));
        in(ack().ack(537));
        expect(data(464).seq(537).push());
    }

    @Test
    void write_afterTheEnd_takesNothing() {
        established();
        in(rst());
        inState(State.CLOSED);
        assertThat(tryWrite(10)).isZero();
        assertThat(c.writable()).isZero();
        shutdownOutput();
        tcp.shutdownInput(c);
        tcp.abort(c);
        turn();
        expectNothing();
    }

    /** A larger buffer is of use at once. */
    @Test
    void sendBufferEnlarged_takesMore() {
        settings.sendBuffer(1000);
        established();
        assertThat(tryWrite(5000)).isEqualTo(1000);
        options(o -> o.sendBuffer = 3000);
        expect(data(1000).push());
        assertThat(tryWrite(5000)).isEqualTo(2000);
        turn();
        expect(data(1460).seq(1001));
        in(ack().ack(2461));
        expect(data(540).seq(2461).push());
    }

    // ---- Events
    // -------------------------------------------------------------------------------------------------------

    /** Several things that happen before the user looks are one event. */
    @Test
    void events_areGathered() {
        established();
        tcp.segment(MemorySegment.NULL, 0, 0, 0, 0, 0, 0, 0, now); // is too short to be anything
        in(data(10), data(10).seq(11), data(10).seq(21).urgent(5), fin().seq(31));
        expect(ack().ack(32));
        assertThat(takeEvents()).isEqualTo(Events.READABLE | Events.URGENT | Events.PEER_CLOSED);
    }

    /** Each connection stands in the list once, in order of what happened. */
    @Test
    void pollEvent_handsOutEachConnectionOnce() {
        established();
        Connection other = tcp.connect(0, 0, 0, remoteHigh, remoteLow, 99, tcp.options());
        other.attach("other");
        tcp.notify(other, Events.WRITABLE);
        tcp.notify(c, Events.READABLE);
        tcp.notify(other, Events.READABLE);
        assertThat(tcp.pollEvent()).isSameAs(other);
        assertThat(other.takeEvents()).isEqualTo(Events.WRITABLE | Events.READABLE);
        assertThat(other.takeEvents()).isZero();
        assertThat(tcp.pollEvent()).isSameAs(c);
        assertThat(c.takeEvents()).isEqualTo(Events.READABLE);
        assertThat(tcp.pollEvent()).isNull();
        tcp.close(other);
        assertThat(tcp.pollEvent()).isNull();
    }

    /** Who has gone is told nothing. */
    @Test
    void closed_nobodyIsTold() {
        established();
        close();
        expect(fin());
        in(rst());
        assertThat(takeEvents()).isZero();
        assertThat(tcp.pollEvent()).isNull();
        assertThat(tcp.connections()).isZero();
    }

    /** A record is used again for another connection, and knows nothing of the first. */
    @Test
    void detached_recordIsUsedAgain() {
        established(modern());
        write(5000);
        network.sent.clear();
        in(data(100), data(100).seq(301));
        network.sent.clear();
        options(o -> o.noDelay = true);
        network.sent.clear();
        Connection first = c;
        abort();
        network.sent.clear();
        assertThat(first.user()).isSameAs(this);
        first.detach();
        irs += 100_000;
        listener = null;
        tcp.close(listenerOf(first));
        c = null;
        synSent();
        assertThat(c).isSameAs(first);
        assertThat(c.readable()).isZero();
        assertThat(c.unacknowledged()).isZero();
        assertThat(c.options().noDelay).isFalse();
        assertThat(c.error()).isEqualTo(CloseReason.NONE);
        in(synAck().mss(1460));
        expect(ack());
        TcpInfo info = c.info();
        assertThat(info.sack()).isFalse();
        assertThat(info.timestamps()).isFalse();
        assertThat(info.windowScaling()).isFalse();
        assertThat(info.totalRetransmits()).isZero();
        assertThat(info.bytesReceived()).isZero();
        assertThat(info.congestionWindow()).isEqualTo(14_600);
        write(10);
        expect(data(10).push());
    }

    private static Listener listenerOf(Connection connection) {
        return connection.listener;
    }

    // ---- Information
    // --------------------------------------------------------------------------------------------------

    @Test
    void info_tellsHowItGoes() {
        settings.rack(false);
        established(modern());
        write(14_480);
        network.sent.clear();
        in(ack().ack(1449).sack(2897, 4345));
        in(data(100).ack(1449).seq(1).sack(2897, 4345));
        TcpInfo info = c.info();
        assertThat(info.state()).isEqualTo(State.ESTABLISHED);
        assertThat(info.sack()).isTrue();
        assertThat(info.timestamps()).isTrue();
        assertThat(info.sendWindowShift()).isEqualTo(7);
        assertThat(info.receiveWindowShift()).isEqualTo(3);
        assertThat(info.sendMss()).isEqualTo(1448);
        assertThat(info.pathMtu()).isEqualTo(1500);
        assertThat(info.sendWindow()).isEqualTo(0xffff << 7);
        assertThat(info.bytesAcknowledged()).isEqualTo(1448);
        assertThat(info.bytesReceived()).isEqualTo(100);
        assertThat(info.sackedBytes()).isEqualTo(1448);
        assertThat(info.unacknowledged()).isEqualTo(14_480 - 1448);
        assertThat(info.inFlight()).isEqualTo(14_480 - 2 * 1448);
        assertThat(c.toString()).contains("10.0.0.1:8080", "10.0.0.2:40000", "ESTABLISHED");
        network.sent.clear();
        expectAfter(40, ack().seq(14_481).ack(101));
    }
}
