package dev.jmtcp.driver.tap;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** The IPv4 header checksum: RFC 791 section 3.1, RFC 1071. */
final class Ipv4Checksum {

    private static final int FIELD = 10;

    private Ipv4Checksum() {}

    /** Fills in the checksum of the header at this place. The sum is the same in either byte order: RFC 1071 section 2. */
    static void write(MemorySegment memory, long at, int length) {
        memory.set(JAVA_SHORT_UNALIGNED, at + FIELD, (short) 0);
        int sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum += memory.get(JAVA_SHORT_UNALIGNED, at + i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        memory.set(JAVA_SHORT_UNALIGNED, at + FIELD, (short) ~sum);
    }
}
