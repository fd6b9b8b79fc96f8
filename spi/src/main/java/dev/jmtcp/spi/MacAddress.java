package dev.jmtcp.spi;

import java.util.HexFormat;

/**
 * A 48-bit hardware address.
 *
 * @param bits the address; the first octet on the wire is bits 40 to 47
 */
public record MacAddress(long bits) {

    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
        }
    }

    /**
     * Reads {@code 02:00:00:00:00:01} (or with dashes).
     *
     * @throws IllegalArgumentException if it is not six octets in hexadecimal
     */
    public static MacAddress parse(String text) {
        String[] octets = text.strip().split("[:-]", -1);
        if (octets.length != 6) {
            throw new IllegalArgumentException("not a MAC address: " + text);
        }
        long bits = 0;
        for (String octet : octets) {
            if (octet.isEmpty() || octet.length() > 2 || !octet.chars().allMatch(HexFormat::isHexDigit)) {
                throw new IllegalArgumentException("not a MAC address: " + text);
            }
            bits = bits << 8 | HexFormat.fromHexDigits(octet);
        }
        return new MacAddress(bits);
    }

    /** Whether the group bit is set: multicast or broadcast. */
    public boolean isGroup() {
        return (bits >>> 40 & 1) != 0;
    }

    @Override
    public String toString() {
        var text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(HexFormat.of().toHexDigits((byte) (bits >>> shift)));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
