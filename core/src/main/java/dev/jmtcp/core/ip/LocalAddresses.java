package dev.jmtcp.core.ip;

import java.util.List;

/** What the stack's own IPv4 addresses say of others: which are its own, which broadcast. Never changes. */
final class LocalAddresses {

    private static final int LIMITED_BROADCAST = 0xffff_ffff;

    private final IntSet own;
    private final IntSet broadcasts;

    LocalAddresses(List<InterfaceConfig> interfaces) {
        own = new IntSet(interfaces.stream()
                .flatMap(config -> config.addresses().stream())
                .mapToInt(Prefix::address)
                .toArray());
        broadcasts = new IntSet(interfaces.stream()
                .flatMap(config -> config.addresses().stream())
                .filter(Prefix::hasBroadcast)
                .mapToInt(Prefix::last)
                .toArray());
    }

    boolean isOwn(int address) {
        return own.contains(address);
    }

    /** Whether this is the limited broadcast address or that of a network the stack is on. */
    boolean isBroadcast(int address) {
        return address == LIMITED_BROADCAST || broadcasts.contains(address);
    }

    /** Whether another host can have this address (RFC 1122 section 3.2.1.3). */
    boolean isUnicast(int address) {
        return canBeUnicast(address) && !broadcasts.contains(address);
    }

    /** Whether a host can have this address, whatever the networks: not 0.0.0.0/8, 127.0.0.0/8, 224.0.0.0/4 or 255.255.255.255. */
    static boolean canBeUnicast(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first >>> 4 != 0xe && address != LIMITED_BROADCAST;
    }
}
