package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No buffers are left: nothing is lost that was acknowledged, nothing is mixed up, and all goes on when there is memory again. */
class PoolExhaustedTest extends TcpFixture {

    @BeforeEach
    void fourChunksOf4096() {
        chunkSize = 4096;
        poolBytes = 4 * 4096;
    }

    /** Data for which there is no memory is not acknowledged: the peer sends it again. */
    @Test
    void received_noMemory_isNotAcknowledged() {
        established();
        for (int i = 0; i < 16; i++) {
            in(data(1024).seq(1 + 1024 * i));
            network.sent.clear();
        }
        assertThat(c.readable()).isEqualTo(16_384);
        in(data(1024).seq(16_385));
        expect(ack().ack(16_385));
        assertThat(c.readable()).isEqualTo(16_384);
        assertThat(count(Counter.TCP_NO_MEMORY)).isEqualTo(1);
        assertThat(read(8192)).isEqualTo(8192);
        network.sent.clear();
        in(data(1024).seq(16_385));
        assertThat(c.readable()).isEqualTo(8192 + 1024);
        assertThat(readQuietly(20_000)).isEqualTo(8192 + 1024);
        turn();
        network.sent.clear();
    }

    /** A segment of which a part would find room is not taken in part. */
    @Test
    void received_memoryForAPart_takesAllOrNothing() {
        established();
        for (int i = 0; i < 11; i++) {
            in(data(1460).seq(1 + 1460 * i));
            network.sent.clear();
        }
        assertThat(c.readable()).isEqualTo(16_060);
        in(data(1460).seq(16_061));
        expect(ack().ack(16_061));
        in(data(324).seq(16_061)); // what fits exactly
        assertThat(c.readable()).isEqualTo(16_384);
        assertThat(readQuietly(20_000)).isEqualTo(16_384);
        turn();
        network.sent.clear();
    }

    /** RFC 2018 section 8: what came out of order makes room for what comes in order, else nothing would go on. */
    @Test
    void received_outOfOrderHoldsAllMemory_inOrderGoesOn() {
        established(plain().sackOk());
        for (int i = 0; i < 4; i++) {
            in(data(10).seq(1 + 8192 + 4096 * i));
            network.sent.clear();
        }
        assertThat(chunks.bytesInUse()).isEqualTo(poolBytes);
        in(data(100));
        expect(ack().ack(101));
        assertThat(read(1000)).isEqualTo(100);
        // All that was dropped comes again.
        int seq = 101;
        while (seq < 25_001) {
            in(data(1460).seq(seq));
            seq += 1460;
            readQuietly(2000);
            network.sent.clear();
        }
        assertThat(c.info().bytesReceived()).isEqualTo(seq - 1);
    }

    /** The FIN of a segment that was dropped for lack of memory is not forgotten, nor taken too early. */
    @Test
    void received_dataWithFinDropped_bothComeAgain() {
        established();
        for (int i = 0; i < 16; i++) {
            in(data(1024).seq(1 + 1024 * i));
            network.sent.clear();
        }
        in(data(100).seq(16_385).withFin());
        expect(ack().ack(16_385));
        inState(State.ESTABLISHED);
        in(fin().seq(16_485)); // out of order now
        expect(ack().ack(16_385));
        inState(State.ESTABLISHED);
        assertThat(readQuietly(20_000)).isEqualTo(16_384);
        turn();
        network.sent.clear();
        in(data(100).seq(16_385));
        expect(ack().ack(16_486));
        inState(State.CLOSE_WAIT);
        assertThat(read(1000)).isEqualTo(100);
        assertThat(c.atEnd()).isTrue();
    }

    /** Data out of order is dropped silently in so far as it is not reported. */
    @Test
    void received_outOfOrderNoMemory_isNotReported() {
        established(plain().sackOk());
        for (int i = 0; i < 16; i++) {
            in(data(1024).seq(1 + 1024 * i));
            network.sent.clear();
        }
        in(data(100).seq(20_001));
        expect(ack().ack(16_385));
        assertThat(count(Counter.TCP_NO_MEMORY)).isEqualTo(1);
        readQuietly(20_000);
        turn();
        network.sent.clear();
    }

    /** What is handed over is taken as far as there is memory, and what was taken is sent unharmed. */
    @Test
    void written_noMemory_isTakenInPart() {
        established();
        options(o -> o.noDelay = true);
        int written = 0;
        for (int taken = tryWrite(1000); taken > 0; taken = tryWrite(1000)) {
            written += taken;
        }
        assertThat(written).isEqualTo(16_384);
        assertThat(count(Counter.TCP_WRITES_SHORT)).isEqualTo(2); // the one that was cut and the one that got nothing
        assertThat(count(Counter.TCP_NO_MEMORY)).isZero();
        turn();
        int sent = 0;
        while (sent < written) {
            while (!network.sent.isEmpty()) {
                sent += next().length; // its bytes are checked
            }
            in(ack().ack(1 + sent));
        }
        assertThat(takeEvents() & Events.WRITABLE).isNotZero();
        assertThat(chunks.bytesInUse()).isZero();
        write(1000);
        expect(data(1000).seq(1 + written).push());
        in(ack().ack(1001 + written));
    }

