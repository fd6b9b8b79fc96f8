package dev.jmtcp.driver.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.jmtcp.spi.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A network interface as the kernel shows it to programs that configure it: calls of ioctl() with a struct ifreq of linux/if.h, by the interface's name.
 * For one thread at a time; to be closed.
 *
 * <pre>
 *  0          16                                  40
 *  +----------+-----------------------------------+
 *  | name     | address, flags, MTU, …            |
 *  +----------+-----------------------------------+
 *
 *  an IPv4 address:      16 family   18 port   20 address
 *  a hardware address:   16 family   18 address
 * </pre>
 */
final class Interface implements AutoCloseable {

    static final int IFREQ = 40;
    static final int NAME_LENGTH = 16;
    static final int VALUE = 16;
    static final int IPV4_ADDRESS = 20;
    static final int HARDWARE_ADDRESS = 18;

    static final long SIOCGIFFLAGS = 0x8913;
    static final long SIOCSIFFLAGS = 0x8914;
    static final long SIOCGIFADDR = 0x8915;
    static final long SIOCSIFADDR = 0x8916;
    static final long SIOCGIFNETMASK = 0x891b;
    static final long SIOCSIFNETMASK = 0x891c;
    static final long SIOCGIFMTU = 0x8921;
    static final long SIOCSIFMTU = 0x8922;
    static final long SIOCSIFHWADDR = 0x8924;
    static final long SIOCGIFHWADDR = 0x8927;
    static final long SIOCGIFINDEX = 0x8933;
    static final long SIOCGIFTXQLEN = 0x8942;
    static final long SIOCSIFTXQLEN = 0x8943;

    static final int IFF_UP = 1;
    static final int IFF_RUNNING = 0x40;
    static final int ARPHRD_ETHER = 1;

    private static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

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

    /** Writes the name of an interface into a request, and zeroes after it. */
    static void name(MemorySegment request, String name) {
        request.fill((byte) 0);
        MemorySegment.copy(name.getBytes(StandardCharsets.US_ASCII), 0, request, JAVA_BYTE, 0, name.length());
    }

    boolean exists(String name) throws CallFailedException {
        name(request, name);
        if (Libc.ioctl(state, socket, SIOCGIFINDEX, request.address()) == 0) {
            return true;
        }
        if (Libc.errno(state) == Errno.ENODEV) {
            return false;
        }
        throw new CallFailedException("SIOCGIFINDEX", Libc.errno(state));
    }

    int flags(String name) throws CallFailedException {
        ask("SIOCGIFFLAGS", SIOCGIFFLAGS, name);
        return request.get(JAVA_SHORT, VALUE);
    }

    void setFlags(String name, int flags) throws CallFailedException {
        name(request, name);
        request.set(JAVA_SHORT, VALUE, (short) flags);
        call("SIOCSIFFLAGS", SIOCSIFFLAGS);
    }

    int mtu(String name) throws CallFailedException {
        ask("SIOCGIFMTU", SIOCGIFMTU, name);
        return request.get(JAVA_INT, VALUE);
    }

    void setMtu(String name, int mtu) throws CallFailedException {
        name(request, name);
        request.set(JAVA_INT, VALUE, mtu);
        call("SIOCSIFMTU", SIOCSIFMTU);
    }

    int queueLength(String name) throws CallFailedException {
        ask("SIOCGIFTXQLEN", SIOCGIFTXQLEN, name);
        return request.get(JAVA_INT, VALUE);
    }

    void setQueueLength(String name, int frames) throws CallFailedException {
        name(request, name);
        request.set(JAVA_INT, VALUE, frames);
        call("SIOCSIFTXQLEN", SIOCSIFTXQLEN);
    }

    MacAddress mac(String name) throws CallFailedException {
        ask("SIOCGIFHWADDR", SIOCGIFHWADDR, name);
        long bits = 0;
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | request.get(JAVA_BYTE, HARDWARE_ADDRESS + i) & 0xff;
        }
        return new MacAddress(bits);
    }

    void setMac(String name, MacAddress mac) throws CallFailedException {
        name(request, name);
        request.set(JAVA_SHORT, VALUE, (short) ARPHRD_ETHER);
        for (int i = 0; i < 6; i++) {
            request.set(JAVA_BYTE, HARDWARE_ADDRESS + i, (byte) (mac.bits() >>> 40 - 8 * i));
        }
        call("SIOCSIFHWADDR", SIOCSIFHWADDR);
    }

    /** Whether this is the interface's first address. */
    boolean hasAddress(String name, KernelAddress address) throws CallFailedException {
        name(request, name);
        if (Libc.ioctl(state, socket, SIOCGIFADDR, request.address()) != 0) {
            if (Libc.errno(state) == Errno.EADDRNOTAVAIL) {
                return false;
            }
            throw new CallFailedException("SIOCGIFADDR", Libc.errno(state));
        }
        if (request.get(NETWORK_INT, IPV4_ADDRESS) != address.bits()) {
            return false;
        }
        ask("SIOCGIFNETMASK", SIOCGIFNETMASK, name);
        return request.get(NETWORK_INT, IPV4_ADDRESS) == address.netmask();
    }

    /** Sets the interface's first address. */
    void setAddress(String name, KernelAddress address) throws CallFailedException {
        setAddress("SIOCSIFADDR", SIOCSIFADDR, name, address.bits());
        setAddress("SIOCSIFNETMASK", SIOCSIFNETMASK, name, address.netmask());
    }

    private void setAddress(String call, long number, String name, int bits) throws CallFailedException {
        name(request, name);
        request.set(JAVA_SHORT, VALUE, (short) Libc.AF_INET);
        request.set(NETWORK_INT, IPV4_ADDRESS, bits);
        call(call, number);
    }

    private void ask(String call, long number, String name) throws CallFailedException {
        name(request, name);
        call(call, number);
    }

    private void call(String call, long number) throws CallFailedException {
        if (Libc.ioctl(state, socket, number, request.address()) != 0) {
            throw new CallFailedException(call, Libc.errno(state));
        }
    }

    @Override
    public void close() {
        Libc.close(socket);
    }
}
