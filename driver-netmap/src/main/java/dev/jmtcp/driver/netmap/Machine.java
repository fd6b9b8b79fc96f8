package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.Probe;
import java.util.Locale;

/** Whether netmap's kernel module is there and this program may use it. Looks, and changes nothing. */
final class Machine {

    private static final String LOAD =
            "sudo modprobe netmap, or sudo insmod netmap.ko where it was built: see docs/netmap-driver.md";

    private Machine() {}

    static Probe probe() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
            return new Probe.Unusable(
                    "this driver knows the netmap of Linux only", "take another driver: io = pcap-sim");
        }
        try {
            Libc.close(Descriptor.openFile());
            return new Probe.Usable(Netmap.DEVICE + " can be opened");
        } catch (CallFailedException e) {
            return switch (e.errno()) {
                case Errno.ENOENT ->
                    new Probe.Unusable("there is no " + Netmap.DEVICE + ": the netmap module is not loaded", LOAD);
                case Errno.ENXIO, Errno.ENODEV ->
                    new Probe.Unusable(Netmap.DEVICE + " is there, but the netmap module is not loaded", LOAD);
                case Errno.EACCES, Errno.EPERM ->
                    new Probe.Unusable(
                            "no access to " + Netmap.DEVICE,
                            "run as root, or: sudo chmod 666 " + Netmap.DEVICE
                                    + "; in a container, start it with --device " + Netmap.DEVICE);
                default -> new Probe.Unusable(e.problem(), LOAD);
            };
        } catch (LinkageError | IllegalCallerException e) {
            return new Probe.Unusable(
                    "native code cannot be called: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "start Java with --enable-native-access=dev.jmtcp.driver.netmap");
        }
    }
}
