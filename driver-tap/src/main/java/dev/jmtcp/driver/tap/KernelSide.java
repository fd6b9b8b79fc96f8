package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import java.util.Locale;

/**
 * Sets up the kernel's side of a TAP interface: hardware address, MTU, queue length, IPv4 address, up. What is as it should be is left alone, so that
 * an interface made ready by root can be used by others.
 */
final class KernelSide {

    /** Something of the kernel that can fail. */
    @FunctionalInterface
    private interface Step {
        void run() throws CallFailedException;
    }

    /** Tells the port's own hardware address from that of the kernel's side: locally administered, and another one. */
    private static final long LOCAL = 0x02_00_00_00_00_00L;

    private static final long OTHER = 0x80_00_00L;

    private final Interface kernel;
    private final TapOptions.OfPort port;
    private final String name;

    KernelSide(Interface kernel, TapOptions.OfPort port) {
        this.kernel = kernel;
        this.port = port;
        this.name = port.name();
    }

    /** @param isNew whether the interface was made now */
    void setUp(TapOptions options, boolean isNew) throws PacketIoException {
        if (port.kernelMac().isPresent()) {
            MacAddress mac = port.kernelMac().get();
            if (!kernel.mac(name).equals(mac)) {
                step("link set dev %s address %s".formatted(name, mac), () -> kernel.setMac(name, mac));
            }
        }
        if (port.config().mtu().isPresent()) {
            int mtu = port.config().mtu().getAsInt();
            if (kernel.mtu(name) != mtu) {
                step("link set dev %s mtu %d".formatted(name, mtu), () -> kernel.setMtu(name, mtu));
            }
        }
        if (isNew || options.queueLength().isPresent()) {
            int frames = options.queueLength().orElse(TapOptions.QUEUE_LENGTH);
            if (kernel.queueLength(name) != frames) {
                step(
                        "link set dev %s txqueuelen %d".formatted(name, frames),
                        () -> kernel.setQueueLength(name, frames));
            }
        }
        if (port.kernelAddress().isPresent()) {
            KernelAddress address = port.kernelAddress().get();
            if (!kernel.hasAddress(name, address)) {
                step("address add %s dev %s".formatted(address, name), () -> kernel.setAddress(name, address));
            }
        }
        int flags = kernel.flags(name);
        if ((flags & Interface.IFF_UP) == 0) {
            step("link set dev %s up".formatted(name), () -> kernel.setFlags(name, flags | Interface.IFF_UP));
        }
    }

    /** The port's own hardware address: the one configured, or one made from that of the kernel's side. */
    MacAddress ownMac() throws PacketIoException {
        MacAddress other = kernel.mac(name);
        MacAddress own = port.config().mac().orElse(new MacAddress((other.bits() ^ OTHER) & ~(1L << 40) | LOCAL));
        if (own.equals(other)) {
            throw new InvalidOptionException(
                    port.prefix() + "mac", own + " is the hardware address of the kernel's side", "another one");
        }
        return own;
    }

    int mtu() throws PacketIoException {
        return kernel.mtu(name);
    }

    private static void step(String command, Step step) throws PacketIoException {
        try {
            step.run();
        } catch (CallFailedException e) {
            throw new PacketIoException(
                    String.format(Locale.ROOT, "%s; run as root, or do it first: sudo ip %s", e.getMessage(), command),
                    e);
        }
    }
}
