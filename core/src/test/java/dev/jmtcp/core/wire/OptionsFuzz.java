package dev.jmtcp.core.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** TCP options from the wire: read, and what was understood written and read again. */
public final class OptionsFuzz {

    private static final MemorySegment MEMORY = Arena.ofAuto().allocate(128);

    private OptionsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int length = Math.min(input.length, TcpHeader.MAX_OPTIONS_LENGTH);
        // Nothing behind the options, so that a read beyond them fails.
        MemorySegment wire = MEMORY.asSlice(0, length);
        MemorySegment.copy(input, 0, wire, ValueLayout.JAVA_BYTE, 0, length);
        var options = new TcpOptions();
        boolean wellFormed = options.parse(wire, 0, length);
        require(options.mss >= -1 && options.mss <= 0xffff, "MSS");
        require(options.windowScale >= -1 && options.windowScale <= TcpOptions.MAX_WINDOW_SCALE, "window scale");
        require(options.sackCount >= 0 && options.sackCount <= TcpOptions.MAX_SACK_BLOCKS, "SACK blocks");
        if (!wellFormed || options.length() > TcpHeader.MAX_OPTIONS_LENGTH) {
            return;
        }
        MemorySegment copy = MEMORY.asSlice(64, options.length());
        require(options.write(copy, 0) == options.length() && options.length() % 4 == 0, "length written");
        var again = new TcpOptions();
        require(again.parse(copy, 0, options.length()), "well-formed again");
        require(
                again.mss == options.mss
                        && again.windowScale == options.windowScale
                        && again.sackPermitted == options.sackPermitted
                        && again.timestampPresent == options.timestampPresent
                        && again.tsVal == options.tsVal
                        && again.tsEcr == options.tsEcr
                        && again.sackCount == options.sackCount
                        && sameBlocks(again, options),
                "the same again");
    }

    private static boolean sameBlocks(TcpOptions one, TcpOptions other) {
        int count = one.sackCount;
        return Arrays.equals(one.sackStart, 0, count, other.sackStart, 0, count)
                && Arrays.equals(one.sackEnd, 0, count, other.sackEnd, 0, count);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
