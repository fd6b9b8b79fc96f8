package dev.jmtcp.driver.onvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The manager for tests (src/test/c) as a program of its own, in the network of the thread that starts it. It ends with this program, however that ends.
 * For one thread at a time.
 */
public final class Manager implements AutoCloseable {

    private static final Path PROGRAM = Path.of("src/test/c/onvm-manager").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 20;
    private static final int MEGABYTES = 128;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String prefix;
    private final Process process;
    private final BufferedReader answers;
    private final long pid;

    private Manager(String prefix, Process process) throws IOException {
        this.prefix = prefix;
        this.process = process;
        answers = process.inputReader();
        String ready = answers.readLine();
        if (ready == null || !ready.startsWith("ready ")) {
            throw new IOException("the manager has not started: " + ready);
        }
        pid = Long.parseLong(ready.substring("ready ".length()));
    }

    /** Skips the test where no manager can run. */
    public static void need() {
        Needs.netAdmin();
        Needs.command("gcc", "gcc libc6-dev");
        Needs.device(Path.of("/usr/include/dpdk/rte_ethdev.h"));
        Needs.hugepages(MEGABYTES);
    }

    /**
     * Starts one.
     *
     * @param arguments its devices, as for DPDK's {@code --vdev}, and settings, {@code name=number}
     */
    public static Manager start(String... arguments) throws IOException {
        need();
        String prefix = "jmtcp-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        var devices = new ArrayList<>(List.of(PROGRAM.toString(), prefix));
        var settings = new ArrayList<>(List.of("--"));
        for (String argument : arguments) {
            if (argument.startsWith("net_")) {
                devices.addAll(List.of("--vdev", argument));
            } else {
                settings.add(argument);
            }
        }
        devices.addAll(settings);
        Process process = new ProcessBuilder(devices)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new Manager(prefix, process);
    }

    /** By what DPDK tells its programs from those of others. */
    public String prefix() {
        return prefix;
    }

    /** What is in use. */
    public State state() throws IOException {
        return State.of(ask("state"));
    }

    /** Waits for a state. */
    public State await(String what, Predicate<State> condition) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        State state = state();
        while (!condition.test(state)) {
            assertThat(System.nanoTime()).as("%s: %s", what, state).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
            state = state();
        }
        return state;
    }

    /** Has a function stop, as when the manager ends. */
    public void stop(int id) throws IOException {
        order("stop " + id);
    }

    /** Sends a function a message without content. */
    public void send(int id, int type) throws IOException {
        order("send " + id + " " + type);
    }

    /** Does for a function that has died what is done when one stops. */
    public void bury(int id) throws IOException {
        order("bury " + id);
    }

    /** Moves no packets, or does again. */
    public void hold(boolean hold) throws IOException {
        order(hold ? "hold" : "release");
    }

    /** Reads no messages, or does again. */
    public void deaf(boolean deaf) throws IOException {
        order(deaf ? "deaf" : "hear");
    }

    /** Ends it at once, like {@code kill -9}. */
    public void kill() throws IOException {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        awaitEnd();
    }

    /** Asks it to end, as by ^C; it has functions stop first. */
    public void end() throws IOException {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        awaitEnd();
    }

    @Override
    public void close() throws IOException {
        kill();
        answers.close();
    }

    private void awaitEnd() throws IOException {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void order(String command) throws IOException {
        assertThat(ask(command)).as(command).isEqualTo("done");
    }

    private String ask(String command) throws IOException {
        process.outputWriter().write(command + "\n");
        process.outputWriter().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the manager has ended");
        }
        return answer;
    }
}
