package dev.jmtcp.spi;

/**
 * How a port spreads TCP flows over its queues: {@code queue = table[hash & (table.length - 1)]}, where hash is the {@link Toeplitz}
 * hash of source address, destination address, source port and destination port of the received packet, with this key.
 * Packets that are not TCP (ARP, ICMP, fragments) are hashed over the addresses alone or go to queue 0.
 *
 * @param key the key, at least {@link Toeplitz#MINIMUM_KEY_LENGTH} bytes
 * @param table the redirection table: queue numbers; its length is a power of two
 */
public record Rss(byte[] key, int[] table) {

    public Rss {
        if (key.length < Toeplitz.MINIMUM_KEY_LENGTH) {
            throw new IllegalArgumentException("key of " + key.length + " bytes");
        }
        if (Integer.bitCount(table.length) != 1) {
            throw new IllegalArgumentException("a redirection table of " + table.length + " entries");
        }
        key = key.clone();
        table = table.clone();
    }

    /** The key, a copy. */
    @Override
    public byte[] key() {
        return key.clone();
    }

    /** The table, a copy. */
    @Override
    public int[] table() {
        return table.clone();
    }

    /** The queue that a packet with this hash arrives on. */
    public int queueOf(int hash) {
        return table[hash & (table.length - 1)];
    }

    /** The usual table: {@code size} entries, a power of two, that name the queues in turn. */
    public static Rss roundRobin(byte[] key, int size, int queues) {
        var table = new int[size];
        for (int i = 0; i < size; i++) {
            table[i] = i % queues;
        }
        return new Rss(key, table);
    }
}
