package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The functions of Linux's C library that this driver calls. Static, for any thread; nothing here allocates but {@link #errnoMemory}.
 *
 * <p>They return what C returns; after a failure {@link #errno} has the reason, in memory that the caller brings, so that threads do not
 * disturb each other. Buffers are given by address: the caller sees to it that they live.
 *
 * <p>Found as the program itself finds them, so that a library of LD_PRELOAD comes before the C library: Java's own lookup would pass it by.
 */
final class Libc {

    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final long MAP_FAILED = -1;
    static final int AF_INET = 2;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = O_CLOEXEC;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");
    private static final Linker.Option VARIADIC_AFTER_2 = Linker.Option.firstVariadicArg(2);
    private static final MethodHandle DLSYM = dlsym();

    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT), KEEP_ERRNO, VARIADIC_AFTER_2);
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL = function(
            "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), KEEP_ERRNO, VARIADIC_AFTER_2);
    private static final MethodHandle MMAP = function(
            "mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            KEEP_ERRNO);
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), KEEP_ERRNO);

    private Libc() {}

    /** Memory for {@link #errno}, for one thread at a time. */
    static MemorySegment errnoMemory(Arena arena) {
        return arena.allocate(STATE);
    }

    /** Why the last call with this memory failed. */
    static int errno(MemorySegment state) {
        return state.get(ValueLayout.JAVA_INT, ERRNO);
    }

    /** @param path the address of a zero-terminated string */
    static int open(MemorySegment state, long path, int flags) {
        try {
            return (int) OPEN.invokeExact(state, path, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** @param argument a value or the address of one, as the request wants */
    static int ioctl(MemorySegment state, int fd, long request, long argument) {
        try {
            return (int) IOCTL.invokeExact(state, fd, request, argument);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Maps a file from its beginning, shared, to be read and written.
     *
     * @return the address, or {@link #MAP_FAILED}
     */
    static long mmap(MemorySegment state, int fd, long length) {
        try {
            return (long) MMAP.invokeExact(state, 0L, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void munmap(long address, long length) {
        try {
            int ignored = (int) MUNMAP.invokeExact(address, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int socket(MemorySegment state, int domain, int type) {
        try {
            return (int) SOCKET.invokeExact(state, domain, type, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A function by its name, from whichever library of the program has it first. */
    @SuppressWarnings("restricted") // this module exists to call native code
    static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        long address;
        try (Arena arena = Arena.ofConfined()) {
            address = (long) DLSYM.invokeExact(0L, arena.allocateFrom(name).address());
        } catch (Throwable e) {
            throw unexpected(e);
        }
        if (address == 0) {
            throw new UnsatisfiedLinkError("the C library has no " + name + "()");
        }
        return LINKER.downcallHandle(MemorySegment.ofAddress(address), type, options);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle dlsym() {
        MemorySegment address = LINKER.defaultLookup()
                .find("dlsym")
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no dlsym()"));
        return LINKER.downcallHandle(address, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
