package dev.jmtcp.driver.dpdk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A network of its own for the calling thread, the threads it starts and the programs it runs; the rest of the machine sees nothing of it, and it is gone
 * when they are. To be closed by the thread that entered.
 */
final class Namespace implements AutoCloseable {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_CLOEXEC = 0x80000;
    private static final Path CURRENT = Path.of("/proc/thread-self/ns/net");
    private static final long PROGRAM_SECONDS = 30;

    private final int before;

    private Namespace(int before) {
        this.before = before;
    }

    /** Enters a new namespace, whose kernel sends nothing of its own accord. */
    static Namespace enter() throws IOException {
        String old = Files.readSymbolicLink(CURRENT).toString();
        Namespace namespace;
        try (Arena arena = Arena.ofConfined()) {
            int fd = call(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    arena.allocateFrom(CURRENT.toString()),
                    O_CLOEXEC);
            namespace = new Namespace(fd);
            call("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT), CLONE_NEWNET);
        }
        // Nothing may ever be sent from the machine's own namespace.
        assertThat(Files.readSymbolicLink(CURRENT).toString()).isNotEqualTo(old);
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

    /** Runs a command of words between blanks; what it printed. */
    static String run(String command) throws IOException {
        Process process = new ProcessBuilder(command.split(" +", -1))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
        return output;
    }

    /** Two interfaces, joined, both up. */
    static void makePair(String one, String other) throws IOException {
        run("ip link add name " + one + " type veth peer name " + other);
        run("ip link set dev " + one + " up");
        run("ip link set dev " + other + " up");
    }

    @Override
    public void close() {
        call("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), before, CLONE_NEWNET);
        call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), before);
    }

    @SuppressWarnings("restricted")
    private static int call(String name, FunctionDescriptor type, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        int result;
        try {
            result = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type)
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        assertThat(result).as(name).isNotNegative();
        return result;
    }
}
