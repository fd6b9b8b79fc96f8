package dev.jmtcp.core.config;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The kernel's network interfaces, of which mTCP's drivers take the addresses. */
final class KernelInterfaces {

    private KernelInterfaces() {}

    /** The IPv4 addresses of an interface; empty if there is no such interface. */
    static List<Cidr> addresses(String name) {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            return found == null
                    ? List.of()
                    : found.getInterfaceAddresses().stream()
                            .filter(address -> address.getAddress() instanceof Inet4Address)
                            .map(address -> new Cidr(address.getAddress(), address.getNetworkPrefixLength()))
                            .toList();
        } catch (SocketException _) {
            return List.of();
        }
    }
}
