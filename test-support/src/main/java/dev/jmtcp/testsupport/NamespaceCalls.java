package dev.jmtcp.testsupport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The calls of the C library that change a thread's network. They concern the calling thread, and must succeed. */
@SuppressWarnings("restricted")
final class NamespaceCalls {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_CLOEXEC = 0x80000;
    private static final Path CURRENT = Path.of("/proc/thread-self/ns/net");
    private static final Linker LINKER = Linker.nativeLinker();

    private NamespaceCalls() {}

    /** Puts the calling thread into a new network; fails if it is not in another than before. */
    static void leave() throws IOException {
        String before = Files.readSymbolicLink(CURRENT).toString();
        call("unshare", CLONE_NEWNET);
        if (Files.readSymbolicLink(CURRENT).toString().equals(before)) {
            throw new IOException("the thread is still in the machine's own network");
        }
    }

    /** Puts the calling thread into the network of a descriptor. */
    static void enter(int descriptor) {
        call("setns", descriptor, CLONE_NEWNET);
    }

    /** A descriptor of the calling thread's network. */
    static int current() {
        return open(CURRENT.toString());
    }

    static void close(int descriptor) {
        call("close", descriptor);
    }

    private static int open(String file) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle open = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("open"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
            return invoke("open", open, arena.allocateFrom(file), O_CLOEXEC);
        }
    }

    private static int call(String name, Integer... arguments) {
        var types = new MemoryLayout[arguments.length];
        Arrays.fill(types, ValueLayout.JAVA_INT);
        MethodHandle handle = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, types));
        return invoke(name, handle, (Object[]) arguments);
    }

    private static int invoke(String name, MethodHandle handle, Object... arguments) {
        int result;
        try {
            result = (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (result < 0) {
            throw new IllegalStateException(name + " has failed");
        }
        return result;
    }
}
