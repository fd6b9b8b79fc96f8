package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes what DPDK logs, through a pipe, to the {@link System.Logger} named {@code dev.jmtcp.driver.dpdk}, and remembers the last lines so that errors can quote
 * them. A line that finds the pipe full is lost: DPDK never waits for its reader. For any thread.
 */
final class EalLog {

    private static final System.Logger LOGGER = System.getLogger("dev.jmtcp.driver.dpdk");

    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;
    private static final int LINE_BUFFERED = 1;
    private static final int REMEMBERED = 64;
    private static final int BUFFER = 4096;

    private static final MethodHandle READ =
            Libc.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle POLL =
            Libc.function("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private static final EalLog INSTANCE = new EalLog();

    private final MemorySegment buffer = Arena.global().allocate(BUFFER);
    private final int pipe;
    private final StringBuilder unfinished = new StringBuilder();

    /** The last lines; the last one has the number {@link #lines}. Guarded by this. */
    private final ArrayDeque<String> remembered = new ArrayDeque<>();

    private long lines;

    private EalLog() {
        try {
            MemorySegment ends = Arena.global().allocate(JAVA_INT, 2);
            MethodHandle pipe2 = Libc.function("pipe2", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
            if ((int) pipe2.invokeExact(ends.address(), O_NONBLOCK | O_CLOEXEC) != 0) {
                throw new IllegalStateException("no pipe for DPDK's log");
            }
            pipe = ends.getAtIndex(JAVA_INT, 0);
            MethodHandle fdopen = Libc.function("fdopen", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG));
            long stream = (long) fdopen.invokeExact(
                    ends.getAtIndex(JAVA_INT, 1),
                    Arena.global().allocateFrom("w").address());
            MethodHandle setvbuf = Libc.function(
                    "setvbuf", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
            int _ = (int) setvbuf.invokeExact(stream, 0L, LINE_BUFFERED, (long) BUFFER);
            MethodHandle open = Dpdk.function("rte_openlog_stream", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
            int _ = (int) open.invokeExact(stream);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
        Thread.ofPlatform().daemon().name("dpdk-log").start(this::follow);
    }

    /** The log of this process; DPDK has to be loaded. */
    static EalLog instance() {
        return INSTANCE;
    }

    /** A place in the log, for {@link #since}. */
    synchronized long mark() {
        drain();
        return lines;
    }

    /** What was logged after a place, without the lines that only inform, as far as it is remembered. */
    synchronized List<String> since(long mark) {
        drain();
        var recent = new ArrayList<String>();
        long number = lines - remembered.size();
        for (String line : remembered) {
            number++;
            if (number > mark) {
                recent.add(line);
            }
        }
        return recent;
    }

    private void follow() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(8, 8);
            polled.set(JAVA_INT, 0, pipe);
            polled.set(JAVA_SHORT, 4, POLLIN);
            while (true) {
                int _ = (int) POLL.invokeExact(polled.address(), 1L, -1);
                synchronized (this) {
                    drain();
                }
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private void drain() {
        try {
            while (true) {
                long count = (long) READ.invokeExact(pipe, buffer.address(), (long) BUFFER);
                if (count <= 0) {
                    return;
                }
                unfinished.append(new String(buffer.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1));
                int end;
                while ((end = unfinished.indexOf("\n")) >= 0) {
                    line(unfinished.substring(0, end).strip());
                    unfinished.delete(0, end + 1);
                }
            }
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    private void line(String line) {
        if (line.isEmpty()) {
            return;
        }
        lines++;
        if (remembered.size() == REMEMBERED) {
            remembered.removeFirst();
        }
        remembered.addLast(line);
        LOGGER.log(System.Logger.Level.DEBUG, line);
    }
}
