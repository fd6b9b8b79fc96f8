package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The sockets of XDP in this process, by their file descriptors and what these are links to. DPDK 22.11 leaves open those of devices that it has removed: it
 * miscounts who uses the memory below (xdp_umem_destroy is never called), and the kernel keeps the interface's queue taken, and writes to that memory. For any
 * thread.
 */
public final class XdpSockets {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int SOL_SOCKET = 1;
    private static final int SO_DOMAIN = 39;
    private static final int AF_XDP = 44;

    private static final MethodHandle GET_OPTION = Libc.function(
            "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE = Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final Map<Integer, String> sockets;

    private XdpSockets(Map<Integer, String> sockets) {
        this.sockets = sockets;
    }

    /** None. */
    public static XdpSockets none() {
        return new XdpSockets(Map.of());
    }

    /** Those that are open now. */
    public static XdpSockets open() {
        var open = new HashMap<Integer, String>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                String link = link(number);
                if (link.startsWith("socket:") && isXdp(number)) {
                    open.put(number, link);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new XdpSockets(open);
    }

    /** Those of these that others are not. */
    public XdpSockets without(XdpSockets others) {
        var rest = new HashMap<>(sockets);
        rest.entrySet().removeAll(others.sockets.entrySet());
        return new XdpSockets(rest);
    }

    /** Closes those that are still open. */
    public void close() {
        sockets.forEach((number, link) -> {
            if (link(number).equals(link)) {
                try {
                    int _ = (int) CLOSE.invokeExact((int) number);
                } catch (Throwable e) {
                    throw Native.unexpected(e);
                }
            }
        });
    }

    /** What a descriptor stands for; empty if it is not open. */
    private static String link(int descriptor) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                    .toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static boolean isXdp(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            long domain = arena.allocate(JAVA_INT).address();
            long length = arena.allocateFrom(JAVA_INT, Integer.BYTES).address();
            int result = (int) GET_OPTION.invokeExact(descriptor, SOL_SOCKET, SO_DOMAIN, domain, length);
            return result == 0 && Native.getInt(domain) == AF_XDP;
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
