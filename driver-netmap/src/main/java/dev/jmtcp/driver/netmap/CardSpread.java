package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * How a network card spreads flows over its rings, as {@code ethtool -x} shows it: struct ethtool_rxfh of linux/ethtool.h.
 *
 * <pre>
 *  0 command   4 context   8 entries of the table   12 bytes of the key   16 function   24 table, 4 bytes each; then the key
 * </pre>
 */
final class CardSpread {

    static final int ETHTOOL_GRSSH = 0x46;
    static final int RXFH = 24;
    static final int COMMAND = 0;
    static final int TABLE_SIZE = 8;
    static final int KEY_SIZE = 12;
    static final int FUNCTION = 16;

    /** Of {@link #FUNCTION}. */
    static final int ETH_RSS_HASH_TOP = 1;

    private static final int MOST = 1 << 16;

    private CardSpread() {}

    /** What the card says of itself; nothing if it does not, or spreads by something that is not the Toeplitz hash. */
    static Optional<Rss> of(Interface kernel, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sizes = arena.allocate(RXFH, 8);
            sizes.set(JAVA_INT, COMMAND, ETHTOOL_GRSSH);
            kernel.ethtool(name, sizes);
            int entries = sizes.get(JAVA_INT, TABLE_SIZE);
            int keyLength = sizes.get(JAVA_INT, KEY_SIZE);
            if (entries < 1
                    || entries > MOST
                    || Integer.bitCount(entries) != 1
                    || keyLength < Toeplitz.MINIMUM_KEY_LENGTH
                    || keyLength > MOST) {
                return Optional.empty();
            }
            MemorySegment spread = arena.allocate(RXFH + (long) entries * Integer.BYTES + keyLength, 8);
            spread.set(JAVA_INT, COMMAND, ETHTOOL_GRSSH);
            spread.set(JAVA_INT, TABLE_SIZE, entries);
            spread.set(JAVA_INT, KEY_SIZE, keyLength);
            kernel.ethtool(name, spread);
            if (spread.get(JAVA_BYTE, FUNCTION) != ETH_RSS_HASH_TOP) {
                return Optional.empty();
            }
            int[] table = spread.asSlice(RXFH, (long) entries * Integer.BYTES).toArray(JAVA_INT);
            byte[] key = spread.asSlice(RXFH + (long) entries * Integer.BYTES, keyLength)
                    .toArray(JAVA_BYTE);
            return Optional.of(new Rss(key, table));
        } catch (CallFailedException _) {
            return Optional.empty();
        }
    }
}
