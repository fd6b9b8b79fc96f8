package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jmtcp.testsupport.Needs;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The stand-in for the engine's kernel module (src/test/c/psio-standin.c), which Maven compiles and the test JVM is started with, and a network for it: cards xge0
 * and xge1, joined by a wire, in a namespace of the calling thread. To be closed by the thread that made it.
 */
final class StandIn implements AutoCloseable {

    /** Instead of a request, in {@link #fail}. */
    static final int OPEN = 10;

    static final int MMAP = 11;

    private static final long PATIENCE = 5_000_000_000L;

    private final ThreadNamespace namespace;
    private final MethodHandle configure = function("configure", FunctionDescriptor.ofVoid(JAVA_LONG));
    private final MethodHandle fail =
            function("fail", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private final MethodHandle transmit = function("transmit", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT));
    private final MethodHandle calls = function("calls", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private final MethodHandle partialSends = function("partial_sends", FunctionDescriptor.of(JAVA_LONG));

    private StandIn(ThreadNamespace namespace) {
        this.namespace = namespace;
    }

    /** Whether the test JVM was started with it. */
    static boolean isLoaded() {
        try {
            return function("calls", FunctionDescriptor.of(JAVA_LONG, JAVA_INT)) != null;
        } catch (UnsatisfiedLinkError _) {
            return false;
        }
    }

    /** Makes the network and loads the module with two cards of so many queues. */
    static StandIn withQueues(int queues) throws IOException {
        Needs.netAdmin();
        Needs.command("ip", "iproute2");
        Needs.command("gcc", "gcc libc6-dev linux-libc-dev");
        assumeTrue(isLoaded(), "needs a test JVM started by Maven with the stand-in");
        var namespace = ThreadNamespace.enter();
        ThreadNamespace.run("ip link add name wire0 type veth peer name wire1");
        for (String card : new String[] {"0", "1"}) {
            ThreadNamespace.run("ip link add name xge" + card + " type veth peer name slow" + card);
            for (String name : new String[] {"wire", "xge", "slow"}) {
                ThreadNamespace.run("ip link set dev " + name + card + " up");
            }
        }
        awaitLinks(6);
        var standIn = new StandIn(namespace);
        standIn.load("xge0=wire0:" + queues + ":slow0 xge1=wire1:" + queues + ":slow1");
        return standIn;
    }

    /** The kernel looks after the state of its links in the background, and may take a second. */
    private static void awaitLinks(int count) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (ThreadNamespace.run("ip -o link show up")
                                .lines()
                                .filter(line -> line.contains("state UP"))
                                .count()
                        < count
                && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Loads the module with these cards. */
    void load(String cards) {
        try (Arena arena = Arena.ofConfined()) {
            invoke(configure, arena.allocateFrom(cards).address());
        }
    }

    void unload() {
        invoke(configure, MemorySegment.NULL.address());
    }

    /** Has the next calls of a request fail. */
    void fail(int request, int errno, int times) {
        failLater(request, errno, 0, times);
    }

    /** Has calls of a request fail after some that do not. */
    void failLater(int request, int errno, int after, int times) {
        invoke(fail, request, errno, after, times);
    }

    /** Gives the cards transmit rings of so many entries, of which so many at a time are found sent. */
    void transmitRings(int entries, int cleaned) {
        invoke(transmit, entries, cleaned);
    }

    /** How often a request came. */
    long calls(int request) {
        return (long) invoke(calls, request);
    }

    /** How many sends took less than was offered. */
    long partialSends() {
        return (long) invoke(partialSends);
    }

    @Override
    public void close() {
        unload();
        namespace.close();
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return Libc.function("psio_standin_" + name, type);
    }

    private static Object invoke(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
