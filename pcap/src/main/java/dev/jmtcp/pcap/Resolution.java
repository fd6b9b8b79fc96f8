package dev.jmtcp.pcap;

/**
 * How an interface in a pcapng file tells the time: in units of 10⁻ⁿ s, or of 2⁻ⁿ s if bit 7 of the code is set, plus an offset. Immutable.
 *
 * @param code the value of the option if_tsresol
 * @param offset the value of the option if_tsoffset: seconds
 */
record Resolution(int code, long offset) {

    static final int MICROSECONDS = 6;
    static final int NANOSECONDS = 9;

    /** {@link #nanoseconds}: the time does not fit into nanoseconds since 1970. */
    static final long OUT_OF_RANGE = Long.MIN_VALUE;

    private static final int BINARY = 0x80;
    private static final int MAXIMUM_DECIMAL = 19;
    private static final int MAXIMUM_BINARY = 63;
    private static final long MAXIMUM_SECONDS = Long.MAX_VALUE / Format.SECOND - 1;

    static boolean isKnown(int code) {
        return (code & BINARY) == 0 ? code <= MAXIMUM_DECIMAL : (code & ~BINARY) <= MAXIMUM_BINARY;
    }

    /** The nanoseconds since 1970, from an unsigned count of units. */
    long nanoseconds(long units) {
        long seconds;
        long rest;
        if ((code & BINARY) != 0) {
            int bits = code & ~BINARY;
            seconds = units >>> bits;
            long fraction = units & (1L << bits) - 1;
            long high = Math.unsignedMultiplyHigh(fraction, Format.SECOND);
            rest = bits == 0 ? 0 : high << 64 - bits | fraction * Format.SECOND >>> bits;
        } else {
            long unit = power(code);
            seconds = Long.divideUnsigned(units, unit);
            long fraction = Long.remainderUnsigned(units, unit);
            rest = code <= NANOSECONDS
                    ? fraction * power(NANOSECONDS - code)
                    : Long.divideUnsigned(fraction, power(code - NANOSECONDS));
        }
        if (seconds < 0
                || seconds > MAXIMUM_SECONDS
                || offset > MAXIMUM_SECONDS - seconds
                || offset < -MAXIMUM_SECONDS) {
            return OUT_OF_RANGE;
        }
        return (seconds + offset) * Format.SECOND + rest;
    }

    /** 10 to a power of at most 19, unsigned. */
    private static long power(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}
