package dev.jmtcp.bench.dpdk;

import dev.jmtcp.driver.dpdk.bindings.DpdkException;
import dev.jmtcp.driver.dpdk.bindings.Eal;
import dev.jmtcp.driver.dpdk.bindings.EthConfig;
import dev.jmtcp.driver.dpdk.bindings.EthDevice;
import dev.jmtcp.driver.dpdk.bindings.Lcore;
import dev.jmtcp.driver.dpdk.bindings.Mempool;
import java.util.ArrayList;
import java.util.List;

/**
 * What the loops work on.
 *
 * @param idle a device without frames
 * @param busy a device that always has frames, and takes them
 * @param lcore DPDK's number of the thread that made this, and is to run the loops
 */
record Bed(EthDevice idle, EthDevice busy, Mempool pool, int lcore) implements AutoCloseable {

    private static final int BUFFERS = 8191;
    private static final int CACHE = 256;
    private static final int ROOM = 2176;
    private static final int DESCRIPTORS = 512;

    /** @param huge whether to use hugepages */
    static Bed make(boolean huge) throws DpdkException {
        if (Eal.arguments() == null) {
            var arguments = new ArrayList<>(List.of("--lcores=0@(0)", "--no-telemetry", "--no-pci", "-m", "64"));
            arguments.addAll(huge ? List.of("--in-memory") : List.of("--no-huge", "--no-shconf"));
            Eal.start(arguments);
        }
        Mempool pool = Mempool.create("bench", BUFFERS, CACHE, ROOM, -1);
        return new Bed(
                device("net_null_idle,no-rx=1", pool), device("net_null_busy,size=64", pool), pool, Lcore.register());
    }

    private static EthDevice device(String arguments, Mempool pool) throws DpdkException {
        EthDevice device = EthDevice.probe(arguments);
        device.configure(1, new EthConfig(0, 0, 0, 0, 0, new byte[0]));
        device.setUpReceive(0, DESCRIPTORS, pool);
        device.setUpTransmit(0, DESCRIPTORS);
        device.start();
        return device;
    }

    @Override
    public void close() throws DpdkException {
        for (EthDevice device : List.of(busy, idle)) {
            device.stop();
            device.remove();
        }
        pool.free();
    }
}
