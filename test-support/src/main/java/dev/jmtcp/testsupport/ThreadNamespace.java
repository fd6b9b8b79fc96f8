package dev.jmtcp.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A network of its own for the calling thread, the threads it starts and the programs it runs; the rest of the machine sees nothing of it, and it is gone
 * when they are. To be closed by the thread that entered. Where a test needs several networks, or threads in and out of one, {@link Namespace}.
 */
public final class ThreadNamespace implements AutoCloseable {

    private static final long PROGRAM_SECONDS = 30;

    private final int before;

    private ThreadNamespace(int before) {
        this.before = before;
    }

    /** Enters a new namespace, whose kernel sends nothing of its own accord. */
    public static ThreadNamespace enter() throws IOException {
        var namespace = new ThreadNamespace(NamespaceCalls.current());
        // Nothing may ever be sent from the machine's own namespace.
        NamespaceCalls.leave();
        Path ipv6 = Path.of("/proc/sys/net/ipv6/conf");
        for (String scope : new String[] {"all", "default"}) {
            Path file = ipv6.resolve(scope).resolve("disable_ipv6");
            if (Files.exists(file)) {
                Files.writeString(file, "1");
            }
        }
        run("ip link set dev lo up");
        return namespace;
    }

    /** Runs a command of words between blanks, which has to be a success; what it printed. */
    public static String run(String command) throws IOException {
        Process process = new ProcessBuilder(command.split(" +", -1))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(command + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + ": exit code " + process.exitValue() + ": " + output);
        }
        return output;
    }

    /** Two interfaces, joined, both up. */
    public static void makePair(String one, String other) throws IOException {
        run("ip link add name " + one + " type veth peer name " + other);
        run("ip link set dev " + one + " up");
        run("ip link set dev " + other + " up");
    }

    @Override
    public void close() {
        NamespaceCalls.enter(before);
        NamespaceCalls.close(before);
    }
}
