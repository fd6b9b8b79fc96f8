package dev.jmtcp.spi;

/**
 * The Toeplitz hash by which network cards choose a queue (Microsoft's "RSS Hashing Types"). An instance holds a key, expanded into
 * tables; immutable and safe for any thread; hashing allocates nothing. Addresses are in host byte order (the first octet is the highest),
 * ports from 0 to 65535.
 */
public final class Toeplitz {

    /** The shortest key in bytes: 36 bytes of an IPv6 four-tuple and 4 more. */
    public static final int MINIMUM_KEY_LENGTH = 40;

    private static final int MAXIMUM_INPUT = MINIMUM_KEY_LENGTH - 4;

    /** {@code table[256 * i + b]}: what byte b at place i of the input adds to the hash. */
    private final int[] table = new int[256 * MAXIMUM_INPUT];

    public Toeplitz(byte[] key) {
        if (key.length < MINIMUM_KEY_LENGTH) {
            throw new IllegalArgumentException("key of " + key.length + " bytes, needs " + MINIMUM_KEY_LENGTH);
        }
        for (int place = 0; place < MAXIMUM_INPUT; place++) {
            for (int value = 0; value < 256; value++) {
                int hash = 0;
                for (int bit = 0; bit < 8; bit++) {
                    if ((value & (0x80 >> bit)) != 0) {
                        hash ^= window(key, 8 * place + bit);
                    }
                }
                table[256 * place + value] = hash;
            }
        }
    }

    /**
     * mTCP's key: 0x05 repeated, which makes the hash the same for both directions of a flow. There are but 64 different hashes with it.
     *
     * @return a new array of 40 bytes
     */
    public static byte[] symmetricKey() {
        var key = new byte[MINIMUM_KEY_LENGTH];
        java.util.Arrays.fill(key, (byte) 0x05);
        return key;
    }

    /** The hash of an IPv4 TCP packet. */
    public int hash(int source, int destination, int sourcePort, int destinationPort) {
        return word(source, 0) ^ word(destination, 4) ^ half(sourcePort, 8) ^ half(destinationPort, 10);
    }

    /** The hash of an IPv4 packet without ports. */
    public int hash(int source, int destination) {
        return word(source, 0) ^ word(destination, 4);
    }

    /** The hash of an IPv6 packet without ports; addresses as two halves, high half first. */
    public int hash(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        return wide(sourceHigh, 0) ^ wide(sourceLow, 8) ^ wide(destinationHigh, 16) ^ wide(destinationLow, 24);
    }

    /** The hash of an IPv6 TCP packet; addresses as two halves, high half first. */
    public int hash(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort) {
        return hash(sourceHigh, sourceLow, destinationHigh, destinationLow)
                ^ half(sourcePort, 32)
                ^ half(destinationPort, 34);
    }

    private int wide(long value, int place) {
        return word((int) (value >>> 32), place) ^ word((int) value, place + 4);
    }

    private int word(int value, int place) {
        return half(value >>> 16, place) ^ half(value & 0xffff, place + 2);
    }

    private int half(int value, int place) {
        return table[256 * place + (value >>> 8)] ^ table[256 * (place + 1) + (value & 0xff)];
    }

    /** The 32 bits of the key that start at this bit. */
    private static int window(byte[] key, int bit) {
        long bytes = 0;
        for (int i = 0; i < 5; i++) {
            bytes = bytes << 8 | key[bit / 8 + i] & 0xff;
        }
        return (int) (bytes >>> (8 - bit % 8));
    }
}
