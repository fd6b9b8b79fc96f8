package dev.jmtcp.core.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The system calls of Linux that the socket API is measured against. A result below 0 is an errno, negative. */
@SuppressWarnings("restricted")
final class Kernel {

    static final int SOL_SOCKET = 1;
    static final int SO_ERROR = 4;
    static final int SO_OOBINLINE = 10;
    static final int SO_LINGER = 13;
    static final int MSG_OOB = 1;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_DONTWAIT = 0x40;
    static final int CTL_ADD = 1;
    static final int CTL_DEL = 2;
    static final int CTL_MOD = 3;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final int EVENT_SIZE = 12; // struct epoll_event is packed on x86-64
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_INFO = 11;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MemorySegment CAPTURED = Arena.global().allocate(STATE);
    private static final MemorySegment SCRATCH = Arena.global().allocate(1 << 16);

    private static final MethodHandle SOCKET = function("socket", 3);
    private static final MethodHandle BIND = withPointer("bind", 1, 1);
    private static final MethodHandle LISTEN = function("listen", 2);
    private static final MethodHandle ACCEPT = withTwoPointers("accept", 1);
    private static final MethodHandle CONNECT = withPointer("connect", 1, 1);
    private static final MethodHandle GETSOCKNAME = withTwoPointers("getsockname", 1);
    private static final MethodHandle SHUTDOWN = function("shutdown", 2);
    private static final MethodHandle CLOSE = function("close", 1);
    private static final MethodHandle SEND = transfer("send");
    private static final MethodHandle RECV = transfer("recv");
    private static final MethodHandle SETSOCKOPT = withPointer("setsockopt", 3, 1);
    private static final MethodHandle GETSOCKOPT = withTwoPointers("getsockopt", 3);
    private static final MethodHandle EPOLL_CREATE = function("epoll_create1", 1);
    private static final MethodHandle EPOLL_CTL = withPointer("epoll_ctl", 3, 0);
    private static final MethodHandle EPOLL_WAIT = withPointer("epoll_wait", 1, 2);

    private Kernel() {}

    /** A listener on a free port of the loopback interface. */
    static int listener() {
        int fd = check(call(SOCKET, 2, 1, 0));
        SCRATCH.fill((byte) 0);
        SCRATCH.set(ValueLayout.JAVA_SHORT, 0, (short) 2);
        SCRATCH.set(INT, 4, 0x0100007f);
        check(call(BIND, fd, SCRATCH, 16));
        check(call(LISTEN, fd, 64));
        option(fd, SOL_SOCKET, SO_OOBINLINE, 1);
        option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        return fd;
    }

    /** A connection to a listener, not accepted yet. */
    static int connect(int listener) {
        int fd = check(call(SOCKET, 2, 1, 0));
        SCRATCH.set(INT, 64, 16);
        check(call(GETSOCKNAME, listener, SCRATCH, SCRATCH.asSlice(64)));
        check(call(CONNECT, fd, SCRATCH, 16));
        option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        option(fd, SOL_SOCKET, SO_OOBINLINE, 1);
        return fd;
    }

    static int accept(int listener) {
        return call(ACCEPT, listener, MemorySegment.NULL, MemorySegment.NULL);
    }

    static void option(int fd, int level, int name, int value) {
        SCRATCH.set(INT, 0, value);
        check(call(SETSOCKOPT, fd, level, name, SCRATCH, 4));
    }

    /** The state of a connection by Linux's numbers. */
    static int state(int fd) {
        SCRATCH.set(INT, 64, 1);
        check(call(GETSOCKOPT, fd, IPPROTO_TCP, TCP_INFO, SCRATCH, SCRATCH.asSlice(64)));
        return SCRATCH.get(ValueLayout.JAVA_BYTE, 0);
    }

    static int error(int fd) {
        SCRATCH.set(INT, 64, 4);
        check(call(GETSOCKOPT, fd, SOL_SOCKET, SO_ERROR, SCRATCH, SCRATCH.asSlice(64)));
        return SCRATCH.get(INT, 0);
    }

    static int send(int fd, int length, int flags) {
        return transfer(SEND, fd, length, flags | MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    static int receive(int fd, int length) {
        return transfer(RECV, fd, length, MSG_DONTWAIT);
    }

    static int shutdown(int fd, int how) {
        return call(SHUTDOWN, fd, how);
    }

    static void close(int fd) {
        check(call(CLOSE, fd));
    }

    static void abort(int fd) {
        SCRATCH.set(INT, 0, 1);
        SCRATCH.set(INT, 4, 0);
        check(call(SETSOCKOPT, fd, SOL_SOCKET, SO_LINGER, SCRATCH, 8));
        close(fd);
    }

    static int epoll() {
        return check(call(EPOLL_CREATE, 0));
    }

    static int control(int epoll, int operation, int fd, int events, int data) {
        SCRATCH.set(INT, 0, events);
        SCRATCH.set(INT, 4, data);
        SCRATCH.set(INT, 8, 0);
        return call(EPOLL_CTL, epoll, operation, fd, SCRATCH);
    }

    /** The number of events; see {@link #events} and {@link #data}. */
    static int poll(int epoll) {
        return check(call(EPOLL_WAIT, epoll, SCRATCH, 64, 0));
    }

    static int events(int i) {
        return SCRATCH.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT_SIZE);
    }

    static int data(int i) {
        return SCRATCH.get(ValueLayout.JAVA_INT_UNALIGNED, (long) i * EVENT_SIZE + 4);
    }

    private static int check(int result) {
        if (result < 0) {
            throw new AssertionError("errno " + -result);
        }
        return result;
    }

    private static int transfer(MethodHandle handle, int fd, int length, int flags) {
        return call(handle, fd, SCRATCH, (long) length, flags);
    }

    private static int call(MethodHandle handle, Object... arguments) {
        try {
            var all = new Object[arguments.length + 1];
            all[0] = CAPTURED;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            long result = ((Number) handle.invokeWithArguments(all)).longValue();
            return result >= 0 ? (int) result : -CAPTURED.get(INT, ERRNO);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle function(String name, int ints) {
        return handle(name, INT, ints(ints));
    }

    private static MethodHandle withPointer(String name, int before, int after) {
        return handle(name, INT, concat(ints(before), ValueLayout.ADDRESS, ints(after)));
    }

    private static MethodHandle withTwoPointers(String name, int before) {
        return handle(name, INT, concat(concat(ints(before), ValueLayout.ADDRESS), ValueLayout.ADDRESS));
    }

    private static MethodHandle transfer(String name) {
        return handle(name, ValueLayout.JAVA_LONG, concat(ints(1), ValueLayout.ADDRESS, new MemoryLayout[] {
            ValueLayout.JAVA_LONG, INT
        }));
    }

    private static MethodHandle handle(String name, MemoryLayout result, MemoryLayout[] parameters) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(result, parameters),
                Linker.Option.captureCallState("errno"));
    }

    private static MemoryLayout[] ints(int count) {
        var layouts = new MemoryLayout[count];
        java.util.Arrays.fill(layouts, INT);
        return layouts;
    }

    private static MemoryLayout[] concat(MemoryLayout[] before, MemoryLayout one, MemoryLayout... after) {
        var all = new MemoryLayout[before.length + 1 + after.length];
        System.arraycopy(before, 0, all, 0, before.length);
        all[before.length] = one;
        System.arraycopy(after, 0, all, before.length + 1, after.length);
        return all;
    }
}
