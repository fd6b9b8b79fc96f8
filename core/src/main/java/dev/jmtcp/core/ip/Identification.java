package dev.jmtcp.core.ip;

import java.util.random.RandomGenerator;

/**
 * Identification of datagrams that may be fragmented (RFC 6864 section 4.3): a counter for each of many groups of source, destination and
 * protocol, each with a random start, so that a host cannot count what is sent to others. Atomic datagrams need none: they get 0.
 */
final class Identification {

    /** What an atomic datagram carries: one with DF set and not fragmented (RFC 6864 section 4.1). */
    static final int ATOMIC = 0;

    private static final int GROUPS = 256;

    private final short[] counters = new short[GROUPS];
    private final int key;

    Identification(RandomGenerator random) {
        key = random.nextInt();
        for (int i = 0; i < GROUPS; i++) {
            counters[i] = (short) random.nextInt();
        }
    }

    int next(int source, int destination, int protocol) {
        int hash = (destination ^ key) * 0x9e37_79b1 + source * 0x85eb_ca6b + protocol;
        return counters[hash >>> 24]++ & 0xffff;
    }
}
