package dev.jmtcp.driver.dpdk;

import dev.jmtcp.driver.dpdk.bindings.Dpdk;
import dev.jmtcp.driver.dpdk.bindings.Eal;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIoException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DPDK's environment in this process: started by the first port, as its configuration says, and shared by all later ones, whose configurations have to say the
 * same. Static, for any thread.
 */
final class Environment {

    /** To be held while devices are set up or removed: DPDK's functions for that are for one thread at a time. */
    static final Object DEVICES = new Object();

    private static final System.Logger LOGGER = System.getLogger("dev.jmtcp.driver.dpdk");
    private static final long MEGABYTE = 1 << 20;

    /** What DPDK needs besides packet buffers. */
    private static final long OVERHEAD = 16 * MEGABYTE;

    /** In megabytes. The size of DPDK's list of pages, 48 bytes each, is a number of 32 bits: with more of 4 KiB it crashes the program. */
    private static final int MOST_OF_NORMAL_PAGES = 256 * 1024;

    private static @Nullable EalSettings settings;
    private static final Set<String> CARDS = new HashSet<>();

    private Environment() {}

    /**
     * Starts DPDK, or sees to it that it was started in the same way.
     *
     * @param cards the PCI addresses of the ports
     * @param bytes what the packet buffers take
     */
    static synchronized void start(EalSettings wanted, List<String> cards, long bytes) throws PacketIoException {
        EalSettings running = settings;
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
        boolean huge = isHuge(wanted, bytes + OVERHEAD);
        if (!huge && wanted.memory() > MOST_OF_NORMAL_PAGES) {
            throw new InvalidOptionException(
                    "memory",
                    wanted.memory() + "m of normal pages are more than DPDK can do",
                    "at most " + MOST_OF_NORMAL_PAGES + "m, or hugepages: " + Hugepages.RESERVE);
        }
        Eal.start(wanted.arguments(huge, cards, Eal.allowedCpus()));
        settings = wanted;
        CARDS.addAll(cards);
    }

    private static void checkSame(EalSettings wanted, EalSettings running, List<String> cards)
            throws PacketIoException {
        List<String> difference = wanted.difference(running);
        if (!difference.isEmpty()) {
            throw new InvalidOptionException(
                    difference.get(0),
                    "DPDK starts once in a process, and runs already with '" + difference.get(1) + "'",
                    "the same, or another process");
        }
        if (CARDS.isEmpty() && !cards.isEmpty()) {
            throw new PacketIoException("DPDK starts once in a process, and was started without network cards: open "
                    + String.join(", ", cards) + " first, or in another process");
        }
    }

    private static boolean isHuge(EalSettings wanted, long needed) throws PacketIoException {
        long bytes = Math.max(needed, wanted.memory() * MEGABYTE);
        long free = Hugepages.free();
        return switch (wanted.hugepages()) {
            case OFF -> false;
            case ON -> {
                if (free < bytes) {
                    throw new PacketIoException("not enough hugepages: " + free / MEGABYTE + " MB are free, "
                            + bytes / MEGABYTE + " MB are needed; " + Hugepages.RESERVE
                            + ", or set dpdk.hugepages = off");
                }
                yield true;
            }
            case AUTO -> {
                if (free < bytes) {
                    LOGGER.log(
                            System.Logger.Level.WARNING,
                            "dpdk: " + free / MEGABYTE + " MB of hugepages are free and " + bytes / MEGABYTE
                                    + " MB are needed: normal pages are used. That costs more misses of the TLB, and network"
                                    + " cards work so only with an IOMMU. To reserve hugepages: " + Hugepages.RESERVE);
                }
                yield free >= bytes;
            }
        };
    }
}
