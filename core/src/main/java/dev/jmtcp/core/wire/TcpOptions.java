package dev.jmtcp.core.wire;

import java.lang.foreign.MemorySegment;

/**
 * The options of a TCP header: read from one into this object, and written. The object is reused; it belongs to one thread.
 *
 * <pre>
 *   kind       length  layout                                      source
 *   0 EOL      –       0                                           RFC 9293 section 3.1
 *   1 NOP      –       1                                           RFC 9293 section 3.1
 *   2 MSS      4       2 4 mss:16                                  RFC 9293 section 3.7.1
 *   3 WS       3       3 3 shift:8                                 RFC 7323 section 2.2
 *   4 SACK-P   2       4 2                                         RFC 2018 section 2
 *   5 SACK     2 + 8n  5 2+8n (start:32 end:32) × n, n from 1 to 4 RFC 2018 section 3
 *   8 TS       10      8 10 value:32 echo:32                       RFC 7323 section 3.2
 * </pre>
 *
 * <p>They are written in Linux's order, every group filled up to whole words by NOP before it: MSS; timestamps, with SACK-permitted in the
 * place of its two NOP; else SACK-permitted alone; window scale; SACK.
 */
public final class TcpOptions {

    public static final int MAX_SACK_BLOCKS = 4;

    /** The largest shift count (RFC 7323 section 2.3). */
    public static final int MAX_WINDOW_SCALE = 14;

    /** The bytes of timestamps with their padding. */
    public static final int TIMESTAMPS_LENGTH = 12;

    /** The bytes of MSS, SACK-permitted with timestamps, and window scale. */
    private static final int COMMON_SYN_LENGTH = 20;

    private static final int EOL = 0;
    private static final int NOP = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    private static final int NOP_NOP = NOP << 24 | NOP << 16;
    private static final int MSS_WORD = MSS << 24 | 4 << 16;
    private static final int WINDOW_SCALE_WORD = NOP << 24 | WINDOW_SCALE << 16 | 3 << 8;
    private static final int TIMESTAMPS_WORD = NOP_NOP | TIMESTAMPS << 8 | 10;
    private static final int SACK_PERMITTED_TIMESTAMPS_WORD = SACK_PERMITTED << 24 | 2 << 16 | TIMESTAMPS << 8 | 10;
    private static final int SACK_PERMITTED_EOL_WORD = SACK_PERMITTED << 24 | 2 << 16 | EOL << 8 | EOL;
    private static final int SACK_PERMITTED_WORD = NOP_NOP | SACK_PERMITTED << 8 | 2;
    private static final int SACK_WORD = NOP_NOP | SACK << 8 | 2;

    /** The maximum segment size as announced; −1 if absent. */
    public int mss;

    /** The shift count, at most {@link #MAX_WINDOW_SCALE}; −1 if absent. */
    public int windowScale;

    public boolean sackPermitted;

    /** Whether {@link #tsVal} and {@link #tsEcr} hold. */
    public boolean timestampPresent;

    public int tsVal;
    public int tsEcr;

    /** The number of SACK blocks in {@link #sackStart} and {@link #sackEnd}. */
    public int sackCount;

    /** The left edges: the first sequence number of each block. */
    public final int[] sackStart = new int[MAX_SACK_BLOCKS];

    /** The right edges: the sequence number after the last of each block. */
    public final int[] sackEnd = new int[MAX_SACK_BLOCKS];

    public TcpOptions() {
        clear();
    }

    /** No options. */
    public void clear() {
        mss = -1;
        windowScale = -1;
        sackPermitted = false;
        timestampPresent = false;
        tsVal = 0;
        tsEcr = 0;
        sackCount = 0;
    }

