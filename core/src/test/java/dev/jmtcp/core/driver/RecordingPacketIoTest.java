package dev.jmtcp.core.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.pcap.PcapReader;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingPacketIoTest {

    @TempDir
    Path directory;

    private final AtomicLong time = new AtomicLong(1_000);

    private PacketIo open(Path file, String... more) throws PacketIoException {
        return DriverRegistry.find(List.of())
                .open(
                        JmtcpConfig.parse("""
                                io = pcap-sim
                                num_cores = 1
                                port = left right
                                pcap-sim.wire = %s
                                capture = %s
                                %s
                                """.formatted(getClass().getSimpleName(), file, String.join("\n", more))),
                        time::get);
    }

    private static void send(PacketQueue queue, int port, String text) {
        byte[] frame = ("\u0000".repeat(60) + text).getBytes(StandardCharsets.US_ASCII);
        java.util.Arrays.fill(frame, 0, 6, (byte) 0xff);
        long offset = queue.reserve(port, frame.length);
        MemorySegment.copy(frame, 0, queue.transmitMemory(port), ValueLayout.JAVA_BYTE, offset, frame.length);
        queue.commit(port, frame.length, 0);
        queue.flush();
    }

    /** Time, interface and text of every frame. */
    private static List<String> read(Path file) throws IOException {
        List<String> frames = new ArrayList<>();
        try (PcapReader reader = PcapReader.open(file)) {
            while (reader.next()) {
                byte[] frame = reader.memory()
                        .asSlice(reader.offset(), reader.length())
                        .toArray(ValueLayout.JAVA_BYTE);
                frames.add(reader.timestamp() + " "
                        + reader.interfaces().get(reader.interfaceIndex()).name() + " "
                        + new String(frame, 60, frame.length - 60, StandardCharsets.US_ASCII));
            }
        }
        return frames;
    }

    @Test
    void frames_sentAndReceived_areInTheFile() throws IOException {
        Path file = directory.resolve("run.pcapng");
        try (PacketIo io = open(file, "seed = 1")) {
            assertThat(io.ports()).extracting(Port::name).containsExactly("left", "right");
            PacketQueue queue = io.queue(0);
            var burst = new FrameBurst(8);
            send(queue, 0, "one");
            send(queue, 0, "two");
            time.addAndGet(5);
            assertThat(queue.receive(1, burst)).isEqualTo(2);
            assertThat(queue.receive(1, burst)).isZero();
            send(queue, 1, "three");
            assertThat(io.statistics(0).txPackets()).isEqualTo(2);
        }
        assertThat(read(file))
                .containsExactly(
                        "1000 left one", "1000 left two", "1005 right one", "1005 right two", "1005 right three");
    }

    @Test
    void abandonedReservation_leavesNoTrace() throws IOException {
        Path file = directory.resolve("run.pcapng");
        try (PacketIo io = open(file, "seed = 1")) {
            PacketQueue queue = io.queue(0);
            queue.reserve(0, 100);
            send(queue, 0, "kept");
            assertThatThrownBy(() -> queue.commit(0, 60, 0)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(read(file)).containsExactly("1000 left kept");
    }

    @Test
    void times_withoutSeed_areThoseOfDay() throws IOException {
        Path file = directory.resolve("run.pcapng");
        long before = System.currentTimeMillis();
        try (PacketIo io = open(file)) {
            send(io.queue(0), 0, "x");
        }
        long millis = Long.parseLong(read(file).getFirst().split(" ", -1)[0]) / 1_000_000;
        assertThat(millis).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void recorded_isInTheFileWithinASecond() throws IOException {
        Path file = directory.resolve("run.pcapng");
        try (PacketIo io = open(file, "seed = 1")) {
            send(io.queue(0), 0, "early");
            time.addAndGet(1_000_000_000);
            io.queue(0).await(0);

            assertThat(read(file)).containsExactly("1000 left early");
        }
    }

    @Test
    void file_thatCannotBeCreated_isRefusedAndTheDriverClosed() throws IOException {
        Path file = directory.resolve("nowhere/run.pcapng");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(PacketIoException.class)
                .hasMessageStartingWith("capture file " + file + " cannot be created: ");
        open(directory.resolve("run.pcapng"), "pcap-sim.places = 2").close();
    }

    @Test
    void fileSystem_thatIsFull_endsTheRecordingAndNotTheTraffic() throws IOException {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
        try (PacketIo io = open(full, "seed = 1")) {
            PacketQueue queue = io.queue(0);
            var burst = new FrameBurst(8);
            send(queue, 0, "one");
            time.addAndGet(1_000_000_000);
            queue.await(0);
            assertThat(queue.receive(1, burst)).isEqualTo(1);
            send(queue, 0, "two");
            assertThat(queue.receive(1, burst)).isEqualTo(1);
        }
    }
}
