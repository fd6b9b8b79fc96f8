package dev.jmtcp.core.tcp;

/**
 * Arithmetic on TCP sequence numbers: 32 bits, modulo 2^32 (RFC 9293 section 3.4). An order exists only between numbers less than 2^31
 * apart, which a window of at most 2^30 bytes (RFC 7323 section 2.3) guarantees. Static functions without state, for any thread.
 */
public final class Seq {

    private Seq() {}

    /** Whether {@code a} comes before {@code b}. */
    public static boolean lessThan(int a, int b) {
        return a - b < 0;
    }

    /** Whether {@code a} comes before {@code b} or is the same. */
    public static boolean lessOrEqual(int a, int b) {
        return a - b <= 0;
    }

    /** Whether {@code a} comes after {@code b}. */
    public static boolean greaterThan(int a, int b) {
        return a - b > 0;
    }

    /** Whether {@code a} comes after {@code b} or is the same. */
    public static boolean greaterOrEqual(int a, int b) {
        return a - b >= 0;
    }

    /** Whether {@code seq} lies in the {@code size} numbers from {@code start} on; {@code size} is unsigned, so the full circle works. */
    public static boolean inWindow(int seq, int start, int size) {
        return Integer.compareUnsigned(seq - start, size) < 0;
    }

    /** Whether {@code low <= seq <= high} on the circle, going up from {@code low}. */
    public static boolean between(int seq, int low, int high) {
        return Integer.compareUnsigned(seq - low, high - low) <= 0;
    }

    /** The later of two. */
    public static int max(int a, int b) {
        return a - b >= 0 ? a : b;
    }

    /** The earlier of two. */
    public static int min(int a, int b) {
        return a - b <= 0 ? a : b;
    }

    /** How many numbers {@code a} is after {@code b}; negative if it is before. */
    public static int distance(int a, int b) {
        return a - b;
    }
}
