package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.Probe;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether this machine has the engine. Looks, and changes nothing. */
final class Machine {

    private static final Pattern VERSION = Pattern.compile("2\\.6\\.(\\d+).*");
    private static final int OLDEST = 32;
    private static final int NEWEST = 38;
    private static final String INSTALL =
            "in mTCP's folder io_engine/driver: make, then sudo ./install.py 0 0 (a queue for each core)";

    private Machine() {}

    static Probe probe() {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            return new Probe.Unusable(
                    "the PacketShader I/O engine is a module of Linux on x86-64", "take another driver: io = pcap-sim");
        }
        try {
            List<Device> devices = Device.list();
            return devices.isEmpty()
                    ? new Probe.Unusable(
                            "the PacketShader I/O engine found no network card",
                            "it drives Intel 82598 and 82599 only: see lspci | grep 8259")
                    : new Probe.Usable(devices.stream()
                            .map(device -> device.name() + " with " + device.rxQueues() + " receive queues")
                            .collect(Collectors.joining(", ")));
        } catch (CallFailedException e) {
            return missing(e);
        } catch (LinkageError | IllegalCallerException e) {
            return new Probe.Unusable(
                    "native code cannot be called: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "start Java with --enable-native-access=dev.jmtcp.driver.psio");
        }
    }

    private static Probe missing(CallFailedException e) {
        return switch (e.errno()) {
            case Errno.ENOENT, Errno.ENXIO, Errno.ENODEV -> notInstalled(System.getProperty("os.version"));
            case Errno.EACCES, Errno.EPERM ->
                new Probe.Unusable("no access to " + Ps.DEVICE, "run as root, or: sudo chmod 666 " + Ps.DEVICE);
            case Errno.ENOTTY ->
                new Probe.Unusable(Ps.DEVICE + " is not the device of the PacketShader I/O engine", INSTALL);
            default -> new Probe.Unusable(e.problem(), "see: dmesg | tail");
        };
    }

    /** What to say on a kernel of this version, of which the engine's module is not loaded. */
    static Probe.Unusable notInstalled(String kernel) {
        String lacking = "there is no " + Ps.DEVICE
                + ": it needs Linux 2.6.32 to 2.6.38 with the module ps_ixgbe and an Intel 82598 or 82599 card";
        return isOfTheEngine(kernel)
                ? new Probe.Unusable(lacking, INSTALL)
                : new Probe.Unusable(
                        lacking + "; this kernel is " + kernel,
                        "boot a kernel of those, or take another driver for the same cards: io = dpdk, io = netmap");
    }

    private static boolean isOfTheEngine(String kernel) {
        Matcher version = VERSION.matcher(kernel);
        return version.matches()
                && Integer.parseInt(version.group(1)) >= OLDEST
                && Integer.parseInt(version.group(1)) <= NEWEST;
    }
}
