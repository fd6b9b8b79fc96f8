package dev.jmtcp.core.tcp;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of which nobody without the key can predict a value from others. Here over up to five words of
 * 64 bits, the two addresses and ports of a connection. For any thread; allocates nothing.
 */
final class SipHash {

    private SipHash() {}

    /** Of five words. */
    static long hash(long k0, long k1, long a, long b, long c, long d, long e) {
        return hash(k0, k1, 5, a, b, c, d, e);
    }

    /** Of two words. */
    static long hash(long k0, long k1, long a, long b) {
        return hash(k0, k1, 2, a, b, 0, 0, 0);
    }

    private static long hash(long k0, long k1, int words, long a, long b, long c, long d, long e) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int rounds = 2;
        for (int block = 0; block < words + 2; block++) {
            long m = 0;
            if (block < words) {
                m = block == 0 ? a : block == 1 ? b : block == 2 ? c : block == 3 ? d : e;
            } else if (block == words) {
                m = (long) words << 59; // the length in bytes, in the highest byte
            } else { // the finalization
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
