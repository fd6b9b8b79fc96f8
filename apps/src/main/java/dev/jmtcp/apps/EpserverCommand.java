package dev.jmtcp.apps;

import dev.jmtcp.apps.files.FileStore;
import dev.jmtcp.apps.server.FileServer;
import dev.jmtcp.apps.server.ServerCounters;
import dev.jmtcp.core.config.ConfigLoader;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpException;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jmtcp epserver}: mTCP's file server. */
@Command(
        name = "epserver",
        description = {
            "Serves the files of a folder over HTTP, as mTCP's epserver does.",
            "The first ^C or SIGTERM ends it when the transfers under way are done, a few seconds later at most; the second at once."
        },
        mixinStandardHelpOptions = true)
final class EpserverCommand implements Callable<Integer> {

    private static final int DEFAULT_BACKLOG = 4096;
    private static final int DEFAULT_PORT = 80;

    private final ConfigLoader loader;
    private final DriverFinder finder;
    private final ServerLimits limits;
    private final ServerCounters counters = new ServerCounters();

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Main main;

    @Mixin
    private StackOptions stack;

    @Option(names = "-p", paramLabel = "FOLDER", required = true, description = "The folder whose files are served.")
    private Path folder = Path.of("");

    @Option(
            names = "-c",
            paramLabel = "CORE",
            description = "Run on this core only, where several processes share a port.")
    private Optional<Integer> core = Optional.empty();

    @Option(
            names = "-b",
            paramLabel = "BACKLOG",
            description =
                    "The most connections of a core that wait to be accepted; " + DEFAULT_BACKLOG + " unless given.")
    private @Nullable Integer backlog;

    @Option(
            names = "--listen-port",
            paramLabel = "PORT",
            description = "The TCP port; ${DEFAULT-VALUE} unless given.",
            defaultValue = "" + DEFAULT_PORT)
    private int port;

    @Inject
    EpserverCommand(ConfigLoader loader, DriverFinder finder, ServerLimits limits) {
        this.loader = loader;
        this.finder = finder;
        this.limits = limits;
    }

    /** A core's server as an application. */
    private record Part(FileServer server) implements CoreApp {

        @Override
        public boolean isRunning() {
            return server.isRunning();
        }

        @Override
        public boolean turn(long now) {
            return server.turn(now);
        }

        void drain() {
            try {
                server.drain();
            } catch (MtcpException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        JmtcpConfig config = stack.load(loader, Integer.MAX_VALUE);
        List<Integer> cores = stack.use(config, core, "-c");
        int waiting = backlog(config);
        check(port >= 1 && port <= 65_535, "--listen-port: no port " + port + "; expected 1 to 65535");
        check(Files.isDirectory(folder), "-p: no folder " + folder);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (FileStore store = limits.open(folder);
                Jmtcp jmtcp = Jmtcp.init(config, finder.find(main.driverPath()))) {
            var screen = new StackScreen(jmtcp, out, err);
            var supervisor = new Supervisor(jmtcp, screen, () -> {});
            supervisor.run(
                    cores,
                    context -> {
                        var server = new FileServer(
                                context, store, port, waiting, counters, _ -> System.currentTimeMillis());
                        screen.note("CPU " + context.core() + ": serving " + folder + " on port " + port);
                        if (context.core() == cores.getFirst()) {
                            CurlLine.of(config, folder, port).ifPresent(screen::note);
                        }
                        return new Part(server);
                    },
                    new Supervisor.Ending<>(
                            Part::drain,
                            limits.drainNanos(),
                            part -> part.server().cutOff()));
        }
        out.println("Served %d requests on %d connections, broken: %d, cut off: %d"
                .formatted(counters.answers(), counters.accepted(), counters.broken(), counters.cutOff()));
        out.flush();
        return counters.cutOff() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private int backlog(JmtcpConfig config) {
        if (backlog == null) {
            return Math.min(DEFAULT_BACKLOG, config.maxConcurrency());
        }
        check(
                backlog >= 1 && backlog <= config.maxConcurrency(),
                "-b: bad backlog " + backlog + "; expected 1 to max_concurrency, which is " + config.maxConcurrency());
        return backlog;
    }

    private void check(boolean good, String problem) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }
}
