package dev.jmtcp.driver.dpdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The network cards that are bound to a kernel driver through which DPDK reaches them, as dpdk-devbind does it. */
final class PciDevices {

    private static final Path DRIVERS = Path.of("/sys/bus/pci/drivers");
    private static final List<String> FOR_DPDK = List.of("vfio-pci", "uio_pci_generic", "igb_uio");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]");

    /** Of a network controller: the first byte of its class. */
    private static final String NETWORK_CLASS = "0x02";

    private PciDevices() {}

    /** Their addresses in order; the place in this list is the number in {@code dpdk0}, {@code dpdk1}, … */
    static List<String> bound() {
        return bound(DRIVERS);
    }

    static List<String> bound(Path drivers) {
        var addresses = new TreeSet<String>();
        for (String driver : FOR_DPDK) {
            try (Stream<Path> devices = Files.list(drivers.resolve(driver))) {
                devices.filter(device ->
                                ADDRESS.matcher(device.getFileName().toString()).matches())
                        .filter(PciDevices::isNetworkCard)
                        .forEach(device -> addresses.add(device.getFileName().toString()));
            } catch (IOException _) {
                // this driver is not loaded
            }
        }
        return List.copyOf(addresses);
    }

    /** Whether this is the address of a PCI device, with its domain or without. */
    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    private static boolean isNetworkCard(Path device) {
        try {
            return Files.readString(device.resolve("class")).startsWith(NETWORK_CLASS);
        } catch (IOException _) {
            return false;
        }
    }
}
