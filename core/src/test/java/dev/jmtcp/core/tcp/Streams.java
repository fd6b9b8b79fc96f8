package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The bytes that tests send: each place of a stream has its own, different in both directions, so that nothing misplaced goes unnoticed. */
enum Streams {
    TO_US(0x51ed270b),
    FROM_US(0x2545f491);

    private final int salt;

    Streams(int salt) {
        this.salt = salt;
    }

    /** The byte at a position, counted from 0. */
    byte at(long position) {
        return (byte) ((position + salt) * 0x9e3779b97f4a7c15L >>> 53);
    }

    byte[] bytes(long position, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(position + i);
        }
        return bytes;
    }

    /** Fails unless these are the bytes from a position on. */
    void check(byte[] bytes, long position) {
        int wrong = Arrays.mismatch(bytes, bytes(position, bytes.length));
        assertThat(wrong)
                .as("first wrong byte of those from " + position + " on")
                .isEqualTo(-1);
    }

    void fill(MemorySegment memory, long offset, long position, int length) {
        for (int i = 0; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, offset + i, at(position + i));
        }
    }
}
