package dev.jmtcp.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.pcap.CaptureBytes.Frame;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PcapngWriterTest {

    private static final long TIME = 1_767_225_600_123_456_789L;
    private static final List<CaptureInterface> TWO =
            List.of(CaptureInterface.ethernet("sim0"), CaptureInterface.ethernet("sim1 é"));

    @TempDir
    Path directory;

    @Test
    void write_framesOfAllLengths_areReadBack() throws IOException {
        Path file = directory.resolve("all.pcapng");
        List<Frame> expected = new ArrayList<>();
        try (var arena = Arena.ofConfined();
                var writer = PcapngWriter.create(file, TWO)) {
            for (int length = 0; length < 3000; length++) {
                String content = content(length);
                MemorySegment memory = arena.allocateFrom(content, StandardCharsets.US_ASCII);
                if (length % 3 == 0) {
                    writer.write(memory, 0, length, TIME + length, length & 1);
                    expected.add(new Frame(length & 1, TIME + length, length, content));
                } else {
                    int direction = length % 3 == 1 ? PcapngWriter.INBOUND : PcapngWriter.OUTBOUND;
                    writer.write(memory, 0, length, length + 5, TIME + length, length & 1, direction);
                    expected.add(new Frame(length & 1, TIME + length, length + 5, content));
                }
            }
        }
        try (var reader = PcapReader.open(file)) {
            assertThat(CaptureBytes.read(reader)).isEqualTo(expected);
            assertThat(reader.interfaces()).isEqualTo(TWO);
        }
    }

    @Test
    void write_longestFrame_isReadBack() throws IOException {
        Path file = directory.resolve("long.pcapng");
        try (var arena = Arena.ofConfined();
                var writer = PcapngWriter.create(file, TWO)) {
            MemorySegment memory = arena.allocate(PcapReader.MAXIMUM_LENGTH + 1);
            for (int i = 0; i < 5; i++) {
                writer.write(memory, 1, PcapReader.MAXIMUM_LENGTH, TIME, 0);
            }
            assertThatThrownBy(() -> writer.write(memory, 0, PcapReader.MAXIMUM_LENGTH + 1, TIME, 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.write(memory, 2, PcapReader.MAXIMUM_LENGTH, TIME, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> writer.write(memory, 0, 1, TIME, 2)).isInstanceOf(IllegalArgumentException.class);
        }
        try (var reader = PcapReader.open(file)) {
            assertThat(CaptureBytes.read(reader)).hasSize(5);
        }
    }

    @Test
    void flush_channelFailsOnce_nothingIsLostOrDoubled() throws IOException {
        var written = ByteBuffer.allocate(4096);
        var channel = new WritableByteChannel() {
            private int calls;

            @Override
            public int write(ByteBuffer source) throws IOException {
                if (calls++ == 1) {
                    throw new IOException("disk full");
                }
                int count = Math.min(source.remaining(), 10);
                written.put(source.slice(source.position(), count));
                source.position(source.position() + count);
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        try (var arena = Arena.ofConfined();
                var writer = PcapngWriter.of(channel, TWO)) {
            writer.write(arena.allocateFrom("abc"), 0, 3, TIME, 0);
            assertThatThrownBy(writer::flush).isInstanceOf(IOException.class);
            writer.write(arena.allocateFrom("defg"), 0, 4, TIME, 1);
        }
        byte[] file = java.util.Arrays.copyOf(written.array(), written.position());
        assertThat(CaptureBytes.read(file))
                .containsExactly(new Frame(0, TIME, 3, "abc"), new Frame(1, TIME, 4, "defg"));
    }

    @Test
    void write_asTsharkSeesIt_isTheSame() throws Exception {
        Needs.command("tshark", "tshark");
        Path file = sample();
        String output = run(
                "tshark",
                "-r",
                file.toString(),
                "-T",
                "fields",
                "-e",
                "frame.time_epoch",
                "-e",
                "frame.interface_name",
                "-e",
                "frame.len",
                "-e",
                "frame.cap_len",
                "-e",
                "frame.packet_flags_direction",
                "-e",
                "eth.type");
        assertThat(output.lines().map(line -> line.replace("0x00000002", "2").replace("0x00000001", "1")))
                .containsExactly(
                        "1767225600.123456789\tsim0\t60\t60\t\t0x88b5",
                        "1767225600.123456790\tsim1 é\t1500\t61\t1\t0x88b5",
                        "1767225600.123456791\tsim0\t62\t62\t2\t0x88b5");
    }

    @Test
    void write_asCapinfosSeesIt_isTheSame() throws Exception {
        Needs.command("capinfos", "wireshark-common");
        assertThat(run("capinfos", "-t", "-E", "-c", "-I", sample().toString()))
                .contains("pcapng")
                .contains("Ethernet")
                .containsPattern("Number of packets: +3")
                .containsPattern("Number of interfaces in file: 2");
    }

    private Path sample() throws IOException {
        Path file = directory.resolve("sample.pcapng");
        try (var arena = Arena.ofConfined();
                var writer = PcapngWriter.create(file, TWO)) {
            MemorySegment frame = arena.allocate(100);
            frame.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 12, (byte) 0x88);
            frame.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 13, (byte) 0xb5);
            writer.write(frame, 0, 60, TIME, 0);
            writer.write(frame, 0, 61, 1500, TIME + 1, 1, PcapngWriter.INBOUND);
            writer.write(frame, 0, 62, 62, TIME + 2, 0, PcapngWriter.OUTBOUND);
        }
        return file;
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        var builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("errors")))
                .isZero();
        return Files.readString(output);
    }

    private static String content(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('!' + (i * 7 + length) % 90));
        }
        return text.toString();
    }
}
