package dev.jmtcp.driver.onvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The hash by which openNetVM spreads packets over the network functions of a service: that of its ports' cards and its library, the same for both directions of
 * a connection. Immutable, for any thread; allocates nothing.
 */
final class FlowHash {

    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int ETHERNET = 14;
    private static final int ETHER_TYPE = 12;
    private static final short IPV4 = 0x0800;

    /** RFC 791 section 3.1. */
    private static final int IP_HEADER = 20;

    private static final int FRAGMENT = 6;
    private static final int PROTOCOL = 9;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    /** More fragments, and the offset. */
    private static final int IS_FRAGMENT = 0x3fff;

    private static final byte TCP = 6;
    private static final byte UDP = 17;

    private final Toeplitz toeplitz = new Toeplitz(key());

    /** openNetVM's key: 6d5a repeated. */
    static byte[] key() {
        var key = new byte[Toeplitz.MINIMUM_KEY_LENGTH];
        Arrays.fill(key, (byte) 0x6d);
        for (int i = 1; i < key.length; i += 2) {
            key[i] = 0x5a;
        }
        return key;
    }

    /**
     * The hash of a frame: over addresses and ports of TCP and UDP, over addresses of other IPv4, else 0.
     *
     * @param frame where it begins
     * @param length its bytes
     */
    int of(MemorySegment memory, long frame, int length) {
        if (length < ETHERNET + IP_HEADER || memory.get(NETWORK_SHORT, frame + ETHER_TYPE) != IPV4) {
            return 0;
        }
        long ip = frame + ETHERNET;
        int source = memory.get(NETWORK_INT, ip + SOURCE);
        int destination = memory.get(NETWORK_INT, ip + DESTINATION);
        int header = (memory.get(JAVA_BYTE, ip) & 0xf) * 4;
        byte protocol = memory.get(JAVA_BYTE, ip + PROTOCOL);
        if ((protocol != TCP && protocol != UDP)
                || (memory.get(NETWORK_SHORT, ip + FRAGMENT) & IS_FRAGMENT) != 0
                || header < IP_HEADER
                || length < ETHERNET + header + 4) {
            return toeplitz.hash(source, destination);
        }
        int ports = memory.get(NETWORK_INT, ip + header);
        return toeplitz.hash(source, destination, ports >>> 16, ports & 0xffff);
    }
}
