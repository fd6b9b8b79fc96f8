package dev.jmtcp.spi.tck.reference;

/** A way to break the contract. */
public enum Defect {
    NONE,
    /** Two frames change places now and then. */
    REORDERS,
    /** A frame comes twice now and then. */
    DUPLICATES,
    /** The last byte of long frames is lost. */
    TRUNCATES_LONG_FRAMES,
    /** Padding is whatever lies in the memory. */
    PADS_WITH_GARBAGE,
    /** Frames that find the receiver full are lost, and no one counts them. */
    DROPS_SILENTLY_WHEN_FULL,
    /** What the receiver still holds is written over. */
    OVERWRITES_HELD_FRAMES,
    /** Frames beyond the capacity of the burst are lost. */
    LOSES_WHAT_A_BURST_CANNOT_HOLD,
    /** The burst keeps its frames when nothing has come. */
    LEAVES_THE_BURST_FILLED,
    /** A slot is lost with every hundredth frame. */
    LEAKS_FRAMES,
    /** A slot is lost with every hundredth abandoned frame. */
    LEAKS_ABANDONED_FRAMES,
    /** An object for every frame. */
    ALLOCATES,
    /** An object for every await. */
    ALLOCATES_IN_AWAIT,
    /** Frames longer than the MTU allows are taken. */
    RESERVES_ANY_LENGTH,
    /** Any length is committed, the frame's room notwithstanding. */
    COMMITS_ANY_LENGTH,
    /** A commit that was refused gives up the frame. */
    REFUSED_COMMIT_ABANDONS,
    /** A flush gives up the reserved frame. */
    FLUSH_ABANDONS,
    /** Commit sends whatever lies in the next slot. */
    COMMITS_WITHOUT_RESERVE,
    /** A wakeup that finds no one asleep is forgotten. */
    FORGETS_WAKEUPS,
    /** Frames that come do not end a rest. */
    SLEEPS_THROUGH_FRAMES,
    /** A close does not end a rest. */
    SLEEPS_THROUGH_CLOSE,
    /** Flush goes on after close. */
    WORKS_AFTER_CLOSE,
    /** The ends of the wire stay taken after close. */
    CLOSES_NOTHING,
    /** The second close fails. */
    CLOSES_ONCE_ONLY,
    /** Options that are not known are ignored. */
    IGNORES_UNKNOWN_OPTIONS,
    /** Values that are not understood become the default. */
    IGNORES_BAD_VALUES,
    /** Frames arrive on the queue beside the one that RSS names. */
    PICKS_THE_WRONG_QUEUE,
    /** The hash given with a frame is not the one used. */
    TELLS_A_WRONG_HASH,
    /** The TCP checksum is left to be. */
    FILLS_IN_NO_CHECKSUM,
    /** Work that is not listed is taken, and not done. */
    TAKES_UNLISTED_WORK,
    /** Sequence numbers are not moved on from segment to segment. */
    SEGMENTS_WRONGLY,
    /** All checksums are called good. */
    CALLS_ALL_CHECKSUMS_GOOD,
    /** Bytes reserved are counted, not bytes committed. */
    COUNTS_RESERVED_BYTES,
    /** Frames received are not counted. */
    COUNTS_NO_RECEIVED_FRAMES
}
