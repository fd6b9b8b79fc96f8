package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Native memory by address, and what calls of native functions have in common. Static, for any thread. An address that does not point to memory of this
 * process ends it.
 */
public final class Native {

    /** All memory: offsets are addresses. */
    public static final MemorySegment MEMORY = everything();

    private Native() {}

    public static long getLong(long address) {
        return MEMORY.get(JAVA_LONG_UNALIGNED, address);
    }

    public static int getInt(long address) {
        return MEMORY.get(JAVA_INT_UNALIGNED, address);
    }

    /** An unsigned number of 16 bits. */
    public static int getShort(long address) {
        return MEMORY.get(JAVA_SHORT_UNALIGNED, address) & 0xffff;
    }

    /** An unsigned number of 8 bits. */
    public static int getByte(long address) {
        return MEMORY.get(JAVA_BYTE, address) & 0xff;
    }

    public static void setLong(long address, long value) {
        MEMORY.set(JAVA_LONG_UNALIGNED, address, value);
    }

    public static void setInt(long address, int value) {
        MEMORY.set(JAVA_INT_UNALIGNED, address, value);
    }

    public static void setShort(long address, int value) {
        MEMORY.set(JAVA_SHORT_UNALIGNED, address, (short) value);
    }

    public static void setByte(long address, int value) {
        MEMORY.set(JAVA_BYTE, address, (byte) value);
    }

    /** The zero-terminated text at an address, cut after so many bytes; empty for a null pointer. */
    public static String text(long address, int longest) {
        if (address == 0) {
            return "";
        }
        int length = 0;
        while (length < longest && getByte(address + length) != 0) {
            length++;
        }
        var bytes = new byte[length];
        MemorySegment.copy(MEMORY, JAVA_BYTE, address, bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A segment over memory of this process that lives as long as the caller uses it. */
    @SuppressWarnings("restricted") // this module exists to call native code
    public static MemorySegment segment(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    private static MemorySegment everything() {
        return segment(0, Long.MAX_VALUE);
    }

    /** What a call of a method handle may throw, as something that need not be declared: none of these calls throws by itself. */
    static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
