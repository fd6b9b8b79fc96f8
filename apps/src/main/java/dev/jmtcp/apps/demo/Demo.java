package dev.jmtcp.apps.demo;

import dev.jmtcp.apps.client.ClientCounters;
import dev.jmtcp.apps.client.FileClient;
import dev.jmtcp.apps.client.HttpUrl;
import dev.jmtcp.apps.client.Problems;
import dev.jmtcp.apps.files.FileStore;
import dev.jmtcp.apps.server.FileServer;
import dev.jmtcp.apps.server.ServerCounters;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * {@code epserver} and {@code epwget} as two hosts on a simulated wire, in one thread and in virtual time: the network's clock stands still while
 * there is work and jumps when there is none. So nothing waits, and the same plan gives the same run, frame by frame. Belongs to the thread that runs it.
 */
public final class Demo {

    private static final long SECOND = 1_000_000_000;
    private static final int SERVER = 1;
    private static final int CLIENT = 2;
    private static final String FILE = "demo.bin";
    private static final int BUFFER = 64 << 10;

    /** Nobody has more connections to one server at a time, those in TIME-WAIT included. */
    private static final int PORTS = 65_536;

    /** How long after the last response connections may take to end, TIME-WAIT included, in the network's time. */
    private static final long END = 1_200 * SECOND;

    /** After how much of the network's time without an end it is given up. */
    private static final long FOREVER = 24 * 3_600 * SECOND;

    /** How many rounds of the simulation there are between two looks at the real time. */
    private static final int ROUNDS = 256;

    private final DemoPlan plan;
    private final DemoWatcher watcher;
    private final ClientCounters fetched = new ClientCounters();
    private final ServerCounters served = new ServerCounters();
    private final Histogram times = new Histogram(FOREVER, 3);
    private final List<String> problems = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock();
    private final Simulation simulation = new Simulation(clock);
    private long startedAt;
    private int rounds;
    private boolean late;

    public Demo(DemoPlan plan, DemoWatcher watcher) {
        this.plan = plan;
        this.watcher = watcher;
    }

    /**
     * Runs it.
     *
     * @throws IOException if a file cannot be written
     */
    public DemoResult run() throws IOException {
        Path folder = Files.createTempDirectory("jmtcp-demo");
        Path file = folder.resolve(FILE);
        // in this order: what is registered last is deleted first, if ^C ends the program
        folder.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        try {
            var content = new DemoContent(plan.seed(), plan.fileSize());
            content.write(file);
            if (plan.damaged()) {
                damage(file);
            }
            try (var store = new FileStore(folder, BUFFER << 10, BUFFER << 10, 1)) {
                return run(content, store);
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private DemoResult run(DemoContent content, FileStore store) throws IOException {
        TcpSettings tcp = TcpSettings.DEFAULTS
                .with()
                .receiveBuffer(BUFFER)
                .sendBuffer(BUFFER)
                .maxConnections(PORTS + plan.concurrency())
                .build();
        long memory = 2L * BUFFER * (plan.concurrency() + 1);
        var wireConfig = WireConfig.DEFAULT.withSeed(plan.seed()).withImpairments(plan.impairments());
        DemoCapture capture = plan.capture().isEmpty()
                ? null
                : new DemoCapture(plan.capture().get(), List.of("server", "client"), plan.captureBytes());
        try (Wire wire = Wire.create(wireConfig);
                var server = new DemoHost(wire, clock, "server", SERVER, tcp, memory, plan.seed());
                var client = new DemoHost(wire, clock, "client", CLIENT, tcp, memory, plan.seed());
                capture) {
            if (capture != null) {
                server.io().filter(0, capture.of(0));
                client.io().filter(0, capture.of(1));
            }
            simulation.add(wire);
            simulation.add(server.node());
            simulation.add(client.node());
            return run(content, store, server, client, capture);
        }
    }

    private DemoResult run(
            DemoContent content, FileStore store, DemoHost server, DemoHost client, @Nullable DemoCapture capture)
            throws IOException {
        var url = new HttpUrl("10.0.0." + SERVER, HttpUrl.DEFAULT_PORT, "/" + FILE);
        InetSocketAddress address = url.address();
        var fileServer =
                new FileServer(server.context(), store, url.port(), plan.concurrency(), served, now -> now / 1_000_000);
        client.context().initRss(InetAddress.getByAddress(new byte[4]), 1, address);
        var fileClient = new FileClient(
                client.context(),
                new FileClient.Task(address, url.request(), plan.connections(), plan.concurrency()),
                new FileClient.Listeners(fetched, _ -> {}, times::recordValue, new Problems(problems::add)),
                content::checker);
        server.context().onTurn(fileServer);
        client.context().onTurn(fileClient);

        startedAt = System.nanoTime();
        boolean done = simulation.runUntil(() -> look() || fileClient.isDone(), FOREVER) && !late;
        long networkNanos = clock.now();
        long realNanos = System.nanoTime() - startedAt;
        if (fileClient.failure() != null) {
            problems.add("the client gave up: " + fileClient.failure().getMessage());
        }
        if (done) {
            simulation.runUntil(() -> look() || left(server) == 0 && left(client) == 0, END);
        }
        if (late) {
            problems.add("not done after %.1f s, the limit".formatted(plan.durationLimit() / 1e9));
        }
        return new DemoResult(
                plan,
                fetched,
                served,
                side("client", client),
                side("server", server),
                times,
                problems,
                realNanos,
                networkNanos,
                capture == null ? "" : capture.complete());
    }

    /** Whether the real time is up. */
    private boolean look() {
        if (rounds++ % ROUNDS == 0) {
            long now = System.nanoTime();
            watcher.look(fetched, now);
            late = now - startedAt > plan.durationLimit();
        }
        return late;
    }

    private static int left(DemoHost host) {
        return host.context().connections();
    }

    private static DemoResult.Side side(String name, DemoHost host) {
        return new DemoResult.Side(name, host.counters(), host.io().statistics(0), left(host));
    }

    /** Flips a bit in the middle. */
    private void damage(Path file) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = access.length() / 2;
            access.seek(middle);
            int before = access.read();
            access.seek(middle);
            access.write(before ^ 1);
        }
    }
}