    /**
     * Reads the options of a TCP header into this object. Of an option that comes twice the last counts; options not known are skipped.
     *
     * @param offset where the options begin
     * @param length their bytes, 0 to 40: the header length less 20
     * @return whether they are well-formed: every option has a length that it can have and ends within the header (RFC 9293 section 3.1,
     *     MUST-7); if not, the options before the bad one have been read
     */
    public boolean parse(MemorySegment memory, long offset, int length) {
        clear();
        if (length == TIMESTAMPS_LENGTH && memory.get(Layouts.INT, offset) == TIMESTAMPS_WORD) {
            timestamps(memory, offset + 4);
            return true;
        }
        if (length == COMMON_SYN_LENGTH && isCommonSyn(memory, offset)) {
            mss = memory.get(Layouts.SHORT, offset + 2) & 0xffff;
            sackPermitted = true;
            timestamps(memory, offset + 8);
            windowScale = scale(memory, offset + 19);
            return true;
        }
        long at = offset;
        long end = offset + length;
        while (at < end) {
            int kind = memory.get(Layouts.BYTE, at) & 0xff;
            if (kind == EOL) {
                return true;
            }
            if (kind == NOP) {
                at++;
                continue;
            }
            if (end - at < 2) {
                return false;
            }
            int size = memory.get(Layouts.BYTE, at + 1) & 0xff;
            if (size < 2 || size > end - at || !option(memory, at, kind, size)) {
                return false;
            }
            at += size;
        }
        return true;
    }

    /** Whether these are the options of a SYN of Linux, and of ours: {@link #writeSyn} of all of them. */
    private static boolean isCommonSyn(MemorySegment memory, long offset) {
        return (memory.get(Layouts.INT, offset) & 0xffff_0000) == MSS_WORD
                && memory.get(Layouts.INT, offset + 4) == SACK_PERMITTED_TIMESTAMPS_WORD
                && (memory.get(Layouts.INT, offset + 16) & 0xffff_ff00) == WINDOW_SCALE_WORD;
    }

    /** RFC 7323 section 2.3: a larger shift count is taken as 14. */
    private static int scale(MemorySegment memory, long at) {
        return Math.min(memory.get(Layouts.BYTE, at) & 0xff, MAX_WINDOW_SCALE);
    }

    private boolean option(MemorySegment memory, long at, int kind, int size) {
        switch (kind) {
            case MSS -> {
                if (size != 4) {
                    return false;
                }
                mss = memory.get(Layouts.SHORT, at + 2) & 0xffff;
            }
            case WINDOW_SCALE -> {
                if (size != 3) {
                    return false;
                }
                windowScale = scale(memory, at + 2);
            }
            case SACK_PERMITTED -> {
                if (size != 2) {
                    return false;
                }
                sackPermitted = true;
            }
            case SACK -> {
                if (size < 10 || size % 8 != 2) {
                    return false;
                }
                sackBlocks(memory, at + 2, size >> 3);
            }
            case TIMESTAMPS -> {
                if (size != 10) {
                    return false;
                }
                timestamps(memory, at + 2);
            }
            default -> {}
        }
        return true;
    }

    private void timestamps(MemorySegment memory, long at) {
        timestampPresent = true;
        long both = memory.get(Layouts.LONG, at);
        tsVal = (int) (both >>> 32);
        tsEcr = (int) both;
    }

    private void sackBlocks(MemorySegment memory, long at, int count) {
        sackCount = count;
        for (int i = 0; i < count; i++) {
            sackStart[i] = memory.get(Layouts.INT, at + 8L * i);
            sackEnd[i] = memory.get(Layouts.INT, at + 8L * i + 4);
        }
    }

    /** The bytes that {@link #write} writes: a multiple of 4. More than 40 do not fit a header. */
    public int length() {
        return synLength(mss >= 0, windowScale >= 0, sackPermitted, timestampPresent) + sackLength(sackCount);
    }

    /**
     * Writes the options that this object holds.
     *
     * @return the bytes written: a multiple of 4
     */
    public int write(MemorySegment memory, long offset) {
        int length = writeSyn(memory, offset, mss, windowScale, sackPermitted, timestampPresent, tsVal, tsEcr);
        if (sackCount > 0) {
            length += writeSackHeader(memory, offset + length, sackCount);
            for (int i = 0; i < sackCount; i++) {
                length += writeSackBlock(memory, offset + length, sackStart[i], sackEnd[i]);
            }
        }
        return length;
    }

