package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.TxOffload;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The work that simulated devices do for the stack. */
class OffloadTest {

    private static final int GOOD = RxFlags.IP_CHECKSUM_GOOD | RxFlags.TCP_CHECKSUM_GOOD;
    private static final int CHECKSUMS = TxOffload.IPV4_CHECKSUM | TxOffload.TCP_CHECKSUM;

    private final VirtualClock clock = new VirtualClock();
    private final List<Wire> wires = new ArrayList<>();

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
    }

    private final class Pair {
        final SimPacketIo sender;
        final SimPacketIo receiver;

        Pair(Offloading sending, Offloading receiving, int ring) throws Exception {
            var config = WireConfig.DEFAULT.withRing(ring).withPlaces(2);
            var wire = Wire.create(config);
            wires.add(wire);
            sender = open(wire, "a", sending);
            receiver = open(wire, "b", receiving);
        }

        private SimPacketIo open(Wire wire, String name, Offloading offloading) throws Exception {
            var setup = new PortSetup(1, Impairments.NONE, true, offloading, null);
            var driver = new dev.jmtcp.spi.DriverConfig(
                    1,
                    List.of(dev.jmtcp.spi.PortConfig.of(name)),
                    java.util.Map.of(),
                    dev.jmtcp.spi.Toeplitz.symmetricKey(),
                    clock);
            var port = wire.attach(driver.ports().getFirst(), 0, driver, setup, 1);
            return new SimPacketIo(driver, List.of(port), () -> {}, null);
        }

        void send(Segment segment, int work, int segmentSize) {
            segment.send(sender.queue(0), receiver.port().mac(), work, segmentSize);
        }

        /** Commits without flushing, so that all come in one burst. */
        void commit(Segment segment) {
            Segment.send(sender.queue(0), segment.bytes(receiver.port().mac(), 0), 0);
        }

        List<Segment> receive(int flags) {
            List<Segment> segments = new ArrayList<>();
            var burst = new FrameBurst(64);
            sender.queue(0).flush();
            while (receiver.queue(0).receive(0, burst) > 0) {
                for (int i = 0; i < burst.count(); i++) {
                    boolean coalesced = (burst.flags(i) & RxFlags.COALESCED) != 0;
                    assertThat(burst.flags(i) & ~RxFlags.COALESCED).isEqualTo(flags);
                    segments.add(Segment.read(burst, i, coalesced));
                }
                sender.queue(0).flush();
            }
            return segments;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void checksums_leftToTheDevice_areRight(boolean ipv6) throws Exception {
        for (Offloading sending : List.of(Offloading.CHECKSUM, Offloading.ALL)) {
            var pair = new Pair(sending, Offloading.NONE, 64);
            for (int length = 0; length < 40; length++) {
                Segment segment = Segment.of(ipv6, length, Segment.ACK, Segment.stream(7, length));
                pair.send(segment, ipv6 ? TxOffload.TCP_CHECKSUM : CHECKSUMS, 0);
                assertThat(pair.receive(0))
                        .singleElement()
                        .satisfies(got -> assertThat(got.payload()).isEqualTo(segment.payload()));
            }
        }
    }

    @Test
    void checksums_pseudoHeaderSumMissing_comeOutWrong() throws Exception {
        var pair = new Pair(Offloading.CHECKSUM, Offloading.CHECKSUM, 64);
        Segment segment = Segment.of(false, 1, Segment.ACK, Segment.stream(0, 10));
        byte[] frame = segment.bytes(pair.receiver.port().mac(), CHECKSUMS);
        frame[50] = 0;
        frame[51] = 0;
        Segment.send(pair.sender.queue(0), frame, segment.offload(CHECKSUMS, 0));
        pair.sender.queue(0).flush();
        var burst = new FrameBurst(1);
        pair.receiver.queue(0).receive(0, burst);
        assertThat(burst.flags(0)).isEqualTo(RxFlags.IP_CHECKSUM_GOOD | RxFlags.TCP_CHECKSUM_BAD);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void segmentation_randomFrames_giveTheSameStreamInRightSegments(boolean ipv6) throws Exception {
        long seed = 77;
        var random = new SplittableRandom(seed);
        var pair = new Pair(Offloading.ALL, Offloading.NONE, 256);
        for (int round = 0; round < 300; round++) {
            int size = 1 + random.nextInt(1400);
            int length = random.nextInt(Math.min(65_000, 200 * size));
            int flags = Segment.ACK | Segment.PSH | Segment.FIN | Segment.CWR;
            int seq = random.nextInt();
            pair.send(Segment.of(ipv6, seq, flags, Segment.stream(0, length)), TxOffload.TCP_SEGMENTATION, size);
            List<Segment> segments = pair.receive(0);
            assertThat(segments).as("seed %d round %d", seed, round).hasSize(Math.max(1, (length + size - 1) / size));
            var stream = new ByteArrayOutputStream();
            for (int i = 0; i < segments.size(); i++) {
                Segment segment = segments.get(i);
                boolean last = i == segments.size() - 1;
                assertThat(segment.seq()).isEqualTo(seq + stream.size());
                assertThat(segment.id()).isEqualTo(ipv6 ? 0 : 100 + i);
                assertThat(segment.flags())
                        .isEqualTo(Segment.ACK | (last ? Segment.PSH | Segment.FIN : 0) | (i == 0 ? Segment.CWR : 0));
                assertThat(segment.payload().length).isEqualTo(last ? length - i * size : size);
                stream.writeBytes(segment.payload());
            }
            assertThat(stream.toByteArray()).isEqualTo(Segment.stream(0, length));
        }
    }

    @Test
    void segmentation_receiverFullInTheMiddle_goesOnLater() throws Exception {
        var pair = new Pair(Offloading.ALL, Offloading.NONE, 16);
        PacketQueue queue = pair.sender.queue(0);
        Segment segment = Segment.of(false, 0, Segment.ACK, Segment.stream(0, 50_000));
        for (int i = 0; i < 5; i++) {
            Segment.send(
                    queue,
                    segment.bytes(pair.receiver.port().mac(), TxOffload.TCP_SEGMENTATION),
                    segment.offload(TxOffload.TCP_SEGMENTATION, 1000));
        }
        assertThat(queue.flush()).isPositive();
        List<Segment> segments = pair.receive(0);
        assertThat(segments).hasSize(250);
        for (int i = 0; i < 250; i++) {
            assertThat(segments.get(i).payload()).isEqualTo(Segment.stream(1000 * (i % 50), 1000));
        }
        assertThat(queue.flush()).isZero();
    }

    @Test
    void commit_askedForTheImpossible_isRefusedAndTheFrameStays() throws Exception {
        var pair = new Pair(Offloading.ALL, Offloading.NONE, 16);
        PacketQueue queue = pair.sender.queue(0);
        assertThatThrownBy(() -> queue.commit(0, 100, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(queue.reserve(0, 3000)).isNotNegative();
        long[] impossible = {
            TxOffload.of(TxOffload.TCP_SEGMENTATION, 14, 20, 20, 0),
            TxOffload.of(TxOffload.TCP_SEGMENTATION, 14, 20, 20, 1461),
            TxOffload.of(TxOffload.TCP_SEGMENTATION, 14, 20, 16, 1000),
            TxOffload.of(TxOffload.TCP_SEGMENTATION, 10, 20, 20, 1000),
            TxOffload.of(TxOffload.TCP_SEGMENTATION, 14, 3000, 20, 1000),
            TxOffload.of(TxOffload.TCP_CHECKSUM, 14, 20, 20, 0),
            TxOffload.of(64, 14, 20, 20, 0),
            0
        };
        for (long offload : impossible) {
            assertThatThrownBy(() -> queue.commit(0, 3000, offload))
                    .as(Long.toHexString(offload))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        queue.commit(0, 3000, TxOffload.of(TxOffload.TCP_SEGMENTATION, 14, 20, 20, 1460));
        assertThatThrownBy(() -> queue.reserve(0, Offloading.MAXIMUM_TSO_FRAME + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void coalescing_segmentsInOrder_areJoined(boolean ipv6) throws Exception {
        var pair = new Pair(Offloading.NONE, Offloading.ALL, 64);
        int verdict = ipv6 ? RxFlags.TCP_CHECKSUM_GOOD : GOOD;
        for (int i = 0; i < 4; i++) {
            pair.commit(Segment.of(ipv6, 1000 * i - 500, Segment.ACK, Segment.stream(1000 * i, 1000)));
        }
        pair.commit(Segment.of(ipv6, 3500, Segment.ACK | Segment.PSH, Segment.stream(4000, 10)));
        pair.commit(Segment.of(ipv6, 3510, Segment.ACK, Segment.stream(4010, 10)));

        List<Segment> segments = pair.receive(verdict);

        assertThat(segments).hasSize(2);
        assertThat(segments.get(0).payload()).isEqualTo(Segment.stream(0, 4010));
        assertThat(segments.get(0).flags()).isEqualTo(Segment.ACK | Segment.PSH);
        assertThat(segments.get(0).seq()).isEqualTo(-500);
        assertThat(segments.get(1).payload()).isEqualTo(Segment.stream(4010, 10));
        assertThat(pair.receiver.statistics(0).rxPackets()).isEqualTo(2);
    }

    @Test
    void coalescing_stopsAtTheLargestPacket() throws Exception {
        var pair = new Pair(Offloading.NONE, Offloading.ALL, 64);
        for (int i = 0; i < 60; i++) {
            pair.commit(Segment.of(false, 1400 * i, Segment.ACK, Segment.stream(1400 * i, 1400)));
        }
        List<Segment> segments = pair.receive(GOOD);
        assertThat(segments).extracting(segment -> segment.payload().length).containsExactly(46 * 1400, 14 * 1400);
    }

    @Test
    void coalescing_anythingUnlike_isNotJoined() throws Exception {
        byte[] data = Segment.stream(0, 100);
        Segment first = Segment.of(false, 0, Segment.ACK, data);
        Segment second = Segment.of(false, 100, Segment.ACK, data);
        List<UnaryOperator<Segment>> changes = List.of(
                segment -> segment.withFlow(2),
                segment -> segment.withTos(3),
                segment -> segment.withAck(78),
                segment -> segment.withWindow(5001),
                segment -> segment.withOptions(new byte[12]),
                segment -> segment.withOptions(new byte[0]),
                segment -> Segment.of(false, 101, Segment.ACK, data),
                segment -> Segment.of(false, 99, Segment.ACK, data),
                segment -> Segment.of(false, 100, Segment.ACK, Segment.stream(0, 101)),
                segment -> Segment.of(false, 100, Segment.ACK, new byte[0]),
                segment -> Segment.of(false, 100, Segment.ACK | Segment.FIN, data),
                segment -> Segment.of(false, 100, Segment.ACK | 64, data),
                segment -> Segment.of(false, 100, 0, data));
        var pair = new Pair(Offloading.NONE, Offloading.ALL, 64);
        for (UnaryOperator<Segment> change : changes) {
            pair.commit(first);
            pair.commit(change.apply(second));
            assertThat(pair.receive(GOOD))
                    .as("change %d", changes.indexOf(change))
                    .hasSize(2);
        }
        pair.commit(Segment.of(false, 0, Segment.ACK | Segment.PSH, data));
        pair.commit(second);
        assertThat(pair.receive(GOOD)).hasSize(2);
        pair.commit(first);
        pair.commit(second);
        assertThat(pair.receive(GOOD)).hasSize(1);
    }

    @Test
    void receive_brokenFrames_areFlaggedAndNotJoined() throws Exception {
        var random = new SplittableRandom(5);
        for (Offloading receiving : List.of(Offloading.CHECKSUM, Offloading.ALL)) {
            var pair = new Pair(Offloading.NONE, receiving, 64);
            var burst = new FrameBurst(4);
            for (int round = 0; round < 500; round++) {
                byte[] good = Segment.of(false, 0, Segment.ACK, Segment.stream(0, 100))
                        .bytes(pair.receiver.port().mac(), 0);
                byte[] bad = Segment.of(false, 100, Segment.ACK, Segment.stream(0, 100))
                        .bytes(pair.receiver.port().mac(), 0);
                int at = 14 + random.nextInt(bad.length - 14);
                bad[at] ^= (byte) (1 << random.nextInt(8));
                Segment.send(pair.sender.queue(0), good, 0);
                Segment.send(pair.sender.queue(0), bad, 0);
                pair.sender.queue(0).flush();
                assertThat(pair.receiver.queue(0).receive(0, burst)).isEqualTo(2);
                assertThat(burst.flags(0)).isEqualTo(GOOD);
                assertThat(burst.flags(1) & GOOD).as("bit at byte %d", at).isNotEqualTo(GOOD);
                if (at >= 34) {
                    assertThat(burst.flags(1)).isEqualTo(RxFlags.IP_CHECKSUM_GOOD | RxFlags.TCP_CHECKSUM_BAD);
                }
            }
        }
    }

    @Test
    void receive_randomFrames_neverFail() throws Exception {
        long seed = 6;
        var random = new SplittableRandom(seed);
        for (Offloading receiving : List.of(Offloading.CHECKSUM, Offloading.ALL)) {
            var pair = new Pair(Offloading.NONE, receiving, 64);
            var burst = new FrameBurst(4);
            for (int round = 0; round < 20_000; round++) {
                byte[] frame = Segment.of(random.nextBoolean(), 0, Segment.ACK, new byte[random.nextInt(30)])
                        .bytes(pair.receiver.port().mac(), 0);
                for (int i = random.nextInt(4); i > 0; i--) {
                    frame[12 + random.nextInt(Math.min(60, frame.length - 12))] = (byte) random.nextInt(256);
                }
                byte[] cut = java.util.Arrays.copyOf(frame, 14 + random.nextInt(frame.length - 13));
                Segment.send(pair.sender.queue(0), cut, 0);
                pair.sender.queue(0).flush();
                assertThat(pair.receiver.queue(0).receive(0, burst))
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void fullDevices_bothEnds_streamSurvives() throws Exception {
        var random = new SplittableRandom(8);
        var pair = new Pair(Offloading.ALL, Offloading.ALL, 64);
        int seq = 0;
        for (int round = 0; round < 200; round++) {
            int length = 1 + random.nextInt(60_000);
            pair.send(
                    Segment.of(false, seq, Segment.ACK | Segment.PSH, Segment.stream(seq, length)),
                    TxOffload.TCP_SEGMENTATION,
                    1448);
            for (Segment segment : pair.receive(GOOD)) {
                assertThat(segment.seq()).isEqualTo(seq);
                assertThat(segment.payload()).isEqualTo(Segment.stream(seq, segment.payload().length));
                seq += segment.payload().length;
            }
        }
        assertThat(pair.receiver.statistics(0).rxPackets())
                .isLessThan(pair.sender.statistics(0).txPackets());
    }
}
