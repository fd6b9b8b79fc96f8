package dev.jmtcp.core.ip;

import java.time.Duration;

/**
 * How much is kept of datagrams whose fragments have not all arrived.
 *
 * @param datagrams the most datagrams under reassembly; the oldest makes room for another
 * @param fragments the most fragments kept, of all datagrams together: with the MTU they bound the memory
 * @param fragmentsPerDatagram the most fragments of one datagram
 * @param timeout how long after its first fragment a datagram is given up; RFC 1122 section 3.3.2 wants 60 to 120 s, but so long a time is
 *     rather a gift to attackers, and 30 s is what Linux takes
 */
public record ReassemblyLimits(int datagrams, int fragments, int fragmentsPerDatagram, Duration timeout) {

    public static final ReassemblyLimits DEFAULT = new ReassemblyLimits(64, 512, 64, Duration.ofSeconds(30));

    public ReassemblyLimits {
        if (datagrams < 1 || fragments < 1 || fragmentsPerDatagram < 1 || !timeout.isPositive()) {
            throw new IllegalArgumentException("every limit is at least 1");
        }
    }
}
