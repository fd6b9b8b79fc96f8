package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.pcap.CaptureInterface;
import dev.jmtcp.pcap.PcapReader;
import dev.jmtcp.pcap.PcapngWriter;
import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordAndReplayTest {

    private static final long TIME = 1_767_225_600_000_000_000L;

    private final VirtualClock clock = new VirtualClock(500);

    @TempDir
    Path directory;

    private static SimPacketIo open(LongSupplier clock, int queues, Map<String, String> options, String... ports)
            throws PacketIoException {
        var withWire = new HashMap<>(options);
        withWire.putIfAbsent("wire", "record-and-replay");
        return new PcapSimProvider()
                .open(new DriverConfig(
                        queues,
                        Arrays.stream(ports).map(PortConfig::of).toList(),
                        withWire,
                        Toeplitz.symmetricKey(),
                        clock));
    }

    /** A capture of frames numbered from 0, so many nanoseconds after the first one. */
    private Path capture(long... times) throws IOException {
        Path file = directory.resolve("in.pcapng");
        List<CaptureInterface> interfaces =
                List.of(CaptureInterface.ethernet("eth0"), new CaptureInterface("raw", 101));
        try (var arena = Arena.ofConfined();
                var writer = PcapngWriter.create(file, interfaces)) {
            MemorySegment frame = arena.allocate(2000);
            for (int i = 0; i < times.length; i++) {
                Frames.write(frame, 0, MacAddress.BROADCAST, i, 60 + i);
                writer.write(frame, 0, 60 + i, TIME + times[i], 0);
            }
        }
        return file;
    }

    @Test
    void record_framesSent_areInTheFileWithPortAndTime() throws Exception {
        Path file = directory.resolve("out.pcapng");
        try (var io = open(clock, 1, Map.of("record", file.toString(), "loss", "100%"), "left", "right")) {
            PacketQueue queue = io.queue(0);
            Frames.put(queue, 0, io.ports().get(1).mac(), 0, 60);
            Frames.put(queue, 1, MacAddress.BROADCAST, 1, 100);
            queue.flush();
            clock.advanceTo(3_000_000_000L);
            Frames.put(queue, 0, io.ports().get(0).mac(), 2, 61);
            queue.flush();
        }
        try (var reader = PcapReader.open(file)) {
            assertNext(reader, 0, 500, 0, 60);
            assertNext(reader, 1, 500, 1, 100);
            assertNext(reader, 0, 3_000_000_000L, 2, 61);
            assertThat(reader.next()).isFalse();
            assertThat(reader.interfaces())
                    .containsExactly(CaptureInterface.ethernet("left"), CaptureInterface.ethernet("right"));
        }
    }

    private static void assertNext(PcapReader reader, int port, long time, long number, int length) throws IOException {
        assertThat(reader.next()).isTrue();
        assertThat(reader.interfaceIndex()).isEqualTo(port);
        assertThat(reader.timestamp()).isEqualTo(time);
        assertThat(reader.length()).isEqualTo(length);
        assertThat(Frames.number(reader.memory(), reader.offset(), reader.length()))
                .isEqualTo(number);
    }

    @Test
    void record_realClock_writesTheTimeOfDay() throws Exception {
        Path file = directory.resolve("out.pcapng");
        long before = System.currentTimeMillis();
        try (var io = open(System::nanoTime, 1, Map.of("record", file.toString()), "left")) {
            Frames.send(io.queue(0), MacAddress.BROADCAST, 0);
        }
        long after = System.currentTimeMillis();
        try (var reader = PcapReader.open(file)) {
            assertThat(reader.next()).isTrue();
            // The clocks are read one after the other: a millisecond each way is rounding.
            assertThat(reader.timestamp() / 1_000_000).isBetween(before - 1, after + 1);
        }
    }

    @Test
    void record_fileCannotBeMade_namesTheOption() {
        assertThatThrownBy(() -> open(clock, 1, Map.of("record", directory + "/none/out.pcapng"), "a"))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        e -> assertThat(e.option()).isEqualTo("record"));
        assertThatThrownBy(() -> open(clock, 1, Map.of("record", directory + "/out.txt"), "a"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(".pcapng");
    }

    @Test
    void replay_original_framesArriveAsFarApartAsCaptured() throws Exception {
        Path file = capture(0, 1_000, 900, 5_000);
        try (var io = open(clock, 1, Map.of("replay", file.toString()), "a")) {
            PacketQueue queue = io.queue(0);
            assertThat(Frames.drain(queue)).containsExactly(0L);
            assertThat(io.nextEvent(clock.now())).isEqualTo(1_500);
            clock.advanceTo(1_499);
            assertThat(Frames.drain(queue)).isEmpty();
            clock.advanceTo(1_500);
            assertThat(Frames.drain(queue)).containsExactly(1L, 2L);
            clock.advanceTo(6_000);
            assertThat(Frames.drain(queue)).containsExactly(3L);
            assertThat(io.nextEvent(clock.now())).isEqualTo(Long.MAX_VALUE);
            assertThat(io.statistics(0).rxPackets()).isEqualTo(4);
            assertThat(io.statistics(0).rxBytes()).isEqualTo(60 + 61 + 62 + 63);
        }
    }

    @Test
    void replay_fast_framesAreThereAtOnce() throws Exception {
        Path file = capture(0, 1_000, 1_000_000_000);
        try (var io = open(clock, 1, Map.of("replay", file.toString(), "replay-timing", "fast"), "a")) {
            assertThat(Frames.drain(io.queue(0))).containsExactly(0L, 1L, 2L);
        }
    }

    @Test
    void replay_virtual_awaitSetsTheClockToTheNextFrame() throws Exception {
        Path file = capture(0, 1_000_000_000, 3_000_000_000L);
        try (var io = open(clock, 1, Map.of("replay", file.toString(), "replay-timing", "virtual"), "a")) {
            PacketQueue queue = io.queue(0);
            queue.await(Long.MAX_VALUE);
            assertThat(clock.now()).isEqualTo(500);
            assertThat(Frames.drain(queue)).containsExactly(0L);
            queue.await(10);
            assertThat(clock.now()).isEqualTo(510);
            queue.wakeup();
            queue.await(10);
            assertThat(clock.now()).isEqualTo(510);
            queue.await(Long.MAX_VALUE);
            assertThat(clock.now()).isEqualTo(1_000_000_500);
            assertThat(Frames.drain(queue)).containsExactly(1L);
        }
        Path same = capture(0);
        assertThatThrownBy(() ->
                        open(System::nanoTime, 1, Map.of("replay", same.toString(), "replay-timing", "virtual"), "a"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("virtual clock");
    }

    @Test
    void replay_severalQueues_eachFrameReachesOne() throws Exception {
        Path file = directory.resolve("flows.pcapng");
        try (var arena = Arena.ofConfined();
                var writer = PcapngWriter.create(file, List.of(CaptureInterface.ethernet("eth0")))) {
            MemorySegment frame = arena.allocate(60);
            frame.set(ValueLayout.JAVA_BYTE, 12, (byte) 0x08);
            frame.set(ValueLayout.JAVA_BYTE, 14, (byte) 0x45);
            for (int i = 0; i < 100; i++) {
                frame.set(ValueLayout.JAVA_BYTE, 29, (byte) i);
                writer.write(frame, 0, 60, TIME, 0);
            }
        }
        try (var io = open(clock, 3, Map.of("replay", file.toString(), "replay-timing", "fast"), "a")) {
            var rss = io.port().capabilities().rss().orElseThrow();
            int total = 0;
            for (int queue = 0; queue < 3; queue++) {
                var burst = new FrameBurst(100);
                io.queue(queue).receive(0, burst);
                for (int i = 0; i < burst.count(); i++) {
                    assertThat(rss.queueOf(burst.hash(i))).isEqualTo(queue);
                }
                assertThat(burst.count()).isGreaterThan(10);
                total += burst.count();
            }
            assertThat(total).isEqualTo(100);
            assertThat(io.statistics(0).rxPackets()).isEqualTo(100);
        }
    }

    @Test
    void replay_strangeFrames_areCountedAsDropped() throws Exception {
        Path file = directory.resolve("strange.pcapng");
        List<CaptureInterface> interfaces =
                List.of(CaptureInterface.ethernet("eth0"), new CaptureInterface("raw", 101));
        try (var arena = Arena.ofConfined();
                var writer = PcapngWriter.create(file, interfaces)) {
            MemorySegment frame = arena.allocate(60);
            writer.write(frame, 0, 60, TIME, 1);
            writer.write(frame, 0, 13, TIME, 0);
            writer.write(frame, 0, 14, TIME, 0);
        }
        try (var io = open(clock, 1, Map.of("replay", file.toString()), "a")) {
            assertThat(io.queue(0).receive(0, new FrameBurst(8))).isEqualTo(1);
            assertThat(io.statistics(0).drops())
                    .isEqualTo(Map.of("not Ethernet", 1L, "shorter than an Ethernet header", 1L));
        }
    }

    @Test
    void replay_sends_areCountedAndRecorded() throws Exception {
        Path file = capture(0);
        Path out = directory.resolve("out.pcapng");
        var options = Map.of("replay", file.toString(), "record", out.toString(), "ring", "4");
        try (var io = open(clock, 1, options, "a")) {
            PacketQueue queue = io.queue(0);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 4; i++) {
                    assertThat(Frames.put(queue, 0, MacAddress.BROADCAST, 4L * round + i, 60))
                            .isTrue();
                }
                assertThat(Frames.put(queue, 0, MacAddress.BROADCAST, 99, 60)).isFalse();
                assertThat(queue.flush()).isZero();
            }
            assertThat(io.statistics(0).txPackets()).isEqualTo(12);
        }
        List<Long> recorded = new ArrayList<>();
        try (var reader = PcapReader.open(out)) {
            while (reader.next()) {
                recorded.add(Frames.number(reader.memory(), reader.offset(), reader.length()));
            }
        }
        assertThat(recorded).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    }

    @Test
    void replay_fileCutOff_failsAfterItsLastWholeFrame() throws Exception {
        Path file = capture(0, 0, 0);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        try (var io = open(clock, 1, Map.of("replay", file.toString()), "a")) {
            var burst = new FrameBurst(2);
            assertThat(io.queue(0).receive(0, burst)).isEqualTo(2);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> io.queue(0).receive(0, burst))
                        .isInstanceOf(DeviceFailedException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("at byte");
            }
        }
    }

    @Test
    void replay_noCapture_namesTheOption() throws Exception {
        Path text = Files.writeString(directory.resolve("a.txt"), "not a capture");
        assertThatThrownBy(() -> open(clock, 1, Map.of("replay", text.toString()), "a"))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("neither a pcap nor a pcapng file");
        var port = new PortConfig(
                "a",
                java.util.Optional.empty(),
                java.util.OptionalInt.empty(),
                Map.of("replay", directory.resolve("none.pcap").toString()));
        var config = new DriverConfig(1, List.of(port), Map.of(), Toeplitz.symmetricKey(), clock);
        assertThatThrownBy(() -> new PcapSimProvider().open(config))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        e -> assertThat(e.option()).isEqualTo("port.a.replay"));
    }

    @Test
    void recording_ofAFaultyExchange_isTheSameByteForByteWithTheSameSeed() throws Exception {
        byte[] first = exchange("1");
        assertThat(exchange("1")).isEqualTo(first);
        assertThat(exchange("2")).isNotEqualTo(first);
        assertThat(first.length).isGreaterThan(100_000);
    }

    /** Two nodes that answer each frame with one or two, over a wire with every fault there is. */
    private byte[] exchange(String seed) throws Exception {
        Path file = directory.resolve("exchange.pcapng");
        var time = new VirtualClock();
        Map<String, String> options = new HashMap<>(Map.of(
                "seed", seed,
                "record", file.toString(),
                "delay", "1ms",
                "jitter", "3ms",
                "bandwidth", "100m",
                "queue", "20",
                "loss", "10%",
                "duplicate", "5%",
                "reorder", "10%",
                "corrupt", "5%"));
        try (var io = open(time, 1, options, "left", "right")) {
            var simulation = new Simulation(time);
            simulation.add(io);
            PacketQueue queue = io.queue(0);
            for (int port = 0; port < 2; port++) {
                int own = port;
                simulation.add(new Simulation.Node() {
                    private final FrameBurst burst = new FrameBurst(4);

                    @Override
                    public boolean step(long now) {
                        int count = queue.receive(own, burst);
                        for (int i = 0; i < count; i++) {
                            long number = Frames.number(burst, i);
                            for (long k = number & 1; k < 2; k++) {
                                Frames.put(queue, own, io.ports().get(1 - own).mac(), number + k, 100);
                            }
                        }
                        queue.flush();
                        return count > 0;
                    }

                    @Override
                    public long nextDeadline() {
                        return Long.MAX_VALUE;
                    }
                });
            }
            for (int i = 0; i < 10; i++) {
                simulation.after(i * 10_000_000L, () -> {
                    Frames.put(queue, 0, io.ports().get(1).mac(), 2, 100);
                    queue.flush();
                });
            }
            simulation.runFor(1_000_000_000);
        }
        return Files.readAllBytes(file);
    }
}
