package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/**
 * A network interface of the kernel, in the network namespace of the calling thread, whether it has addresses or not. Static, for any thread. Layout of struct ifreq:
 *
 * <pre>
 *  0           16       40
 *  +-----------+--------+
 *  | ifr_name  | value  |
 *  +-----------+--------+
 * </pre>
 */
public final class KernelInterface {

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SIOCGIFMTU = 0x8921;
    private static final int IFREQ = 40;
    private static final int VALUE = 16;

    private static final MethodHandle NAME =
            Libc.function("if_indextoname", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle SOCKET =
            Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CONTROL =
            Libc.function("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE = Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private KernelInterface() {}

    /** The MTU of the interface with an index; empty if there is none. */
    public static OptionalInt mtu(int index) {
        try (Arena arena = Arena.ofConfined()) {
            long request = arena.allocate(IFREQ, Long.BYTES).address();
            if ((long) NAME.invokeExact(index, request) == 0) {
                return OptionalInt.empty();
            }
            int socket = (int) SOCKET.invokeExact(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            if (socket < 0) {
                return OptionalInt.empty();
            }
            int result = (int) CONTROL.invokeExact(socket, (long) SIOCGIFMTU, request);
            int _ = (int) CLOSE.invokeExact(socket);
            return result < 0 ? OptionalInt.empty() : OptionalInt.of(Native.getInt(request + VALUE));
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
