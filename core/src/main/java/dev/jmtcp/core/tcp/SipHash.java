package dev.jmtcp.core.tcp;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of which nobody without the key can predict a value from others. Here over five words of 64
 * bits, the two addresses and ports of a connection. For any thread; allocates nothing.
 */
final class SipHash {

    /** The length of the message in bytes, in the highest byte of the last block. */
    private static final long LAST_BLOCK = 40L << 56;

    private SipHash() {}

    static long hash(long k0, long k1, long a, long b, long c, long d, long e) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int rounds = 2;
        for (int block = 0; block < 7; block++) {
            long m = switch (block) {
                case 0 -> a;
                case 1 -> b;
                case 2 -> c;
                case 3 -> d;
                case 4 -> e;
                case 5 -> LAST_BLOCK;
                default -> 0; // the finalization
            };
            if (block == 6) {
                v2 ^= 0xff;
                rounds = 4;
            }
            v3 ^= m;
            for (int i = 0; i < rounds; i++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
