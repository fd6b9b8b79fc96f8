package dev.jmtcp.apps;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.util.Modules;
import dev.jmtcp.core.config.JmtcpConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A wire within this process, with epserver on one end of it, for tests in real time. */
final class Network implements AutoCloseable {

    /** Small, so that tests need neither large files nor much patience. */
    static final ServerLimits LIMITS = new ServerLimits(4 << 20, 1 << 20, 4, 1_500_000_000);

    private static final AtomicInteger WIRES = new AtomicInteger();

    final Path www;
    private final Path folder;
    private final String wire = "apps-test-" + WIRES.incrementAndGet();
    private final int cores;
    private final ShownText shown = new ShownText();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread server;

    /** A server of files in the folder {@code www} below a folder. */
    Network(Path folder) throws IOException, InterruptedException {
        this(folder, 1, "");
    }

    /**
     * @param cores how many cores each side has
     * @param more lines for the server's configuration
     */
    Network(Path folder, int cores, String more) throws IOException, InterruptedException {
        this.folder = folder;
        this.cores = cores;
        www = Files.createDirectory(folder.resolve("www"));
        Path config = Files.writeString(folder.resolve("server.conf"), config("sim0", "10.0.0.1") + more);
        server = Thread.ofPlatform().name("epserver").start(() -> {
            try {
                exit.complete(serve(config));
            } catch (RuntimeException e) {
                exit.completeExceptionally(e);
            }
        });
        for (int core = 0; core < cores; core++) {
            shown.await("CPU " + core + ": initialization finished.");
        }
    }

    private int serve(Path config) {
        var limits = new AbstractModule() {
            @Override
            protected void configure() {
                bind(ServerLimits.class).toInstance(LIMITS);
            }
        };
        return Main.commandLine(
                        Guice.createInjector(Modules.override(Main.modules()).with(limits)))
                .setOut(shown.writer())
                .setErr(shown.writer())
                .execute("epserver", "-f", config.toString(), "-p", www.toString());
    }

    private String config(String port, String address) {
        return """
                io = pcap-sim
                pcap-sim.wire = %s
                pcap-sim.places = 16
                num_cores = %d
                port = %s
                port.%s.address = %s/24
                stat_print = %s
                rcvbuf = 64k
                sndbuf = 64k
                """.formatted(wire, cores, port, port, address, port);
    }

    /** The configuration of the client's side. */
    JmtcpConfig clientConfig() {
        return JmtcpConfig.parse(config("sim1", "10.0.0.2"));
    }

    /** The file that holds it. */
    String clientFile() throws IOException {
        return Files.writeString(folder.resolve("client.conf"), config("sim1", "10.0.0.2"))
                .toString();
    }

    /** What the server has printed. */
    ShownText shown() {
        return shown;
    }

    /** Asks the server to end, as ^C does. */
    void interrupt() {
        server.interrupt();
    }

    /** Asks the server to end and waits for that; its exit code. */
    int stop() throws InterruptedException, ExecutionException, TimeoutException {
        interrupt();
        return exit.get(60, TimeUnit.SECONDS);
    }

    /** Runs a command; its exit code. */
    static int run(ShownText shown, String... arguments) {
        return Main.commandLine().setOut(shown.writer()).setErr(shown.writer()).execute(arguments);
    }

    @Override
    public void close() {
        interrupt();
        exit.handle((_, _) -> true).join();
    }
}
