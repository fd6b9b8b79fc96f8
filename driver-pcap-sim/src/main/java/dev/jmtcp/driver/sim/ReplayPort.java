package dev.jmtcp.driver.sim;

import dev.jmtcp.pcap.PcapException;
import dev.jmtcp.pcap.PcapReader;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortConfig;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A port that receives the frames of a capture file, and all that it holds. */
final class ReplayPort {

    private final Path file;
    private final String option;
    private final ReplayTiming timing;
    private final PortMemory memory = new PortMemory();
    private final List<Replay> replays = new ArrayList<>();
    private final List<PortQueue> queues = new ArrayList<>();

    /** @param option the name of the option that names the file */
    ReplayPort(Path file, String option, ReplayTiming timing) {
        this.file = file;
        this.option = option;
        this.timing = timing;
    }

    SimPort open(PortConfig port, int ring, int index, DriverConfig driver, PortSetup setup)
            throws InvalidOptionException {
        int mtu = port.mtu().orElseThrow();
        try {
            openQueues(mtu, ring, index, driver, setup);
        } catch (IOException e) {
            close();
            String problem = e instanceof PcapException ? String.valueOf(e.getMessage()) : "cannot be read (" + e + ")";
            var invalid = new InvalidOptionException(option, problem, "a pcap or pcapng file");
            invalid.initCause(e);
            throw invalid;
        }
        var opened = new Port(
                index,
                port.name(),
                port.mac().orElseGet(() -> Places.makeMac(port.name(), setup.seed(), Set.of())),
                mtu,
                0,
                setup.offloading()
                        .addTo(Steering.capabilities(driver.rssKey(), driver.queues(), WireConfig.MAXIMUM_PLACES)));
        List<PortQueue> devices =
                OffloadQueue.around(queues, setup.offloading(), memory.arena(), PcapReader.MAXIMUM_LENGTH);
        return new SimPort(opened, new Link(Impairments.NONE, setup.seed()), devices, this::close);
    }

    private void openQueues(int mtu, int ring, int index, DriverConfig driver, PortSetup setup) throws IOException {
        @Nullable Steering steering = driver.queues() == 1 ? null : new Steering(driver.rssKey(), driver.queues());
        long start = driver.clock().getAsLong();
        for (int queue = 0; queue < driver.queues(); queue++) {
            var replay = new Replay(file, timing != ReplayTiming.FAST, start, steering, queue);
            replays.add(replay);
            MemorySegment segment = memory.arena().allocate(ReplayQueue.memorySize(mtu, ring), Layout.LINE);
            queues.add(new ReplayQueue(replay, timing, driver.clock(), segment, setup.recorder(), index, mtu, ring));
        }
    }

    private void close() {
        replays.forEach(Replay::close);
        memory.close();
    }
}
