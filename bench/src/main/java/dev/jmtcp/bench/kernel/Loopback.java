package dev.jmtcp.bench.kernel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** The interface that the kernel's contestants use: traffic never leaves the machine. */
public final class Loopback {

    private Loopback() {}

    /** What it is like, for people. */
    public static String description() {
        try {
            NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
            int mtu = loopback == null ? 0 : loopback.getMTU();
            return "Linux " + System.getProperty("os.version") + ", loopback, MTU " + mtu + ", no checksums";
        } catch (SocketException e) {
            return "loopback: " + e.getMessage();
        }
    }

    /** A free port of 127.0.0.1. */
    public static InetSocketAddress anyPort() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }
}
