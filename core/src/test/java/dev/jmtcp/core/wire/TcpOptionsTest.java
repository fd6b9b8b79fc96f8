package dev.jmtcp.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Requirement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpOptionsTest {

    private static final long SEED = 0x7323;

    private final TcpOptions options = new TcpOptions();

    @Test
    @Requirement("MUST-4")
    void parse_optionsOfALinuxSyn_readsAll() {
        assertThat(parse("020405b4 0402080a 11223344 00000000 01030307")).isTrue();

        assertThat(options.mss).isEqualTo(1460);
        assertThat(options.sackPermitted).isTrue();
        assertThat(options.timestampPresent).isTrue();
        assertThat(options.tsVal).isEqualTo(0x11223344);
        assertThat(options.tsEcr).isZero();
        assertThat(options.windowScale).isEqualTo(7);
        assertThat(options.sackCount).isZero();
    }

    @Test
    void write_synOptions_areInLinuxOrder() {
        options.mss = 1460;
        options.windowScale = 7;
        options.sackPermitted = true;
        options.timestampPresent = true;
        options.tsVal = 0x11223344;

        assertThat(written()).isEqualTo("020405b40402080a112233440000000001030307");
    }

    @Test
    void write_withoutTimestamps_padsSackPermitted() {
        options.mss = 536;
        options.sackPermitted = true;

        assertThat(written()).isEqualTo("0204021801010402");
    }

    @Test
    void write_timestampsAlone_padsThem() {
        options.timestampPresent = true;
        options.tsVal = 1;
        options.tsEcr = -1;

        assertThat(written()).isEqualTo("0101080a00000001ffffffff");
    }

    @Test
    void write_timestampsAndThreeBlocks_fillTheHeader() {
        options.timestampPresent = true;
        options.sackCount = TcpOptions.maxSackBlocks(TcpOptions.TIMESTAMPS_LENGTH);
        options.sackStart[2] = 5;
        options.sackEnd[2] = 0x8000_0000;

        assertThat(options.sackCount).isEqualTo(3);
        assertThat(options.length()).isEqualTo(TcpHeader.MAX_OPTIONS_LENGTH);
        assertThat(written()).startsWith("0101080a").contains("0101051a").endsWith("0000000580000000");
    }

    @Test
    void maxSackBlocks_besideOthers_isWhatFits() {
        assertThat(TcpOptions.maxSackBlocks(0)).isEqualTo(4);
        assertThat(TcpOptions.maxSackBlocks(12)).isEqualTo(3);
        assertThat(TcpOptions.maxSackBlocks(28)).isEqualTo(1);
        assertThat(TcpOptions.maxSackBlocks(32)).isZero();
        assertThat(TcpOptions.maxSackBlocks(40)).isZero();
    }

    @Test
    void parse_fourSackBlocks_readsAll() {
        assertThat(parse("0101 0522 00000001 00000002 00000003 00000004 00000005 00000006 fffffff0 00000010"))
                .isTrue();

        assertThat(options.sackCount).isEqualTo(4);
        assertThat(options.sackStart).containsExactly(1, 3, 5, -16);
        assertThat(options.sackEnd).containsExactly(2, 4, 6, 16);
    }

    @Test
    @Requirement("MUST-4")
    @Requirement("MUST-64")
    void parse_unalignedOptions_readsThem() {
        assertThat(parse("01 080a 00000007 00000008 01 0204 0400 01 01")).isTrue();

        assertThat(options.tsVal).isEqualTo(7);
        assertThat(options.tsEcr).isEqualTo(8);
        assertThat(options.mss).isEqualTo(0x400);
    }

    @Test
    @Requirement("MUST-6")
    void parse_unknownOption_isSkipped() {
        assertThat(parse("fd06 aabbccdd 1302 0303 02 00")).isTrue();

        assertThat(options.windowScale).isEqualTo(2);
    }

    @Test
    @Requirement("MUST-4")
    void parse_afterEol_readsNoMore() {
        assertThat(parse("00 0204 05b4 02 00 ff")).isTrue();

        assertThat(options.mss).isEqualTo(-1);
    }

    @Test
    void parse_windowScaleOver14_isTakenAs14() {
        assertThat(parse("030315 00")).isTrue();
        assertThat(options.windowScale).isEqualTo(14);
        assertThat(parse("0303ff 00")).isTrue();
        assertThat(options.windowScale).isEqualTo(14);
    }

    @Test
    void parse_almostALinuxSyn_isReadAllTheSame() {
        assertThat(parse("020405b4 0402080a 11223344 55667788 010303ff")).isTrue();
        assertThat(options.windowScale).isEqualTo(14);
        assertThat(options.tsEcr).isEqualTo(0x55667788);

        assertThat(parse("020405b4 0101080a 11223344 55667788 01030307")).isTrue();
        assertThat(options.sackPermitted).isFalse();
        assertThat(options.windowScale).isEqualTo(7);

        assertThat(parse("020305b4 0402080a 11223344 55667788 01030307")).isFalse();
    }

    @Test
    void parse_nothing_clears() {
        options.mss = 4;
        options.timestampPresent = true;

        assertThat(parse("")).isTrue();

        assertThat(options.mss).isEqualTo(-1);
        assertThat(options.windowScale).isEqualTo(-1);
        assertThat(options.timestampPresent).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0200 05b4", // length 0
                "0201 05b4", // length 1
                "fd00 0000", // unknown, length 0
                "fd01 0000", // unknown, length 1
                "0203 05 00", // MSS too short
                "0205 05b4 00 010101", // MSS too long
                "0302 0101", // window scale too short
                "0304 0101", // window scale too long
                "0403 0101", // SACK-permitted too long
                "0502 0101", // SACK without a block
                "0506 00000001 0101", // SACK with half a block
                "050b 0000000100000002 00 01", // SACK with a block and a bit
                "0809 00000001 000000 010101", // timestamps too short
                "080b 00000001 00000002 00 01", // timestamps too long
                "0204 05", // beyond the header
                "01010102", // kind without length
                "fd05 0101", // unknown, beyond the header
                "08ff 00000001 00000002 0101", // far beyond the header
                "0512 0000000100000002 0101" // SACK beyond the header
            })
    @Requirement("MUST-7")
    void parse_badLength_isMalformed(String hex) {
        assertThat(parse(hex)).isFalse();
    }

    @Test
    void parse_badOptionAfterGoodOne_keepsTheGoodOne() {
        assertThat(parse("020405b4 08000000")).isFalse();

        assertThat(options.mss).isEqualTo(1460);
        assertThat(options.timestampPresent).isFalse();
    }

    @Test
    void parse_randomBytes_endsWithinThem() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(41)];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(3) == 0 ? bytes[j] : (byte) random.nextInt(12);
            }
            // A heap segment of exactly this size: reading past its end throws.
            options.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
            assertThat(options.sackCount).as("seed %d", SEED).isBetween(0, TcpOptions.MAX_SACK_BLOCKS);
        }
    }

    @Test
    @Requirement("MUST-68")
    @Requirement("MUST-69")
    void parse_whatWasWritten_readsTheSame() {
        Random random = new Random(SEED);
        MemorySegment memory = Arena.ofAuto().allocate(80);
        TcpOptions read = new TcpOptions();
        for (int i = 0; i < 50_000; i++) {
            options.clear();
            options.mss = random.nextBoolean() ? random.nextInt(0x1_0000) : -1;
            options.windowScale = random.nextBoolean() ? random.nextInt(15) : -1;
            options.sackPermitted = random.nextBoolean();
            options.timestampPresent = random.nextBoolean();
            if (options.timestampPresent) {
                options.tsVal = random.nextInt();
                options.tsEcr = random.nextInt();
            }
            options.sackCount = random.nextInt(TcpOptions.maxSackBlocks(options.length()) + 1);
            for (int j = 0; j < options.sackCount; j++) {
                options.sackStart[j] = random.nextInt();
                options.sackEnd[j] = random.nextInt();
            }

            int length = options.write(memory, 3);

            assertThat(length).isEqualTo(options.length()).isBetween(0, 40);
            assertThat(length % 4).isZero();
            fillsTheHeader(memory, 3, length);
            assertThat(read.parse(memory, 3, length)).isTrue();
            assertThat(values(read)).as("seed %d, case %d", SEED, i).isEqualTo(values(options));
        }
    }

    /** Options one after the other by their lengths, filled up by NOP: no end of options, so no padding, which would have to be 0 (MUST-69). */
    private static void fillsTheHeader(MemorySegment memory, long offset, int length) {
        int at = 0;
        while (at < length) {
            int kind = memory.get(ValueLayout.JAVA_BYTE, offset + at);
            assertThat(kind).isPositive();
            at += kind == 1 ? 1 : memory.get(ValueLayout.JAVA_BYTE, offset + at + 1);
        }
        assertThat(at).isEqualTo(length);
    }

    private static List<Object> values(TcpOptions options) {
        List<Object> values = new ArrayList<>(List.of(
                options.mss,
                options.windowScale,
                options.sackPermitted,
                options.timestampPresent,
                options.tsVal,
                options.tsEcr));
        for (int i = 0; i < options.sackCount; i++) {
            values.add(options.sackStart[i]);
            values.add(options.sackEnd[i]);
        }
        return values;
    }

    private boolean parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return options.parse(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    private String written() {
        MemorySegment memory = Arena.ofAuto().allocate(60);
        int length = options.write(memory, 1);
        return HexFormat.of().formatHex(memory.toArray(ValueLayout.JAVA_BYTE), 1, 1 + length);
    }
}
