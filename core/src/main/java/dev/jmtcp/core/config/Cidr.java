package dev.jmtcp.core.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * An address and the length of its network's prefix: {@code 10.0.0.1/24}. The bits after the prefix are kept.
 *
 * @param address the address
 * @param prefixLength bits of the network, from 0 to the length of the address
 */
public record Cidr(InetAddress address, int prefixLength) {

    public Cidr {
        if (prefixLength < 0 || prefixLength > 8 * address.getAddress().length) {
            throw new IllegalArgumentException("prefix length: " + prefixLength);
        }
    }

    /** The address with the bits after the prefix cleared. */
    public InetAddress network() {
        return withHostBits(false);
    }

    /** The address with the bits after the prefix set; for IPv4 the subnet's broadcast address. */
    public InetAddress last() {
        return withHostBits(true);
    }

    /** The prefix as a mask: {@code 255.255.255.0}. */
    public InetAddress mask() {
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, (byte) 0);
        for (int bit = 0; bit < prefixLength; bit++) {
            bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return ofBytes(bytes);
    }

    /** Whether an address lies in this network. */
    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && new Cidr(other, prefixLength).network().equals(network());
    }

    /**
     * Reads {@code 10.0.0.1/24}.
     *
     * @throws IllegalArgumentException if it is not an IPv4 address, a slash and a number from 0 to 32
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (length.isEmpty() || length.length() > 2 || !length.chars().allMatch(Cidr::isDigit)) {
            throw new IllegalArgumentException("not an address with a prefix: " + text);
        }
        return new Cidr(parseAddress(text.substring(0, slash)), Integer.parseInt(length));
    }

    /**
     * Reads an IPv4 address of four decimal numbers; looks up no name.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Inet4Address parseAddress(String text) {
        String[] octets = text.split("\\.", -1);
        var bytes = new byte[4];
        boolean valid = octets.length == 4;
        for (int i = 0; valid && i < 4; i++) {
            valid = !octets[i].isEmpty()
                    && octets[i].length() <= 3
                    && octets[i].chars().allMatch(Cidr::isDigit)
                    && Integer.parseInt(octets[i]) <= 255;
            if (valid) {
                bytes[i] = (byte) Integer.parseInt(octets[i]);
            }
        }
        if (!valid) {
            throw new IllegalArgumentException("not an IPv4 address: " + text);
        }
        return (Inet4Address) ofBytes(bytes);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }

    private InetAddress withHostBits(boolean set) {
        byte[] bytes = address.getAddress();
        for (int bit = prefixLength; bit < 8 * bytes.length; bit++) {
            int mask = 0x80 >> bit % 8;
            bytes[bit / 8] = (byte) (set ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
        }
        return ofBytes(bytes);
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }
}
