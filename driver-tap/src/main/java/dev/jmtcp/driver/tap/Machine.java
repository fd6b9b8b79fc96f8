package dev.jmtcp.driver.tap;

import dev.jmtcp.spi.Probe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether this machine lets this program have TAP interfaces. Looks, and changes nothing. */
final class Machine {

    /** linux/capability.h. */
    static final int CAP_NET_ADMIN = 12;

    private Machine() {}

    static Probe probe() {
        Probe device = lacksDevice();
        if (device instanceof Probe.Usable && !isNetAdmin()) {
            return new Probe.Unusable(
                    "this user may not configure network interfaces (CAP_NET_ADMIN)",
                    "run as root, or make an interface for this user:"
                            + " sudo ip tuntap add dev tap0 mode tap user $USER vnet_hdr"
                            + " && sudo ip link set dev tap0 up");
        }
        return device;
    }

    /** Whether {@link Tun#DEVICE} can be opened, which all need. */
    static Probe lacksDevice() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
            return new Probe.Unusable("TAP interfaces are those of Linux", "take another driver: io = pcap-sim");
        }
        try {
            Libc.close(TapDevice.openFile(Libc.errnoMemory(Arena.ofAuto())));
            return new Probe.Usable(Tun.DEVICE + " can be opened");
        } catch (CallFailedException e) {
            return switch (e.errno()) {
                case Errno.ENOENT ->
                    new Probe.Unusable(
                            "there is no " + Tun.DEVICE,
                            "sudo modprobe tun; in a container, start it with --device " + Tun.DEVICE);
                case Errno.EACCES, Errno.EPERM ->
                    new Probe.Unusable(
                            "no access to " + Tun.DEVICE,
                            "run as root, or: sudo chmod 666 " + Tun.DEVICE
                                    + "; in a container, start it with --device " + Tun.DEVICE);
                default -> new Probe.Unusable(e.problem(), "sudo modprobe tun");
            };
        } catch (LinkageError | IllegalCallerException e) {
            return new Probe.Unusable(
                    "native code cannot be called: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "start Java with --enable-native-access=dev.jmtcp.driver.tap");
        }
    }

    /** Whether this thread may configure network interfaces. */
    private static boolean isNetAdmin() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16))
                    .anyMatch(capabilities -> (capabilities >>> CAP_NET_ADMIN & 1) == 1);
        } catch (IOException | NumberFormatException _) {
            return false;
        }
    }
}
