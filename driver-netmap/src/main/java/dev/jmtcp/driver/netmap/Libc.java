package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.ADDRESS;
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
 * <p>They are found as a C program finds them, so that a library in LD_PRELOAD may stand before them.
 */
final class Libc {

    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = O_CLOEXEC;
    static final int AF_INET = 2;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = O_CLOEXEC;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final long MAP_FAILED = -1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");

    private static final MethodHandle DLSYM =
            downcall(find("dlsym"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS));

    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT),
            KEEP_ERRNO,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL = function(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
            KEEP_ERRNO,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle MMAP = function(
            "mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            KEEP_ERRNO);
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle READ =
            function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), KEEP_ERRNO);
    private static final MethodHandle PPOLL =
            function("ppoll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), KEEP_ERRNO);
    private static final MethodHandle EVENTFD =
            function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), KEEP_ERRNO);
    private static final MethodHandle EVENTFD_WRITE =
            function("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
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

    /** @return the address, or {@link #MAP_FAILED} */
    static long mmap(MemorySegment state, long address, long length, int protection, int flags, int fd) {
        try {
            return (long) MMAP.invokeExact(state, address, length, protection, flags, fd, 0L);
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

    static long read(MemorySegment state, int fd, long buffer, long length) {
        try {
            return (long) READ.invokeExact(state, fd, buffer, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * @param fds the address of an array of struct pollfd
     * @param timeout the address of a struct timespec
     */
    static int ppoll(MemorySegment state, long fds, long count, long timeout) {
        try {
            return (int) PPOLL.invokeExact(state, fds, count, timeout, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int eventfd(MemorySegment state, int flags) {
        try {
            return (int) EVENTFD.invokeExact(state, 0, flags);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Adds one to an eventfd. Fails only where it already holds very many, and would wake as well. */
    static void signal(int eventfd) {
        try {
            int ignored = (int) EVENTFD_WRITE.invokeExact(eventfd, 1L);
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

    /** Looks up by dlsym() in the program's own scope, as a linker would. */
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        try (Arena arena = Arena.ofConfined()) {
            long address = (long) DLSYM.invokeExact(0L, arena.allocateFrom(name));
            return downcall(address == 0 ? find(name) : MemorySegment.ofAddress(address), type, options);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MemorySegment find(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name + "()"));
    }

    @SuppressWarnings("restricted") // this module exists to call native code
    private static MethodHandle downcall(MemorySegment address, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(address, type, options);
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
