package dev.jmtcp.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network of its own on this machine, of which the rest of the machine sees nothing. It has no name and is held by a descriptor, so that it is gone, with
 * all its interfaces, when it is closed or this program ends, however it ends. Sockets, devices and programs are in it if they are made by a thread
 * that is. For any thread; needs CAP_SYS_ADMIN, as root has.
 */
public final class Namespace implements AutoCloseable {

    private static final Path SETTINGS = Path.of("/proc/sys/net");

    /** No program is left behind for longer than this many seconds. */
    private static final String PROGRAM_LIFE = "600";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int descriptor;
    private final ThreadGroup group = new ThreadGroup("namespace-" + COUNT.incrementAndGet());
    private final ExecutorService threads = Executors.newCachedThreadPool(this::thread);
    private final List<Process> programs = new ArrayList<>();

    private Namespace(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Makes one, whose loopback interface is up and whose kernel sends nothing of its own accord. */
    public static Namespace make() throws IOException {
        // On a thread that ends with this: no other thread of the program changes its network.
        var made = new FutureTask<>(() -> {
            NamespaceCalls.leave();
            return new Namespace(NamespaceCalls.current());
        });
        Thread.ofPlatform().daemon().start(made);
        Namespace namespace = result(made);
        for (String scope : List.of("all", "default")) {
            if (Files.exists(SETTINGS.resolve("ipv6/conf/all/disable_ipv6"))) {
                namespace.set("ipv6.conf." + scope + ".disable_ipv6", "1");
            }
        }
        namespace.run("ip link set dev lo up");
        return namespace;
    }

    /** Runs a task within, on a thread of its own, and waits for it. */
    public <T> T call(Callable<T> task) throws IOException {
        var future = new FutureTask<>(() -> {
            enter();
            return task.call();
        });
        group(future).start();
        return result(future);
    }

    /** Threads within. */
    public ExecutorService threads() {
        return threads;
    }

    /** The threads within that are alive, those of {@link #threads()} aside; also those that tasks within have started, and theirs. */
    public List<Thread> otherThreads() {
        var all = new Thread[2 * group.activeCount() + 16];
        int count = group.enumerate(all);
        return Arrays.stream(all, 0, count)
                .filter(thread -> !thread.getName().startsWith("pool-of-"))
                .toList();
    }

    /** A program within, of words between blanks; gets its input from the caller, and prints errors among its output. */
    public Process start(String command) throws IOException {
        return start(command, false);
    }

    /** A program within, of words between blanks, which prints to two places. */
    public Process startWithErrorsApart(String command) throws IOException {
        return start(command, true);
    }

    private Process start(String command, boolean errorsApart) throws IOException {
        var words = new ArrayList<>(List.of("timeout", "--kill-after=5", PROGRAM_LIFE));
        words.addAll(List.of(command.split(" +", -1)));
        var builder = new ProcessBuilder(words).redirectErrorStream(!errorsApart);
        Process process = call(builder::start);
        synchronized (programs) {
            programs.removeIf(program -> !program.isAlive());
            programs.add(process);
        }
        return process;
    }

    /** Runs a program within to its end, which has to be a success; what it printed. */
    public String run(String command) throws IOException {
        Process process = start(command);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": exit code " + process.exitValue() + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command + ": interrupted", e);
        }
        return output;
    }

    /** Changes a setting of this network's kernel, written as for sysctl but without the leading {@code net.}. */
    public void set(String setting, String value) throws IOException {
        call(() -> Files.writeString(SETTINGS.resolve(setting.replace('.', '/')), value));
    }

    /** Moves an interface from this network to another. */
    public void move(String device, Namespace to) throws IOException {
        run("ip link set dev " + device + " netns /proc/"
                + ProcessHandle.current().pid() + "/fd/" + to.descriptor);
    }

    /** Ends the programs within and forgets the network, which lives on only as long as sockets or devices of this program are left in it. */
    @Override
    public void close() {
        synchronized (programs) {
            for (Process program : programs) {
                program.descendants().forEach(ProcessHandle::destroyForcibly);
                program.destroyForcibly();
            }
        }
        threads.shutdownNow();
        NamespaceCalls.close(descriptor);
    }

    private Thread thread(Runnable task) {
        Thread thread = group(() -> {
            enter();
            task.run();
        });
        thread.setName("pool-of-" + group.getName());
        return thread;
    }

    private Thread group(Runnable task) {
        return Thread.ofPlatform().group(group).daemon().unstarted(task);
    }

    private void enter() {
        NamespaceCalls.enter(descriptor);
    }

    private static <T> T result(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IOException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
