package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.Dpdk;
import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.spi.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a network function can run on this machine. Looks, and changes nothing. */
final class Machine {

    private Machine() {}

    static Probe probe() {
        return probe(EalSettings.runtimeDirectory(System.getenv(), EalSettings.isRoot()));
    }

    /** @param processes where processes of DPDK keep files */
    static Probe probe(Path processes) {
        Probe.Unusable unfit = unfit();
        if (unfit != null) {
            return unfit;
        }
        List<String> running = running(processes);
        return running.isEmpty()
                ? new Probe.Unusable(
                        "no primary process of DPDK runs, which the openNetVM manager is", "start onvm_mgr first")
                : new Probe.Usable("primary processes of DPDK that run, by file prefix: " + String.join(", ", running)
                        + "; one has to be onvm_mgr");
    }

    /** What is wrong with this machine, whatever runs on it; null if nothing is. */
    static Probe.@Nullable Unusable unfit() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            return new Probe.Unusable(
                    "this driver knows openNetVM on Linux on x86-64 only", "take another driver: io = pcap-sim");
        }
        DpdkException missing = Dpdk.missing();
        return missing == null ? null : new Probe.Unusable(missing.problem(), Dpdk.INSTALL);
    }

    /** The file prefixes of processes whose lock the kernel lists. */
    private static List<String> running(Path processes) {
        var prefixes = new ArrayList<String>();
        try (Stream<Path> directories = Files.list(processes)) {
            List<String> locks = Files.readAllLines(Path.of("/proc/locks"));
            for (Path directory : directories.sorted().toList()) {
                Path config = directory.resolve("config");
                if (Files.exists(config) && isLocked(config, locks)) {
                    prefixes.add(directory.getFileName().toString());
                }
            }
        } catch (IOException _) {
            // none runs, or none that may be seen
        }
        return prefixes;
    }

    private static boolean isLocked(Path file, List<String> locks) throws IOException {
        // 1: POSIX  ADVISORY  WRITE 4711 00:1b:1234 4096 8191
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return locks.stream().anyMatch(lock -> lock.contains(" WRITE ") && lock.contains(inode));
    }
}
