package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.Dpdk;
import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.Eal;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIoException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DPDK's environment in this process, a secondary process of the manager's: joined once, with the first network function, and shared by all later ones, whose
 * configurations have to say the same. Static, for any thread.
 */
final class Environment {

    private static final String USUAL_ADDRESS = "0x200000000000";

    private static @Nullable EalSettings joined;
    private static boolean sawCards;

    private Environment() {}

    /**
     * Joins the manager, or sees to it that it was joined in the same way.
     *
     * @param cards whether network cards have to be looked at
     */
    static synchronized void join(EalSettings wanted, boolean cards) throws PacketIoException {
        EalSettings running = joined;
        if (running != null) {
            checkSame(wanted, running, cards);
            return;
        }
        List<String> others = Eal.arguments();
        if (others != null) {
            throw new PacketIoException("another driver runs DPDK in this process, with '" + String.join(" ", others)
                    + "'; start another process");
        }
        Dpdk.load();
        if (!Eal.isPrimaryAlive(wanted.lockFile())) {
            throw new PacketIoException("no openNetVM manager runs with the file prefix '" + wanted.filePrefix()
                    + "': nobody holds " + wanted.lockFile()
                    + "; start onvm_mgr first, or set onvm.file_prefix to its --file-prefix");
        }
        try {
            Eal.start(wanted.arguments(cards, Eal.allowedCpus()));
        } catch (DpdkException e) {
            throw new PacketIoException(
                    e.getMessage()
                            + "; where the addresses of the manager's memory are taken here, start onvm_mgr with"
                            + " --base-virtaddr="
                            + (wanted.baseAddress().isEmpty() ? USUAL_ADDRESS : wanted.baseAddress())
                            + ", or give this program a smaller heap, -Xmx2g; the manager has to be of the same version of DPDK, "
                            + Dpdk.version(),
                    e);
        }
        joined = wanted;
        sawCards = cards;
    }

    private static void checkSame(EalSettings wanted, EalSettings running, boolean cards) throws PacketIoException {
        List<String> difference = wanted.difference(running);
        if (!difference.isEmpty()) {
            throw new InvalidOptionException(
                    difference.get(0),
                    "DPDK starts once in a process, and runs already with '" + difference.get(1) + "'",
                    "the same, or another process");
        }
        if (cards && !sawCards) {
            throw new PacketIoException("DPDK starts once in a process, and was started without network cards: open the"
                    + " network function of several cores first, or in another process");
        }
        if (!Eal.isPrimaryAlive()) {
            throw new PacketIoException(
                    "the openNetVM manager that this process joined is gone; start it, and then this program again");
        }
    }
}
