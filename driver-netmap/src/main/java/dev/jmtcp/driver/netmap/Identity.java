package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * What a port is on the wire.
 *
 * @param mtu the largest IP packet in bytes
 * @param bitsPerSecond 0 if unknown
 * @param index the number of its network interface; {@link Interface#NONE} without one
 */
record Identity(MacAddress mac, int mtu, long bitsPerSecond, int index) {

    /** A hardware address of no card: locally administered, IEEE 802 clause 8.2.2. */
    private static final long LOCAL = 0x02_00_00_00_00_00L;

    /** Tells the address of the kernel's side of a card from the card's own. */
    private static final long OTHER = 0x80_00_00L;

    /** What the configuration says of a port, and where it says nothing its interface or name. */
    static Identity of(Interface kernel, NetmapOptions.OfPort port) throws PacketIoException {
        PortName name = port.name();
        if (name.device().isEmpty()) {
            return new Identity(
                    port.config().mac().orElseGet(() -> madeFrom(name.request())),
                    port.config().mtu().orElse(NetmapOptions.DEFAULT_MTU),
                    0,
                    Interface.NONE);
        }
        String device = name.device().get();
        int index = kernel.index(device);
        if (index == Interface.NONE) {
            throw new PacketIoException(
                    "netmap port " + port.config().name() + ": there is no interface " + device + ": see ip link");
        }
        if ((kernel.flags(device) & Interface.IFF_UP) == 0) {
            throw new PacketIoException("netmap port " + port.config().name() + ": the interface " + device
                    + " is down; sudo ip link set dev " + device + " up");
        }
        return new Identity(mac(kernel, port, device), mtu(kernel, port, device), speed(device), index);
    }

    private static MacAddress mac(Interface kernel, NetmapOptions.OfPort port, String device) throws PacketIoException {
        MacAddress card = kernel.mac(device);
        if (port.name().kind() == PortName.Kind.HOST) {
            return port.config().mac().orElse(new MacAddress((card.bits() ^ OTHER) & ~(1L << 40) | LOCAL));
        }
        MacAddress own = port.config().mac().orElse(card);
        if (!own.equals(card)) {
            throw new InvalidOptionException(
                    port.prefix() + "mac",
                    "the card's address is " + card,
                    "none, or that one; to change it: sudo ip link set dev " + device + " address " + own);
        }
        return own;
    }

    private static int mtu(Interface kernel, NetmapOptions.OfPort port, String device) throws PacketIoException {
        int most = Math.min(kernel.mtu(device), NetmapOptions.MAXIMUM_MTU);
        int mtu = port.config().mtu().orElse(most);
        if (mtu > most) {
            throw new InvalidOptionException(
                    port.prefix() + "mtu",
                    "the interface's MTU is " + most,
                    "at most that; to raise it: sudo ip link set dev " + device + " mtu " + mtu);
        }
        return mtu;
    }

    private static long speed(String device) {
        try {
            long megabits = Long.parseLong(
                    Files.readString(Path.of("/sys/class/net", device, "speed")).strip());
            return Math.max(0, megabits) * 1_000_000;
        } catch (IOException | NumberFormatException _) {
            return 0; // not every interface has one
        }
    }

    /** An address that is the same each time, and another one for another port or machine. */
    private static MacAddress madeFrom(String name) {
        var hash = new CRC32();
        hash.update((hostName() + '/' + name).getBytes(StandardCharsets.UTF_8));
        return new MacAddress(LOCAL | hash.getValue());
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