    @Test
    void written_moreThanThereIsMemory_isTakenInPart() {
        established();
        assertThat(tryWrite(100_000)).isEqualTo(16_384);
        turn();
        assertThat(network.sent).hasSize(10); // the initial window
        network.sent.clear();
        abort();
        expect(Packet.rstAck().seq(14_601));
    }

    /** Others hold the memory: who could not write is told when there is some again, and not before. */
    @Test
    void written_noMemory_isToldWhenThereIsSome() {
        established();
        options(o -> o.noDelay = true);
        for (int i = 0; i < 16; i++) {
            in(data(1024).seq(1 + 1024 * i));
            network.sent.clear();
        }
        assertThat(tcp.isWritable(c)).isTrue();
        assertThat(tryWrite(100)).isZero();
        assertThat(tcp.isWritable(c)).as("writable without memory").isFalse();
        takeEvents();
        turn();
        assertThat(takeEvents()).isZero();
        assertThat(tcp.hasReady()).isFalse();
        assertThat(readQuietly(4096)).isEqualTo(4096);
        assertThat(tcp.hasReady()).as("a turn is due").isTrue();
        turn();
        network.sent.clear();
        assertThat(takeEvents() & Events.WRITABLE).isNotZero();
        assertThat(tcp.isWritable(c)).isTrue();
        write(100);
        network.sent.clear();
        turn();
        assertThat(takeEvents() & Events.WRITABLE).isZero();
        in(ack().seq(16_385).ack(101));
        readQuietly(20_000);
        turn();
        network.sent.clear();
    }

    /** A connection that ends while it waits for memory goes back to its pool when it is its turn, and not before. */
    @Test
    void written_noMemoryAndGone_isForgotten() {
        established();
        options(o -> o.noDelay = true);
        assertThat(tryWrite(100_000)).isEqualTo(16_384);
        turn();
        network.sent.clear();
        Connection gone = c;
        tcp.abort(gone);
        gone.detach();
        assertThat(gone.pooled).isFalse();
        turn();
        expect(Packet.rstAck().seq(14_601));
        assertThat(gone.pooled).isTrue();
        assertThat(takeEvents() & Events.WRITABLE).isZero();
    }

    /** Received data holds all: an ACK needs no buffer, nor does a FIN. */
    @Test
    void receivedDataHoldsAll_controlSegmentsStillLeave() {
        established();
        for (int i = 0; i < 16; i++) {
            in(data(1024).seq(1 + 1024 * i));
            network.sent.clear();
        }
        assertThat(tryWrite(1)).isZero();
        shutdownOutput();
        expect(fin().ack(16_385));
        in(ack().seq(16_385).ack(2));
        inState(State.FIN_WAIT_2);
        in(fin().seq(16_385).ack(2));
        expect(ack().seq(2).ack(16_386));
        inState(State.TIME_WAIT);
        assertThat(read(20_000)).isEqualTo(16_384);
        expectNothing();
    }

    /** A whole stream through far too little memory, with losses in between: it arrives as it was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void wholeStreamThroughLittleMemory_arrivesUnharmed(long seed) {
        chunkSize = 256;
        poolBytes = 12 * 256;
        established(seed % 2 == 0 ? plain().sackOk() : plain());
        SplittableRandom random = new SplittableRandom(seed);
        int total = 100_000;
        int read = 0;
        int rounds = 0;
        while (read < total) {
            assertThat(rounds++).as("rounds, seed " + seed).isLessThan(20_000);
            int una = Seq.distance(c.rcvNxt, c.irs());
            // The peer sends four segments from what we have acknowledged on, some of which are lost or change places.
            Packet[] burst = new Packet[4];
            int seq = una;
            for (int i = 0; i < 4; i++) {
                int length = Math.min(1 + total - seq, 1 + random.nextInt(700));
                burst[i] = length <= 0 ? ack().seq(una) : data(length).seq(seq);
                seq += Math.max(0, length);
            }
            for (int i = 0; i < 4; i++) {
                if (random.nextInt(4) != 0) {
                    in(burst[random.nextInt(4) == 0 ? random.nextInt(4) : i]);
                    network.sent.clear();
                }
            }
            read += readQuietly(random.nextInt(1500));
            turn();
            network.sent.clear();
        }
        assertThat(read).isEqualTo(total);
    }
}
