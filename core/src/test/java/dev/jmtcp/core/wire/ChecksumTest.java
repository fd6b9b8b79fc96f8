package dev.jmtcp.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumTest {

    private static final long SEED = 0x1071;
    private static final String SEED_IS = "seed " + SEED;

    private final Random random = new Random(SEED);
    private final MemorySegment memory = Arena.ofAuto().allocate(70_000);

    @Test
    void sum_ofTheExampleInRfc1071_isItsResult() {
        write(0, HexFormat.of().parseHex("0001f203f4f5f6f7"));

        assertThat(Checksum.fold(Checksum.sum(memory, 0, 8))).isEqualTo(0xddf2);
        assertThat(Checksum.finish(Checksum.sum(memory, 0, 8))).isEqualTo(0x220d);
    }

    @Test
    void sum_ofEveryShortLengthAndStart_equalsReference() {
        fill();
        for (int start = 0; start < 9; start++) {
            for (int length = 0; length < 300; length++) {
                assertThat(Checksum.fold(Checksum.sum(memory, start, length)))
                        .as("start %d length %d, %s", start, length, SEED_IS)
                        .isEqualTo(reference(start, length));
            }
        }
    }

    @Test
    void sum_ofRandomPieces_equalsReference() {
        for (int i = 0; i < 300; i++) {
            fill();
            int start = random.nextInt(100);
            int length = random.nextInt(66_000);
            assertThat(Checksum.fold(Checksum.sum(memory, start, length)))
                    .as("start %d length %d, %s", start, length, SEED_IS)
                    .isEqualTo(reference(start, length));
        }
    }

    @Test
    void headerSum_ofEveryLength_equalsSum() {
        fill();
        for (int start = 0; start < 9; start++) {
            for (int length = TcpHeader.MIN_LENGTH; length <= TcpHeader.MAX_LENGTH; length += 4) {
                assertThat(Checksum.fold(Checksum.headerSum(memory, start, length)))
                        .as("start %d length %d, %s", start, length, SEED_IS)
                        .isEqualTo(reference(start, length));
            }
        }
    }

    @Test
    void sum_ofAllOnes_carriesAround() {
        memory.fill((byte) 0xff);

        assertThat(Checksum.fold(Checksum.sum(memory, 0, 65_534))).isEqualTo(0xffff);
        assertThat(Checksum.finish(Checksum.sum(memory, 1, 65_535))).isEqualTo(~reference(1, 65_535) & 0xffff);
    }

    @Test
    void sum_ofNothing_isZero() {
        memory.fill((byte) 0xff);

        assertThat(Checksum.sum(memory, 0, 0)).isZero();
        assertThat(Checksum.sum(memory, 0, -5)).isZero();
        assertThat(Checksum.finish(0)).isEqualTo(0xffff);
    }

    @Test
    void partialSums_ofRandomCuts_combineToTheWhole() {
        for (int i = 0; i < 2_000; i++) {
            fill(400);
            int start = random.nextInt(8);
            int length = random.nextInt(300);
            long sum = 0;
            for (int at = 0; at < length; ) {
                int piece = 1 + random.nextInt(length - at);
                long partial = Checksum.sum(memory, start + at, piece);
                sum += at % 2 == 0 ? partial : Checksum.swap(partial);
                at += piece;
            }
            assertThat(Checksum.fold(sum)).as("cut %d, %s", i, SEED_IS).isEqualTo(reference(start, length));
        }
    }

    @Test
    void fold_ofLargestSum_isExact() {
        assertThat(Checksum.fold(0)).isZero();
        assertThat(Checksum.fold(0xffff)).isEqualTo(0xffff);
        assertThat(Checksum.fold(0x1_0000)).isEqualTo(1);
        assertThat(Checksum.fold(Long.MAX_VALUE)).isEqualTo(0x7fff);
        assertThat(Checksum.fold(-1)).isEqualTo(0xffff);
        assertThat(Checksum.fold(0xffff_ffffL)).isEqualTo(0xffff);
        assertThat(Checksum.fold(0xffff_0000_0000_ffffL)).isEqualTo(0xffff);
    }

    @Test
    void update_ofRandomWord_equalsSumAnew() {
        for (int i = 0; i < 10_000; i++) {
            fill(60);
            int checksum = Checksum.finish(Checksum.sum(memory, 0, 60));
            int at = 2 * random.nextInt(30);
            int before = word(at);
            int after = random.nextInt(4) == 0 ? 0xffff * random.nextInt(2) : random.nextInt(0x1_0000);
            memory.set(Layouts.SHORT, at, (short) after);
            assertThat(Checksum.update(checksum, before, after))
                    .as("word %d from %x to %x, %s", at, before, after, SEED_IS)
                    .isEqualTo(Checksum.finish(Checksum.sum(memory, 0, 60)));
        }
    }

    @Test
    void update_exampleInRfc1624_isItsResult() {
        // RFC 1624 section 4: the case that equation 2 of RFC 1141 gets wrong.
        assertThat(Checksum.update(0xdd2f, 0x5555, 0x3285)).isZero();
    }

    @Test
    void pseudoHeader_ofRandomIpv4_equalsItsBytesSummed() {
        for (int i = 0; i < 10_000; i++) {
            int source = random.nextInt();
            int destination = random.nextInt();
            int protocol = random.nextInt(256);
            int length = random.nextInt(65_536);
            memory.set(Layouts.INT, 0, source);
            memory.set(Layouts.INT, 4, destination);
            memory.set(Layouts.SHORT, 8, (short) protocol);
            memory.set(Layouts.SHORT, 10, (short) length);
            assertThat(Checksum.fold(Checksum.pseudoHeader(source, destination, protocol, length)))
                    .as(SEED_IS)
                    .isEqualTo(reference(0, 12));
        }
    }

    @Test
    void pseudoHeader_ofRandomIpv6_equalsItsBytesSummed() {
        for (int i = 0; i < 10_000; i++) {
            fill(40);
            int nextHeader = random.nextInt(256);
            int length = random.nextInt(1 << 20);
            memory.set(Layouts.INT, 32, length);
            memory.set(Layouts.INT, 36, nextHeader);
            long sum = Checksum.pseudoHeader(
                    memory.get(Layouts.LONG, 0),
                    memory.get(Layouts.LONG, 8),
                    memory.get(Layouts.LONG, 16),
                    memory.get(Layouts.LONG, 24),
                    nextHeader,
                    length);
            assertThat(Checksum.fold(sum)).as(SEED_IS).isEqualTo(reference(0, 40));
        }
    }

    /** RFC 1071 section 4.1, by the letter: byte pairs, one after the other. */
    private int reference(long start, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int octet = memory.get(ValueLayout.JAVA_BYTE, start + i) & 0xff;
            sum += i % 2 == 0 ? octet << 8 : octet;
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return sum;
    }

    private int word(long at) {
        return memory.get(Layouts.SHORT, at) & 0xffff;
    }

    private void fill() {
        fill((int) memory.byteSize());
    }

    private void fill(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        write(0, bytes);
    }

    private void write(long at, byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
    }
}
