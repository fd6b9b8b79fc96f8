package dev.jmtcp.driver.dpdk;

import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.EthDevice;
import dev.jmtcp.driver.dpdk.bindings.EthStatistics;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import java.util.List;
import java.util.Map;

/** An open port: what it is, its queues, its counters. Any thread may ask; {@link DpdkIo} sees to it that none does while it closes. */
final class DpdkPort {

    private static final System.Logger LOGGER = System.getLogger("dev.jmtcp.driver.dpdk");

    /** The driver whose devices come to harm if their peers go while they are closed. */
    private static final String MEMIF = "net_memif";

    private final Port port;
    private final EthDevice device;
    private final boolean isCard;
    private final List<Incoming> incoming;
    private final List<Outgoing> outgoing;
    private final Runnable giveBack;
    private final EthStatistics before;

    /** The device's counters when last asked. */
    private EthStatistics counted = EthStatistics.ZERO;

    /**
     * @param isCard whether it is a network card, not a virtual device
     * @param giveBack gives the device back
     */
    DpdkPort(
            Port port,
            EthDevice device,
            boolean isCard,
            List<Incoming> incoming,
            List<Outgoing> outgoing,
            Runnable giveBack) {
        this.port = port;
        this.device = device;
        this.isCard = isCard;
        this.incoming = List.copyOf(incoming);
        this.outgoing = List.copyOf(outgoing);
        this.giveBack = giveBack;
        before = device.statistics();
    }

    Port port() {
        return port;
    }

    Incoming incoming(int core) {
        return incoming.get(core);
    }

    Outgoing outgoing(int core) {
        return outgoing.get(core);
    }

    boolean isUp() {
        return device.link().up();
    }

    /** Whether the device was pulled out. */
    boolean isGone() {
        return isCard && device.isRemoved();
    }

    /** Has the device give back the buffers of what a core's queue has sent. For the queue's thread. */
    void reclaim(int core) {
        if (!device.reclaim(core)) {
            outgoing(core).reclaim();
        }
    }

    PortStatistics statistics() {
        return new PortStatistics(
                incoming.stream().mapToLong(Incoming::packets).sum(),
                incoming.stream().mapToLong(Incoming::bytes).sum(),
                outgoing.stream().mapToLong(Outgoing::packets).sum(),
                outgoing.stream().mapToLong(Outgoing::bytes).sum(),
                Map.of(
                        "missed by the device",
                        counted.missed(),
                        "receive errors",
                        counted.receiveErrors(),
                        // Virtual devices count here, too, what they only did not take yet.
                        "send errors",
                        isCard ? counted.sendErrors() : 0,
                        "in pieces",
                        incoming.stream().mapToLong(Incoming::unusable).sum(),
                        "refused by the device",
                        outgoing.stream().mapToLong(Outgoing::refused).sum()));
    }

    /** Asks the device what it counted. */
    void updateCounters() {
        counted = device.statistics().since(before);
    }

    Map<String, Long> extendedStatistics() {
        return device.extendedStatistics();
    }

    void close() {
        giveBack.run();
    }

    /** Gives a device back, whatever state it is in, after what else is to be undone. */
    static void close(EthDevice device, Runnable before) {
        before.run();
        try {
            if (device.info().driver().equals(MEMIF)) {
                device.removeInInterruptThread();
                return;
            }
            device.stop();
        } catch (DpdkException e) {
            LOGGER.log(System.Logger.Level.DEBUG, e.getMessage());
        }
        try {
            device.remove();
        } catch (DpdkException e) {
            LOGGER.log(System.Logger.Level.WARNING, "dpdk: " + e.getMessage());
        }
    }
}
