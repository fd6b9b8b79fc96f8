package dev.jmtcp.packetdrill.run;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Addresses and ports of a script, IPv4. An address is a number whose highest byte is the first octet.
 *
 * @param local the stack's
 * @param prefixLength of the network that it is in
 * @param gateway the way to the peer
 * @param remote the peer's
 * @param bindPort the port that {@code bind(fd, ..., ...)} binds to
 * @param connectPort the peer's port that {@code connect(fd, ..., ...)} connects to
 */
record Addresses(int local, int prefixLength, int gateway, int remote, int bindPort, int connectPort) {

    /** packetdrill's own. */
    static final Addresses DEFAULT =
            new Addresses(parse("192.168.0.1"), 16, parse("192.168.0.2"), parse("192.0.2.1"), 8080, 8080);

    static int parse(String text) {
        String[] octets = text.split("\\.", -1);
        int address = 0;
        boolean valid = octets.length == 4;
        for (int i = 0; valid && i < 4; i++) {
            valid = octets[i].matches("[0-9]{1,3}") && Integer.parseInt(octets[i]) < 256;
            address = valid ? address << 8 | Integer.parseInt(octets[i]) : 0;
        }
        if (!valid) {
            throw Failure.unsupported("the address " + text + ", which is not IPv4");
        }
        return address;
    }

    static InetSocketAddress socketAddress(int address, int port) {
        byte[] octets = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // four octets are always an address
        }
    }

    Addresses withLocal(int address) {
        return new Addresses(address, prefixLength, gateway, remote, bindPort, connectPort);
    }

    Addresses withGateway(int address) {
        return new Addresses(local, prefixLength, address, remote, bindPort, connectPort);
    }

    Addresses withRemote(int address) {
        return new Addresses(local, prefixLength, gateway, address, bindPort, connectPort);
    }

    Addresses withPorts(int bind, int connect) {
        return new Addresses(local, prefixLength, gateway, remote, bind, connect);
    }
}
