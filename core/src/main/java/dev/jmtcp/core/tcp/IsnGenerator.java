package dev.jmtcp.core.tcp;

import dev.jmtcp.core.wire.Address;
import java.util.random.RandomGenerator;

/**
 * Chooses initial sequence numbers (RFC 6528) and the beginnings of timestamp clocks (RFC 7323 section 5.4) so that nobody off the path can guess them:
 * a clock plus a secret function of the connection's addresses and ports. For any thread; allocates nothing.
 */
public final class IsnGenerator {

    /** RFC 6528 section 3: the clock M goes up by one every 4 µs. */
    private static final long CLOCK = 4000;

    /** The secret key. */
    private final long k0;

    private final long k1;

    /**
     * A generator with its own secret.
     *
     * @param random to draw the secret from; the security of the numbers is that of this source
     */
    public IsnGenerator(RandomGenerator random) {
        this(random.nextLong(), random.nextLong());
    }

    IsnGenerator(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** The secret function of a connection, to be asked for its two halves. */
    public long secret(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        long ports = (long) localPort << 16 | remotePort;
        if (Address.isIpv4(localHigh, localLow) && Address.isIpv4(remoteHigh, remoteLow)) {
            return SipHash.hash(k0, k1, localLow << 32 | Address.ipv4(remoteLow) & 0xffff_ffffL, ports);
        }
        return SipHash.hash(k0, k1, localHigh, localLow, remoteHigh, remoteLow, ports);
    }

    /**
     * The initial sequence number for a connection that begins now: ISN = M + F(connection, secret).
     *
     * @param secret of the connection, see {@link #secret}
     * @param now the time in nanoseconds
     */
    public static int isn(long secret, long now) {
        return (int) Math.floorDiv(now, CLOCK) + (int) secret;
    }

    /** What to add to the timestamp clock for a connection; always the same for the same addresses and ports, so that it never goes back. */
    public static int timestampOffset(long secret) {
        // the half that the sequence number does not use: the two tell nothing of each other
        return (int) (secret >>> 32);
    }

    /** A keyed hash of addresses and ports that has nothing to do with the numbers above. */
    long keyed(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        long ports = 1L << 32 | (long) localPort << 16 | remotePort;
        return SipHash.hash(k0, k1, localHigh, localLow, remoteHigh, remoteLow, ports);
    }

    /** A keyed hash of three numbers. */
    long keyed(long a, long b, long c) {
        return SipHash.hash(k0, k1, a, b, c, 0, 2L << 32);
    }
}
