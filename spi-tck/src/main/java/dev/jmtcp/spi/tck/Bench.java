package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens and closes links for the tests of the contract, which alone use it. */
public final class Bench {

    /** What a test does with a link. */
    @FunctionalInterface
    interface LinkTest {
        void run(Link link) throws Exception;
    }

    /** What a test does with the drivers it opened, one or two. */
    @FunctionalInterface
    interface OpenTest {
        void run(List<PacketIo> open) throws Exception;
    }

    private final DriverFixture fixture;

    /** A link that the next test may use, for drivers that are slow to open. */
    private @Nullable Link shared;

    private @Nullable List<PacketIo> sharedDrivers;

    Bench(DriverFixture fixture) {
        this.fixture = fixture;
    }

    DriverFixture fixture() {
        return fixture;
    }

    PacketIoProvider provider() {
        return fixture.provider();
    }

    /** Runs a test over a link with one queue, and checks afterwards that the link works and is empty. */
    void onLink(LinkTest test) throws Exception {
        if (!fixture.sharesLinks()) {
            onFreshLink(1, link -> {
                test.run(link);
                link.assertSettled();
            });
            return;
        }
        Link link = shared;
        if (link == null) {
            closeShared();
            List<PacketIo> drivers = open(fixture.configs(1));
            sharedDrivers = drivers;
            link = link(drivers, 1);
        }
        shared = null;
        test.run(link);
        link.assertSettled();
        shared = link;
    }

    /** Runs a test over a link opened for it, which may end it in any state. */
    void onFreshLink(int queues, LinkTest test) throws Exception {
        whileOpen(fixture.configs(queues), open -> test.run(link(open, queues)));
    }

    /** Opens drivers, one or two, runs a test and closes them. */
    void whileOpen(List<DriverConfig> configs, OpenTest test) throws Exception {
        closeShared();
        List<PacketIo> drivers = open(configs);
        try {
            test.run(drivers);
        } finally {
            close(drivers);
        }
    }

    /** The link between the ports of open drivers. */
    Link link(List<PacketIo> drivers, int queues) {
        PacketIo first = drivers.getFirst();
        PacketIo last = drivers.getLast();
        return new Link(
                fixture, End.of(first, 0, queues), End.of(last, last.ports().size() - 1, queues));
    }

    /** Skips the test if the driver cannot run on this machine. */
    void assumeUsable() {
        if (provider().probe() instanceof Probe.Unusable(String reason, String remedy)) {
            abort("driver " + provider().name() + " cannot run here: " + reason + "; " + remedy);
        }
    }

    /** Closes what is still open. */
    void closeShared() throws Exception {
        List<PacketIo> drivers = sharedDrivers;
        shared = null;
        sharedDrivers = null;
        if (drivers != null) {
            close(drivers);
        }
    }

    private List<PacketIo> open(List<DriverConfig> configs) throws Exception {
        assumeUsable();
        var drivers = new ArrayList<PacketIo>();
        boolean complete = false;
        try {
            for (DriverConfig config : configs) {
                drivers.add(provider().open(config));
            }
            fixture.opened(List.copyOf(drivers));
            awaitLink(drivers);
            complete = true;
        } finally {
            if (!complete) {
                close(drivers);
            }
        }
        return drivers;
    }

    private void awaitLink(List<PacketIo> drivers) {
        long turn = 1_000_000;
        long waited = 0;
        while (!drivers.stream().allMatch(Bench::allUp)) {
            assertThat(waited).as("ns until all links are up").isLessThan(fixture.patienceNanos());
            fixture.clock().pass(turn);
            waited += turn;
        }
    }

    private static boolean allUp(PacketIo driver) {
        return driver.ports().stream().allMatch(port -> driver.linkUp(port.index()));
    }

    private void close(List<PacketIo> drivers) throws Exception {
        for (PacketIo driver : drivers.reversed()) {
            driver.close();
        }
        fixture.closed();
    }
}
