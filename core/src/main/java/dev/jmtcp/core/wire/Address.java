package dev.jmtcp.core.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * IP addresses as two longs, so that no layer above {@code ip} assumes 32 bits and none allocates: an IPv6 address is its high and its low
 * half; an IPv4 address is the IPv4-mapped one (RFC 4291 section 2.5.5.2): high half 0, low half {@code 0x0000ffff_aabbccdd}.
 */
public final class Address {

    private static final long MAPPED = 0x0000_ffff_0000_0000L;

    private Address() {}

    /** The low half of an IPv4 address whose first octet is the highest byte; its high half is 0. */
    public static long ofIpv4(int address) {
        return MAPPED | address & 0xffff_ffffL;
    }

    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** The 32 bits of an IPv4 address, from the low half. */
    public static int ipv4(long low) {
        return (int) low;
    }

    public static long high(InetAddress address) {
        return address instanceof Inet4Address ? 0 : half(address.getAddress(), 0);
    }

    public static long low(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofIpv4((int) (half(bytes, -4))) : half(bytes, 8);
    }

    /** The address as an object; allocates. */
    public static InetAddress toInetAddress(long high, long low) {
        byte[] bytes;
        if (isIpv4(high, low)) {
            bytes = new byte[] {(byte) (low >> 24), (byte) (low >> 16), (byte) (low >> 8), (byte) low};
        } else {
            bytes = new byte[16];
            for (int i = 0; i < 8; i++) {
                bytes[i] = (byte) (high >>> 56 - 8 * i);
                bytes[8 + i] = (byte) (low >>> 56 - 8 * i);
            }
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    public static String toString(long high, long low) {
        return toInetAddress(high, low).getHostAddress();
    }

    /** Eight bytes from {@code start}, big-endian; places before the array count as 0. */
    private static long half(byte[] bytes, int start) {
        long value = 0;
        for (int i = start; i < start + 8; i++) {
            value = value << 8 | (i < 0 ? 0 : bytes[i] & 0xff);
        }
        return value;
    }
}
