package dev.jmtcp.spi;

import java.util.List;

/**
 * A packet I/O driver, as {@link java.util.ServiceLoader} finds it.
 *
 * <p>A provider is cheap to create and harmless to ask: {@link #probe()} looks, but opens, loads and changes nothing that would
 * outlive the call. Only {@link #open} takes hold of a device. A provider may be called from any thread; one call at a time.
 *
 * <p>To be found, a driver module {@code provides PacketIoProvider} in its {@code module-info.java}.
 */
public interface PacketIoProvider {

    /** The value of {@code io} in the config file that selects this driver: lower case letters, digits and dashes. */
    String name();

    /** One line for people: what it drives. */
    String description();

    /** Whether the driver can run on this machine now; if not, why, and what to do about it. Never throws. */
    Probe probe();

    /**
     * The options this driver takes, written {@code <driver name>.<option> = value} in the config file. mTCP's own keys that belong
     * to drivers ({@code num_mem_ch}, {@code core_mask}, {@code multiprocess}, {@code onvm_serv}, …) reach a driver when it
     * lists an option of that name.
     */
    default List<DriverOption> options() {
        return List.of();
    }

    /** The options that a port of this driver takes, written {@code port.<port name>.<option> = value}. */
    default List<DriverOption> portOptions() {
        return List.of();
    }

    /**
     * Opens the ports of {@code config} with one queue a core each. Either everything is open when this returns, or nothing is.
     *
     * @throws InvalidOptionException if an option or port is unknown or has a bad value; nothing was touched
     * @throws PacketIoException if the device cannot be opened; the message says what is missing and what helps
     */
    PacketIo open(DriverConfig config) throws PacketIoException;
}
