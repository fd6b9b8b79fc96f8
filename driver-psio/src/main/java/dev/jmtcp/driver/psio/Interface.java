package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * What the kernel knows of network interfaces, by their names: calls of ioctl() with a struct ifreq of linux/if.h. For one thread at a time; to be closed.
 *
 * <pre>
 *  0          16                                  40
 *  +----------+-----------------------------------+
 *  | name     | flags, MTU, …                     |
 *  +----------+-----------------------------------+
 * </pre>
 */
final class Interface implements AutoCloseable {

    static final int IFREQ = 40;
    static final int NAME_LENGTH = 16;
    static final int VALUE = 16;

    static final long SIOCGIFFLAGS = 0x8913;
    static final long SIOCGIFMTU = 0x8921;

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

    int mtu(String name) throws CallFailedException {
        ask("SIOCGIFMTU", SIOCGIFMTU, name);
        return request.get(JAVA_INT, VALUE);
    }

    /** Whether it is set up and has a link. */
    boolean isUp(String name) {
        try {
            ask("SIOCGIFFLAGS", SIOCGIFFLAGS, name);
            int needed = IFF_UP | IFF_RUNNING;
            return (request.get(JAVA_SHORT, VALUE) & needed) == needed;
        } catch (CallFailedException _) {
            return false; // there is no such interface any more
        }
    }

    private void ask(String call, long number, String name) throws CallFailedException {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        request.fill((byte) 0);
        MemorySegment.copy(text, 0, request, JAVA_BYTE, 0, Math.min(text.length, NAME_LENGTH - 1));
        if (Libc.ioctl(state, socket, number, request.address()) != 0) {
            throw new CallFailedException(call + " of " + name, Libc.errno(state));
        }
    }

    @Override
    public void close() {
        Libc.close(socket);
    }
}
