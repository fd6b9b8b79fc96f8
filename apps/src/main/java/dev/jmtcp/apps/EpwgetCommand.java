package dev.jmtcp.apps;

import dev.jmtcp.apps.client.HttpUrl;
import dev.jmtcp.apps.report.ClientReport;
import dev.jmtcp.core.config.ConfigLoader;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.socket.Jmtcp;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code jmtcp epwget}: mTCP's HTTP client. */
@Command(
        name = "epwget",
        description = "Fetches a file over HTTP, over so many connections, as mTCP's epwget does.",
        mixinStandardHelpOptions = true)
final class EpwgetCommand implements Callable<Integer> {

    private static final int DEFAULT_CONCURRENCY = 100;

    /** mTCP makes room for so many times the connections that there are at a time. */
    private static final int ROOM = 3;

    private final ConfigLoader loader;
    private final DriverFinder finder;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Main main;

    @Mixin
    private StackOptions stack;

    @Parameters(index = "0", paramLabel = "URL", description = "[http://]HOST[:PORT][/PATH]")
    private String url = "";

    @Parameters(index = "1", paramLabel = "FLOWS", description = "How many connections, each with one request.")
    private int flows;

    @Option(
            names = "-c",
            paramLabel = "CONCURRENCY",
            description = "The most connections at a time, all cores together; " + DEFAULT_CONCURRENCY
                    + " a core unless given.")
    private @Nullable Integer concurrency;

    @Option(names = "-o", paramLabel = "FILE", description = "Save what comes in FILE.0, FILE.1, …, one a connection.")
    private @Nullable String output;

    @Option(
            names = "-n",
            paramLabel = "CORE",
            description = "Run on this core only, with its share, where several processes share a port.")
    private Optional<Integer> core = Optional.empty();

    @Inject
    EpwgetCommand(ConfigLoader loader, DriverFinder finder) {
        this.loader = loader;
        this.finder = finder;
    }

    @Override
    public Integer call() throws IOException {
        HttpUrl target = target();
        check(flows >= 1, "FLOWS: " + flows + "; expected 1 or more");
        check(concurrency == null || concurrency >= 1, "-c: " + concurrency + "; expected 1 or more");
        JmtcpConfig config = stack.load(loader, flows);
        List<Integer> cores = stack.use(config, core, "-n");
        InetSocketAddress server = target.address();
        check(!server.isUnresolved(), "no address of host '" + target.host() + "' is known");
        int each = concurrency == null ? DEFAULT_CONCURRENCY : Math.max(1, concurrency / config.numCores());
        var plan = new WgetRun.Plan(target, server, flows, config.numCores(), each, output);

        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        plan.print(out);
        var run = new WgetRun(plan, out, err);
        var report = new ClientReport(run.counters());
        boolean interrupted;
        try (Jmtcp jmtcp = Jmtcp.init(withRoom(config, ROOM * each), finder.find(main.driverPath()))) {
            var supervisor = new Supervisor(jmtcp, new StackScreen(jmtcp, out, err), () -> err.println(report.line()));
            interrupted = supervisor.run(
                    cores, run::start, new Supervisor.Ending<>(WgetRun.Part::stop, 0, WgetRun.Part::stop));
        }
        err.println(report.line());
        err.flush();
        return run.isComplete() && !interrupted ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private HttpUrl target() {
        try {
            return HttpUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "URL: " + e.getMessage(), e);
        }
    }

    private void check(boolean good, String problem) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    /** mTCP's epwget sets these; here they are raised only, for connections in TIME-WAIT count too. */
    private static JmtcpConfig withRoom(JmtcpConfig config, int least) {
        JmtcpConfig result = config;
        if (config.maxConcurrency() < least) {
            result = result.with("max_concurrency", Integer.toString(least));
        }
        if (config.maxNumBuffers() < least) {
            result = result.with("max_num_buffers", Integer.toString(least));
        }
        return result;
    }
}
