package dev.jmtcp.apps;

import dev.jmtcp.apps.client.Body;
import dev.jmtcp.apps.client.ClientCounters;
import dev.jmtcp.apps.client.FileClient;
import dev.jmtcp.apps.client.HttpUrl;
import dev.jmtcp.apps.client.Problems;
import dev.jmtcp.apps.client.ResponseSize;
import dev.jmtcp.apps.client.SavedBody;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the cores of one run of epwget share. For any thread. */
final class WgetRun {

    private final Plan plan;
    private final PrintWriter out;
    private final PrintWriter err;
    private final ClientCounters counters = new ClientCounters();
    private final FileClient.Listeners listeners;
    private final AtomicInteger files = new AtomicInteger();
    private final AtomicInteger expected = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    /**
     * What is to be done.
     *
     * @param url what to fetch
     * @param server from whom
     * @param flows how many connections
     * @param cores how many cores share them
     * @param concurrency the most connections of a core at a time
     * @param output what the names of files begin with that content is saved in; null if it is not
     */
    record Plan(
            HttpUrl url,
            InetSocketAddress server,
            int flows,
            int cores,
            int concurrency,
            @Nullable String output) {

        /** What mTCP's epwget prints before it begins. */
        void print(PrintWriter out) {
            out.println("Application configuration:");
            out.println("URL: " + url.path());
            out.println("# of total_flows: " + flows);
            out.println("# of cores: " + cores);
            out.println("Concurrency: " + concurrency * cores);
            if (output != null) {
                out.println("Output file: " + output);
            }
            out.flush();
        }

        private int flowsOf(int core) {
            return flows / cores + (core < flows % cores ? 1 : 0);
        }
    }

    WgetRun(Plan plan, PrintWriter out, PrintWriter err) {
        this.plan = plan;
        this.out = out;
        this.err = err;
        listeners = new FileClient.Listeners(
                counters, new ResponseSize(this::note)::check, _ -> {}, new Problems(this::note));
    }

    ClientCounters counters() {
        return counters;
    }

    /** Whether everything that was to be fetched has been. */
    boolean isComplete() {
        return counters.completes() == expected.get() && done.get() == expected.get();
    }

    /** Begins a core's share, on the thread of the context's owner. */
    Part start(Context context) throws IOException {
        int flows = plan.flowsOf(context.core());
        expected.addAndGet(flows);
        InetSocketAddress server = plan.server();
        note("Thread %d handles %d flows. connecting to %s:%d"
                .formatted(context.core(), flows, server.getAddress().getHostAddress(), server.getPort()));
        reserveAddresses(context, server);
        var task = new FileClient.Task(server, plan.url().request(), flows, plan.concurrency());
        return new Part(context.core(), new FileClient(context, task, listeners, this::body));
    }

    /** mTCP's mtcp_init_rss. */
    private static void reserveAddresses(Context context, InetSocketAddress server) throws IOException {
        try {
            context.initRss(InetAddress.getByAddress(new byte[4]), 1, server);
        } catch (MtcpException e) {
            throw new MtcpException(
                    e.errno(),
                    "to " + server.getAddress().getHostAddress() + ": "
                            + e.errno().description(),
                    e);
        }
    }

    private Body body() {
        return plan.output() == null ? Body.DISCARDED : new SavedBody(plan.output(), files);
    }

    private void note(String line) {
        err.println(line);
        err.flush();
    }

    /** A core's client as an application. */
    final class Part implements CoreApp {

        private final int core;
        private final FileClient client;
        private boolean ended;

        Part(int core, FileClient client) {
            this.core = core;
            this.client = client;
        }

        @Override
        public boolean isRunning() {
            return !ended;
        }

        @Override
        public boolean turn(long now) {
            boolean busy = !ended && client.turn(now);
            endIfDone();
            return busy;
        }

        void stop() {
            client.stop();
            endIfDone();
        }

        private void endIfDone() {
            if (ended || !client.isDone()) {
                return;
            }
            ended = true;
            done.addAndGet(client.done());
            IOException failure = client.failure();
            if (failure != null) {
                note(String.valueOf(failure.getMessage()));
            }
            out.println("[CPU %d] Completed %d connections, errors: %d incompletes: %d"
                    .formatted(core, client.done(), client.errors(), client.incompletes()));
            out.flush();
        }
    }
}
