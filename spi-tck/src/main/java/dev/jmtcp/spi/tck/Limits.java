package dev.jmtcp.spi.tck;

import java.util.regex.Pattern;

/** The numbers of the contract. */
final class Limits {

    /** More frames than any ring holds. */
    static final int MANY = 1 << 20;

    /** Frames enough to overrun a receiver that drops. */
    static final int OVERRUN = 1 << 14;

    /** How often to look for a frame that is not there yet, in nanoseconds. */
    static final long TURN = 100_000;

    /** When to ask again whether all frames have come out of a link that may lose them, in nanoseconds. */
    static final long ASK_AGAIN = 10_000_000;

    /** Gives a thread that rests time to lie down, in nanoseconds; no result depends on it. */
    static final long HEAD_START = 20_000_000;

    /** The rounds in which a driver may run warm. */
    static final int WARM_UP_ROUNDS = 30;

    /** What a warm driver may allocate in a whole round: less than a byte for ten packets. */
    static final long FEW_BYTES = 4096;

    /** A value that no option of numbers, flags, durations or choices takes. */
    static final String NONSENSE = "§ nonsense §";

    /** Defaults of options that take no nonsense: a number, perhaps with a unit, or a flag. */
    static final Pattern NUMBER_OR_FLAG = Pattern.compile("-?\\d+(\\.\\d+)?(%|[a-zµ]{0,4})|true|false|on|off|yes|no");

    private Limits() {}
}
