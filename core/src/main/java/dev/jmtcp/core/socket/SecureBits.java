package dev.jmtcp.core.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Random numbers that nobody can foretell, fetched from the system many at a time. Belongs to one thread. */
final class SecureBits implements RandomGenerator {

    private static final int LENGTH = 2048;

    private final SecureRandom source = new SecureRandom();
    private final byte[] bytes = new byte[LENGTH];
    private final MemorySegment view = MemorySegment.ofArray(bytes);
    private int used = LENGTH;

    @Override
    public long nextLong() {
        if (used == LENGTH) {
            source.nextBytes(bytes);
            used = 0;
        }
        long bits = view.get(ValueLayout.JAVA_LONG_UNALIGNED, used);
        view.set(ValueLayout.JAVA_LONG_UNALIGNED, used, 0); // what was used cannot be found later
        used += Long.BYTES;
        return bits;
    }
}
