package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;

/** Chooses the queue of a frame as a network card does, by the {@link Toeplitz} hash of its addresses and ports. Immutable, for any thread. */
final class Steering {

    /** {@link #hash}: the frame has no addresses that could be hashed. */
    static final long NONE = -1;

    /** The entries of the redirection table. */
    static final int TABLE_SIZE = 128;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int ETHERTYPE_AT = 12;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int TCP = 6;
    private static final int FRAGMENT = 0x3fff;

    private final Toeplitz toeplitz;
    private final Rss rss;

    Steering(byte[] key, int queues) {
        toeplitz = new Toeplitz(key);
        rss = Rss.roundRobin(key, TABLE_SIZE, queues);
    }

    /** What a port with so many queues, of as many as it can have, can do if it does nothing but spread frames. */
    static Capabilities capabilities(byte[] key, int queues, int maxQueues) {
        return queues == 1
                ? new Capabilities(Set.of(), maxQueues, 0, Optional.empty())
                : new Capabilities(
                        Set.of(Offload.RSS), maxQueues, 0, Optional.of(Rss.roundRobin(key, TABLE_SIZE, queues)));
    }

    int queueOf(int hash) {
        return rss.queueOf(hash);
    }

    /** The hash of a frame as an unsigned int, or {@link #NONE}. */
    long hash(MemorySegment memory, long offset, int length) {
        if (length < ETHERTYPE_AT + 2) {
            return NONE;
        }
        int type = memory.get(SHORT, offset + ETHERTYPE_AT) & 0xffff;
        long ip = offset + ETHERTYPE_AT + 2;
        int left = length - ETHERTYPE_AT - 2;
        return switch (type) {
            case IPV4 -> ipv4(memory, ip, left);
            case IPV6 -> ipv6(memory, ip, left);
            default -> NONE;
        };
    }

    private long ipv4(MemorySegment memory, long ip, int length) {
        if (length < 20) {
            return NONE;
        }
        int source = memory.get(INT, ip + 12);
        int destination = memory.get(INT, ip + 16);
        int header = (memory.get(ValueLayout.JAVA_BYTE, ip) & 0xf) * 4;
        boolean whole = (memory.get(SHORT, ip + 6) & FRAGMENT) == 0;
        if (whole && memory.get(ValueLayout.JAVA_BYTE, ip + 9) == TCP && header >= 20 && length >= header + 4) {
            int ports = memory.get(INT, ip + header);
            return unsigned(toeplitz.hash(source, destination, ports >>> 16, ports & 0xffff));
        }
        return unsigned(toeplitz.hash(source, destination));
    }

    private long ipv6(MemorySegment memory, long ip, int length) {
        if (length < 40) {
            return NONE;
        }
        long sourceHigh = memory.get(LONG, ip + 8);
        long sourceLow = memory.get(LONG, ip + 16);
        long destinationHigh = memory.get(LONG, ip + 24);
        long destinationLow = memory.get(LONG, ip + 32);
        if (memory.get(ValueLayout.JAVA_BYTE, ip + 6) == TCP && length >= 44) {
            int ports = memory.get(INT, ip + 40);
            return unsigned(toeplitz.hash(
                    sourceHigh, sourceLow, destinationHigh, destinationLow, ports >>> 16, ports & 0xffff));
        }
        return unsigned(toeplitz.hash(sourceHigh, sourceLow, destinationHigh, destinationLow));
    }

    private static long unsigned(int hash) {
        return hash & 0xffff_ffffL;
    }
}