    /** The bytes that {@link #writeSyn} writes. */
    public static int synLength(boolean mss, boolean windowScale, boolean sackPermitted, boolean timestamps) {
        return (mss ? 4 : 0) + (timestamps ? TIMESTAMPS_LENGTH : sackPermitted ? 4 : 0) + (windowScale ? 4 : 0);
    }

    /**
     * Writes the options of a SYN.
     *
     * @param mss the maximum segment size; −1 for none
     * @param windowScale the shift count; −1 for none
     * @return the bytes written: a multiple of 4
     */
    public static int writeSyn(
            MemorySegment memory,
            long offset,
            int mss,
            int windowScale,
            boolean sackPermitted,
            boolean timestamps,
            int tsVal,
            int tsEcr) {
        long at = offset;
        if (mss >= 0) {
            memory.set(Layouts.INT, at, MSS_WORD | mss);
            at += 4;
        }
        if (timestamps) {
            at += writeTimestamps(memory, at, tsVal, tsEcr);
            if (sackPermitted) {
                memory.set(Layouts.INT, at - TIMESTAMPS_LENGTH, SACK_PERMITTED_TIMESTAMPS_WORD);
            }
        } else if (sackPermitted) {
            memory.set(Layouts.INT, at, SACK_PERMITTED_WORD);
            at += 4;
        }
        if (windowScale >= 0) {
            memory.set(Layouts.INT, at, WINDOW_SCALE_WORD | windowScale);
            at += 4;
        }
        return (int) (at - offset);
    }

    /**
     * Writes the options of a SYN as FreeBSD does: MSS; NOP and window scale; SACK-permitted with the timestamps, or filled up by EOL.
     *
     * @return as {@link #writeSyn}
     */
    public static int writeSynAsBsd(
            MemorySegment memory,
            long offset,
            int mss,
            int windowScale,
            boolean sackPermitted,
            boolean timestamps,
            int tsVal,
            int tsEcr) {
        long at = offset;
        if (mss >= 0) {
            memory.set(Layouts.INT, at, MSS_WORD | mss);
            at += 4;
        }
        if (windowScale >= 0) {
            memory.set(Layouts.INT, at, WINDOW_SCALE_WORD | windowScale);
            at += 4;
        }
        if (timestamps) {
            at += writeTimestamps(memory, at, tsVal, tsEcr);
            if (sackPermitted) {
                memory.set(Layouts.INT, at - TIMESTAMPS_LENGTH, SACK_PERMITTED_TIMESTAMPS_WORD);
            }
        } else if (sackPermitted) {
            memory.set(Layouts.INT, at, SACK_PERMITTED_EOL_WORD);
            at += 4;
        }
        return (int) (at - offset);
    }

    /** Writes NOP NOP TS: {@value #TIMESTAMPS_LENGTH} bytes, which it returns. */
    public static int writeTimestamps(MemorySegment memory, long offset, int tsVal, int tsEcr) {
        memory.set(Layouts.INT, offset, TIMESTAMPS_WORD);
        memory.set(Layouts.LONG, offset + 4, (long) tsVal << 32 | tsEcr & 0xffff_ffffL);
        return TIMESTAMPS_LENGTH;
    }

    /** The bytes of the SACK option with its padding. */
    public static int sackLength(int blocks) {
        return blocks == 0 ? 0 : 4 + 8 * blocks;
    }

    /** The most SACK blocks that fit beside other options of so many bytes: 4 alone, 3 beside timestamps. */
    public static int maxSackBlocks(int otherLength) {
        return Math.clamp((TcpHeader.MAX_OPTIONS_LENGTH - otherLength - 4) >> 3, 0, MAX_SACK_BLOCKS);
    }

    /** Writes NOP NOP, kind and length of a SACK option of so many blocks, which are to follow: 4 bytes, which it returns. */
    public static int writeSackHeader(MemorySegment memory, long offset, int blocks) {
        memory.set(Layouts.INT, offset, SACK_WORD + 8 * blocks);
        return 4;
    }

    /** Writes one block of a SACK option: 8 bytes, which it returns. */
    public static int writeSackBlock(MemorySegment memory, long offset, int start, int end) {
        memory.set(Layouts.INT, offset, start);
        memory.set(Layouts.INT, offset + 4, end);
        return 8;
    }
}
