package dev.jmtcp.core.fuzz;

import java.util.random.RandomGenerator;

/** The bytes of a fuzzer's input as a source of choices, each taking no more bytes than it needs. When they are used up, all choices are 0. */
public final class Choices implements RandomGenerator {

    private final byte[] input;
    private int used;

    public Choices(byte[] input) {
        this.input = input;
    }

    public boolean isExhausted() {
        return used >= input.length;
    }

    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound: " + bound);
        }
        int bytes = bound <= 1 << 8 ? 1 : bound <= 1 << 16 ? 2 : 4;
        return (int) Long.remainderUnsigned(next(bytes), bound);
    }

    @Override
    public int nextInt() {
        return (int) next(Integer.BYTES);
    }

    @Override
    public long nextLong() {
        return next(Long.BYTES);
    }

    @Override
    public boolean nextBoolean() {
        return (next(1) & 1) != 0;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) next(1);
        }
    }

    private long next(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | (used < input.length ? input[used++] & 0xff : 0);
        }
        return value;
    }
}
