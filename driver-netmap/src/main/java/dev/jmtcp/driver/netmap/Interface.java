package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.jmtcp.spi.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Network interfaces as the kernel describes them: calls of ioctl() with a struct ifreq of linux/if.h, by the interface's name. For any thread; to be closed.
 *
 * <pre>
 *  0          16                                  40
 *  +----------+-----------------------------------+
 *  | name     | index, flags, MTU, pointer, …     |
 *  +----------+-----------------------------------+
 *
 *  a hardware address:   16 family   18 address
 * </pre>
 */
final class Interface implements AutoCloseable {

    static final int IFREQ = 40;
    static final int NAME_LENGTH = 16;
    static final int VALUE = 16;
    static final int HARDWARE_ADDRESS = 18;

    static final long SIOCGIFFLAGS = 0x8913;
    static final long SIOCGIFMTU = 0x8921;
    static final long SIOCGIFHWADDR = 0x8927;
    static final long SIOCGIFINDEX = 0x8933;
    static final long SIOCETHTOOL = 0x8946;

    static final int NONE = -1;

    static final int IFF_UP = 1;
    static final int IFF_RUNNING = 0x40;

    private final MemorySegment request;
    private final MemorySegment state;
    private final int socket;

    Interface() throws CallFailedException {
        var arena = Arena.ofAuto();
        request = arena.allocate(IFREQ, 8);
        state = Libc.errnoMemory(arena);
        socket = Libc.socket(state, Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC);
        if (socket < 0) {
            throw new CallFailedException("socket", Libc.errno(state));
        }
    }

    /** The number of an interface, which another one of the same name has not; {@link #NONE} if there is none. */
    synchronized int index(String name) throws CallFailedException {
        name(name);
        if (Libc.ioctl(state, socket, SIOCGIFINDEX, request.address()) == 0) {
            return request.get(JAVA_INT, VALUE);
        }
        if (Libc.errno(state) == Errno.ENODEV) {
            return NONE;
        }
        throw new CallFailedException("SIOCGIFINDEX", Libc.errno(state));
    }

    synchronized int flags(String name) throws CallFailedException {
        name(name);
        call("SIOCGIFFLAGS", SIOCGIFFLAGS);
        return request.get(JAVA_SHORT, VALUE);
    }

    synchronized int mtu(String name) throws CallFailedException {
        name(name);
        call("SIOCGIFMTU", SIOCGIFMTU);
        return request.get(JAVA_INT, VALUE);
    }

    synchronized MacAddress mac(String name) throws CallFailedException {
        name(name);
        call("SIOCGIFHWADDR", SIOCGIFHWADDR);
        long bits = 0;
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | request.get(JAVA_BYTE, HARDWARE_ADDRESS + i) & 0xff;
        }
        return new MacAddress(bits);
    }

    /** Passes a command of linux/ethtool.h, which also takes the answer. */
    synchronized void ethtool(String name, MemorySegment command) throws CallFailedException {
        name(name);
        request.set(JAVA_LONG, VALUE, command.address());
        call("SIOCETHTOOL", SIOCETHTOOL);
    }

    private void name(String name) {
        request.fill((byte) 0);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(bytes, 0, request, JAVA_BYTE, 0, Math.min(bytes.length, NAME_LENGTH - 1));
    }

    private void call(String call, long number) throws CallFailedException {
        if (Libc.ioctl(state, socket, number, request.address()) != 0) {
            throw new CallFailedException(call, Libc.errno(state));
        }
    }

    @Override
    public synchronized void close() {
        Libc.close(socket);
    }
}
