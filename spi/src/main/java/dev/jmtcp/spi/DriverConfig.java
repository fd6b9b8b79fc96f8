package dev.jmtcp.spi;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a driver is opened with.
 *
 * @param queues the number of cores, hence of queues to open on every port, at least 1; a driver that cannot open so many refuses
 * @param ports the ports to open, in order: their place in this list is their index; a port named {@code all} means every port there is
 * @param options the driver's options by name (see {@link PacketIoProvider#options()}); absent ones are not in the map
 * @param rssKey the key of the Toeplitz hash that spreads flows over queues, 40 bytes or more (see {@link Toeplitz})
 * @param clock the time in nanoseconds, monotonic, of arbitrary origin; the only clock a driver reads
 */
public record DriverConfig(
        int queues, List<PortConfig> ports, Map<String, String> options, byte[] rssKey, LongSupplier clock) {

    public DriverConfig {
        if (queues < 1) {
            throw new IllegalArgumentException("queues: " + queues);
        }
        if (rssKey.length < Toeplitz.MINIMUM_KEY_LENGTH) {
            throw new IllegalArgumentException("an RSS key has at least " + Toeplitz.MINIMUM_KEY_LENGTH + " bytes");
        }
        ports = List.copyOf(ports);
        options = Map.copyOf(options);
        rssKey = rssKey.clone();
    }

    /** The key, a copy. */
    @Override
    public byte[] rssKey() {
        return rssKey.clone();
    }
}
