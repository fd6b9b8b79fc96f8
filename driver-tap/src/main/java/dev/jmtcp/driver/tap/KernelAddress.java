package dev.jmtcp.driver.tap;

import java.util.regex.Pattern;

/**
 * An IPv4 address of the kernel's side, and the network it is in.
 *
 * @param bits the address, its first octet in the highest bits
 * @param prefix the network's bits, 1 to 32
 */
record KernelAddress(int bits, int prefix) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    /**
     * Reads {@code 10.9.0.1/24}.
     *
     * @throws IllegalArgumentException if it is not the address of a host in such a network
     */
    static KernelAddress parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException(text);
        }
        int bits = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(match.group(i));
            if (octet > 255) {
                throw new IllegalArgumentException(text);
            }
            bits = bits << 8 | octet;
        }
        var address = new KernelAddress(bits, Integer.parseInt(match.group(5)));
        if (address.prefix < 1 || address.prefix > 32 || !address.isHost()) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }

    int netmask() {
        return -1 << 32 - prefix;
    }

    /** Neither 0.0.0.0/8 nor multicast, and neither the network itself nor its broadcast address: RFC 1122 section 3.2.1.3, RFC 3021. */
    private boolean isHost() {
        int host = bits & ~netmask();
        boolean unicast = bits >>> 24 != 0 && bits >>> 28 < 0xe;
        return unicast && (prefix >= 31 || host != 0 && host != ~netmask());
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff) + "/"
                + prefix;
    }
}
