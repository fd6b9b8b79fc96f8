package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.race.Contestant;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.race.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Hosts of several cores, one thread for a core of both. The wire spreads frames by RSS, with a symmetric key, so that a connection stays on cores of one number; what would
 * arrive elsewhere would find no connection there and show in the counts.
 */
public final class JmtcpCores implements Contestant {

    private final Hosts hosts;
    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<JmtcpLoop> cores = new ArrayList<>();

    /**
     * @param count how many cores
     * @param kind what each does
     */
    public JmtcpCores(int count, Load kind) throws IOException {
        hosts = JmtcpLoop.hosts(count, kind, JmtcpLoop.ETHERNET_MTU);
        for (int core = 0; core < count; core++) {
            int number = core;
            ExecutorService thread = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("core-" + number).factory());
            threads.add(thread);
            cores.add(result(thread.submit(() -> JmtcpLoop.ofCore(hosts, number, kind))));
        }
    }

    @Override
    public String name() {
        return cores.size() == 1 ? "jmtcp, 1 core" : "jmtcp, " + cores.size() + " cores";
    }

    @Override
    public String description() {
        return "simulated wire with RSS, software checksums at both ends, a thread for each core of both";
    }

    @Override
    public Work work(long cpuNanos) throws IOException {
        return each(core -> core.work(cpuNanos)).stream().reduce(Work::plus).orElseThrow();
    }

    @Override
    public Outcome finish() throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        List<Outcome> outcomes = each(JmtcpLoop::finish);
        for (int core = 0; core < outcomes.size(); core++) {
            Outcome outcome = outcomes.get(core);
            outcome.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
            counts.put("answers on core " + core, outcome.counts().get("answers"));
            for (String problem : outcome.problems()) {
                problems.add("core " + core + ": " + problem);
            }
        }
        return new Outcome(counts, problems);
    }

    @Override
    public void close() {
        try {
            each(core -> {
                core.close();
                return true;
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.forEach(ExecutorService::close);
            hosts.close();
        }
    }

    /** What a core does on its thread. */
    @FunctionalInterface
    private interface Job<T> {
        T of(JmtcpLoop core) throws IOException;
    }

    /** Has all cores do something at the same time. */
    private <T> List<T> each(Job<T> job) throws IOException {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < cores.size(); i++) {
            JmtcpLoop core = cores.get(i);
            Callable<T> task = () -> job.of(core);
            futures.add(threads.get(i).submit(task));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(result(future));
        }
        return results;
    }

    private static <T> T result(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
