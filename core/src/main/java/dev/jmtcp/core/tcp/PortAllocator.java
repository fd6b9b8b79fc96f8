package dev.jmtcp.core.tcp;

import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Chooses local ports for connections to others so that they are hard to guess and are not used again soon: the double-hash algorithm (RFC 6056 section
 * 3.3.4) with small random steps. Each destination has its own secret place to begin at; how far it has got is counted in a table that destinations
 * share, so that one tells little of another. Belongs to the stack's thread; allocates nothing.
 */
public final class PortAllocator {

    /** The range that Linux uses unless told otherwise. */
    public static final int DEFAULT_FIRST = 32768;

    public static final int DEFAULT_LAST = 60999;

    private static final int TABLE_LENGTH = 1024;

    /** Each port chosen is this much or less after the one before, if it is free. */
    private static final int MAX_STEP = 8;

    private final RandomGenerator random;
    private final long k0;
    private final long k1;
    private final int first;
    private final int count;

    /** How far destinations have got, by a hash of the destination. */
    private final int[] progress = new int[TABLE_LENGTH];

    /** With the default range. */
    public PortAllocator(RandomGenerator random) {
        this(random, DEFAULT_FIRST, DEFAULT_LAST);
    }

    /**
     * An allocator for a range of ports.
     *
     * @param random for the secret and the steps
     * @param first the lowest port, at least 1
     * @param last the highest port
     */
    public PortAllocator(RandomGenerator random, int first, int last) {
        if (first < 1 || last > 65535 || first > last) {
            throw new IllegalArgumentException("ports " + first + " to " + last);
        }
        this.random = random;
        this.k0 = random.nextLong();
        this.k1 = random.nextLong();
        this.first = first;
        this.count = last - first + 1;
        for (int i = 0; i < TABLE_LENGTH; i++) {
            progress[i] = random.nextInt(count); // RFC 6056 section 3.3.4: the table begins with random values
        }
    }

    /**
     * A port for a connection to a destination.
     *
     * @param accept whether a port can be used: whether there is no such connection yet, and whether its packets would come to this core
     * @return the port, or -1 if none can be used
     */
    public int pick(
            long localHigh, long localLow, long remoteHigh, long remoteLow, int remotePort, IntPredicate accept) {
        long hash = SipHash.hash(k0, k1, localHigh, localLow, remoteHigh, remoteLow, remotePort);
        int slot = (int) hash & TABLE_LENGTH - 1;
        int begin = (int) (((hash >>> 32) + progress[slot]) % count);
        int step = random.nextInt(Math.min(MAX_STEP, count));
        for (int i = 0; i < count; i++) {
            int port = first + (begin + step + i) % count;
            if (accept.test(port)) {
                progress[slot] = (progress[slot] + step + i + 1) % count;
                return port;
            }
        }
        return -1;
    }
}
