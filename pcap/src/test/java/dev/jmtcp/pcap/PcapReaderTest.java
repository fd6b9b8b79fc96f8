package dev.jmtcp.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jmtcp.pcap.CaptureBytes.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PcapReaderTest {

    private static final long SECOND = 1_000_000_000;

    static Stream<ByteOrder> orders() {
        return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void pcap_microsecondsAndNanoseconds_giveNanoseconds(ByteOrder order) throws IOException {
        byte[] micros = new CaptureBytes(order)
                .pcapHeader(0xa1b2c3d4)
                .pcapFrame(5, 7, 3, "abc")
                .pcapFrame(-1, 999_999, 1500, "")
                .bytes();
        byte[] nanos = new CaptureBytes(order)
                .pcapHeader(0xa1b23c4d)
                .pcapFrame(5, 7, 3, "abc")
                .bytes();

        assertThat(CaptureBytes.read(micros))
                .containsExactly(
                        new Frame(0, 5 * SECOND + 7_000, 3, "abc"),
                        new Frame(0, 0xffff_ffffL * SECOND + 999_999_000, 1500, ""));
        assertThat(CaptureBytes.read(nanos)).containsExactly(new Frame(0, 5 * SECOND + 7, 3, "abc"));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void pcapng_allKindsOfBlocks_giveFramesAndInterfaces(ByteOrder order) throws IOException {
        byte[] file = new CaptureBytes(order)
                .section()
                .describe()
                .unknown(0x0bad, 40)
                .describe("eth0", 4, 9, 10)
                .enhanced(0, 2_000_001, 100, "first")
                .enhanced(1, 3_000_000_004L, 6, "second")
                .unknown(5, 65_000)
                .obsolete(1, 7, 5, "third")
                .simple(6, "fourth")
                .bytes();
        try (var reader = CaptureBytes.reader(file)) {
            assertThat(CaptureBytes.read(reader))
                    .containsExactly(
                            new Frame(0, 2 * SECOND + 1_000, 100, "first"),
                            new Frame(1, 13 * SECOND + 4, 6, "second"),
                            new Frame(1, 10 * SECOND + 7, 5, "third"),
                            new Frame(0, 10 * SECOND + 7, 6, "fourth"));
            assertThat(reader.interfaces())
                    .containsExactly(CaptureInterface.ethernet(""), CaptureInterface.ethernet("eth0"));
        }
    }

    @Test
    void pcapng_simpleFrame_isCutToTheSnapLength() throws IOException {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .section()
                .describe("lo", 4, 6, 0)
                .simple(9, "abcd")
                .bytes();
        assertThat(CaptureBytes.read(file)).containsExactly(new Frame(0, 0, 9, "abcd"));
    }

    @Test
    void pcapng_severalSectionsInBothOrders_interfacesCountOn() throws IOException {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .section()
                .describe("a", 0, 6, 0)
                .describe("b", 0, 6, 0)
                .enhanced(1, 1, 1, "x")
                .order(ByteOrder.BIG_ENDIAN)
                .section()
                .describe("c", 0, 6, 0)
                .enhanced(0, 2, 1, "y")
                .order(ByteOrder.LITTLE_ENDIAN)
                .section()
                .bytes();
        try (var reader = CaptureBytes.reader(file)) {
            assertThat(CaptureBytes.read(reader))
                    .containsExactly(new Frame(1, 1_000, 1, "x"), new Frame(2, 2_000, 1, "y"));
            assertThat(reader.interfaces()).extracting(CaptureInterface::name).containsExactly("a", "b", "c");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, 3000000000",
        "3, 3001, 3001000000",
        "6, 3000001, 3000001000",
        "9, 3000000001, 3000000001",
        "12, 3000000001999, 3000000001",
        "19, -8446744073709551616, 1000000000",
        "0x80, 3, 3000000000",
        "0x81, 7, 3500000000",
        "0xa0, 6442450944, 1500000000",
        "0xbf, -4611686018427387904, 1500000000",
        "0xbf, -1, 1999999999",
    })
    void pcapng_resolutions_giveNanoseconds(String code, long units, long expected) throws IOException {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .section()
                .describe("a", 0, Integer.decode(code), 0)
                .enhanced(0, units, 1, "x")
                .bytes();
        assertThat(CaptureBytes.read(file)).containsExactly(new Frame(0, expected, 1, "x"));
    }

    @Test
    void pcapng_timeOutOfRange_isDamage() {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .section()
                .describe("a", 0, 6, 0)
                .enhanced(0, -1, 1, "x")
                .bytes();
        assertThatThrownBy(() -> CaptureBytes.read(file))
                .isInstanceOf(PcapException.class)
                .hasMessageContaining("time is out of range");
    }

    @Test
    void pcapng_frameOnUnknownInterface_isDamage() {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .section()
                .describe()
                .order(ByteOrder.LITTLE_ENDIAN)
                .section()
                .enhanced(0, 0, 1, "x")
                .bytes();
        assertDamage(file, 76, "a frame on interface 0, of which there is no description");
    }

    @Test
    void pcapng_lengthsDiffer_isDamageAtTheBlock() {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .section()
                .unknown(99, 8)
                .bytes();
        file[file.length - 4]++;
        assertDamage(file, 28, "length 20 before it and 21 after it");
    }

    @Test
    void pcapng_blockOfNoLength_isDamage() {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .section()
                .unknown(99, 8)
                .bytes();
        file[32] = 0;
        assertDamage(file, 28, "a block of 0 bytes");
    }

    @Test
    void pcap_frameOfGigabytes_isDamageWithoutAllocation() {
        byte[] file = new CaptureBytes(ByteOrder.LITTLE_ENDIAN)
                .pcapHeader(0xa1b2c3d4)
                .pcapFrame(0, 0, 1, "x")
                .bytes();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(32, 0x7fff_ffff);
        assertDamage(file, 24, "a frame of 2147483647 bytes");
    }

    @Test
    void anotherFile_isRefused() {
        assertDamage("GIF89a..............".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, "neither a pcap");
        assertDamage(new byte[3], 0, "file ends after 3 bytes of a magic number of 4");
    }

    @Test
    void truncatedAnywhere_givesWholeFramesThenAnError() throws IOException {
        byte[] pcap = new CaptureBytes(ByteOrder.BIG_ENDIAN)
                .pcapHeader(0xa1b2c3d4)
                .pcapFrame(1, 0, 3, "abc")
                .pcapFrame(2, 0, 4, "defg")
                .bytes();
        assertTruncations(pcap, List.of(24, 43), List.of(43));
        byte[] pcapng = new CaptureBytes(ByteOrder.BIG_ENDIAN)
                .section()
                .describe()
                .unknown(77, 16)
                .enhanced(0, 1, 3, "abc")
                .simple(4, "defg")
                .bytes();
        assertTruncations(pcapng, List.of(28, 48, 76, 124), List.of(124));
    }

    /** Cuts a file at every byte: that is an error, except where a frame or block ends. */
    private static void assertTruncations(byte[] file, List<Integer> ends, List<Integer> frameEnds) throws IOException {
        List<Frame> all = CaptureBytes.read(file);
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            List<Frame> frames = new ArrayList<>();
            var error = catchThrowableOfType(PcapException.class, () -> {
                try (var reader = CaptureBytes.reader(cut)) {
                    while (reader.next()) {
                        frames.add(all.get(frames.size()));
                        assertThat(CaptureBytes.content(reader))
                                .isEqualTo(all.get(frames.size() - 1).content());
                    }
                }
            });
            if (ends.contains(length)) {
                assertThat(error).as("cut at %d", length).isNull();
            } else {
                assertThat(error).as("cut at %d", length).isNotNull().hasMessageContaining("test.pcap: at byte ");
                assertThat(error.offset()).isBetween(0L, (long) length);
            }
            assertThat(frames).as("cut at %d", length).hasSize(framesBefore(length, frameEnds));
        }
    }

    private static int framesBefore(int length, List<Integer> frameEnds) {
        return (int) frameEnds.stream().filter(end -> end <= length).count();
    }

    @ParameterizedTest
    @MethodSource("orders")
    void damagedAnywhere_neverHangsNorFailsOtherwise(ByteOrder order) {
        long seed = 20_260_101;
        var random = new SplittableRandom(seed);
        byte[] pcap = new CaptureBytes(order)
                .pcapHeader(0xa1b23c4d)
                .pcapFrame(1, 0, 3, "abc")
                .pcapFrame(2, 0, 4, "defg")
                .bytes();
        byte[] pcapng = new CaptureBytes(order)
                .section()
                .describe("eth0", 4, 9, 10)
                .unknown(0x0bad, 40)
                .enhanced(0, 2_000_001, 100, "first")
                .obsolete(0, 7, 5, "third")
                .simple(4, "four")
                .section()
                .describe()
                .enhanced(0, 2_000_001, 100, "fifth")
                .bytes();
        for (int round = 0; round < 20_000; round++) {
            byte[] file = (round % 4 == 0 ? pcap : pcapng).clone();
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                // Lengths and types are where damage hurts: put in extremes as well as bits.
                int at = random.nextInt(file.length);
                file[at] = switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> (byte) 0xff;
                    case 2 -> (byte) (file[at] ^ 1 << random.nextInt(8));
                    default -> (byte) random.nextInt(256);
                };
            }
            try {
                assertThat(CaptureBytes.read(file)).hasSizeLessThan(8);
            } catch (PcapException e) {
                assertThat(e.offset()).as("seed %d round %d", seed, round).isBetween(0L, (long) file.length);
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
    }

    private static void assertDamage(byte[] file, long offset, String problem) {
        assertThatThrownBy(() -> CaptureBytes.read(file))
                .isInstanceOf(PcapException.class)
                .hasMessageStartingWith("test.pcap: at byte " + offset + ": ")
                .hasMessageContaining(problem);
    }
}
