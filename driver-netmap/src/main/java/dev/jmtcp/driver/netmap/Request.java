package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The request that binds a file descriptor to rings of a port: struct nmreq_header with struct nmreq_register, and struct nmreq for modules
 * that do not know them. Numbers are in this machine's byte order.
 *
 * <pre>
 *  nmreq_header     0 version   2 type   4 zero   8 name[64]   72 options   80 address of the body             88
 *  nmreq_register   0 offset   8 memory size   16 tx slots   20 rx slots   24 tx rings   26 rx rings
 *                   28 host tx rings   30 host rx rings   32 memory id   34 ring   36 mode   40 extra buffers   48 flags   56
 *  nmreq            0 name[16]   16 version   20 offset   24 memory size   28 tx slots   32 rx slots   36 tx rings
 *                   38 rx rings   40 ring   42 command   44, 46, 48 arguments   52 mode and flags              60
 * </pre>
 */
final class Request {

    static final int HEADER = 88;
    static final int VERSION = 0;
    static final int TYPE = 2;
    static final int NAME = 8;
    static final int NAME_LENGTH = 64;
    static final int OPTIONS = 72;
    static final int BODY = 80;

    static final int REGISTER = 56;
    static final int OFFSET = 0;
    static final int MEMORY_SIZE = 8;
    static final int TX_SLOTS = 16;
    static final int RX_SLOTS = 20;
    static final int TX_RINGS = 24;
    static final int RX_RINGS = 26;
    static final int RING = 34;
    static final int MODE = 36;
    static final int FLAGS = 48;

    static final int LEGACY = 60;
    static final int LEGACY_NAME_LENGTH = 16;
    static final int LEGACY_VERSION = 16;
    static final int LEGACY_OFFSET = 20;
    static final int LEGACY_MEMORY_SIZE = 24;
    static final int LEGACY_TX_SLOTS = 28;
    static final int LEGACY_RX_SLOTS = 32;
    static final int LEGACY_TX_RINGS = 36;
    static final int LEGACY_RX_RINGS = 38;
    static final int LEGACY_RING = 40;
    static final int LEGACY_FLAGS = 52;

    /**
     * What the module answers.
     *
     * @param offset where in its memory the description of what is bound begins: struct netmap_if
     * @param memorySize bytes of its memory
     * @param txRings the rings that the port has, not only those bound
     */
    record Answer(long offset, long memorySize, int txRings, int rxRings) {}

    private final PortName port;
    private final int mode;
    private final int ring;
    private final int slots;

    /**
     * @param ring which pair of rings, with {@link Netmap#REG_ONE_NIC}; else 0
     * @param slots how many slots rings made for this are to have; 0 for the module's own number
     */
    Request(PortName port, int mode, int ring, int slots) {
        this.port = port;
        this.mode = mode;
        this.ring = ring;
        this.slots = slots;
    }

    /** Binds the descriptor. */
    Answer send(int fd) throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.errnoMemory(arena);
            int errno = Errno.EINVAL;
            for (int version = Netmap.API; version <= Netmap.NEWEST_API && errno == Errno.EINVAL; version++) {
                MemorySegment body = arena.allocate(REGISTER, 8);
                MemorySegment header = header(arena, version, body);
                if (Libc.ioctl(state, fd, Netmap.NIOCCTRL, header.address()) == 0) {
                    return new Answer(
                            body.get(JAVA_LONG, OFFSET),
                            body.get(JAVA_LONG, MEMORY_SIZE),
                            Short.toUnsignedInt(body.get(JAVA_SHORT, TX_RINGS)),
                            Short.toUnsignedInt(body.get(JAVA_SHORT, RX_RINGS)));
                }
                errno = Libc.errno(state);
            }
            if (errno == Errno.EOPNOTSUPP || errno == Errno.ENOTTY) {
                return sendLegacy(fd, arena, state);
            }
            throw new CallFailedException("NIOCCTRL", errno);
        }
    }

    private MemorySegment header(Arena arena, int version, MemorySegment body) {
        body.set(JAVA_INT, TX_SLOTS, slots);
        body.set(JAVA_INT, RX_SLOTS, slots);
        body.set(JAVA_SHORT, RING, (short) ring);
        body.set(JAVA_INT, MODE, mode);
        body.set(JAVA_LONG, FLAGS, Netmap.EXCLUSIVE);
        MemorySegment header = arena.allocate(HEADER, 8);
        header.set(JAVA_SHORT, VERSION, (short) version);
        header.set(JAVA_SHORT, TYPE, (short) Netmap.REQ_REGISTER);
        name(header, NAME, port.request());
        header.set(JAVA_LONG, BODY, body.address());
        return header;
    }

    private Answer sendLegacy(int fd, Arena arena, MemorySegment state) throws CallFailedException {
        MemorySegment request = arena.allocate(LEGACY, 8);
        String name = port.request();
        int legacyMode = mode;
        int legacyRing = ring;
        int bracket = Math.max(name.lastIndexOf('{'), name.lastIndexOf('}'));
        if (bracket >= 0) {
            // The library used to take pipes' names apart: their names are numbers there.
            legacyMode = name.charAt(bracket) == '{' ? Netmap.REG_PIPE_MASTER : Netmap.REG_PIPE_SLAVE;
            legacyRing = pipeNumber(name.substring(bracket + 1));
            name = name.substring(0, bracket);
        }
        if (name.length() >= LEGACY_NAME_LENGTH) {
            throw new CallFailedException("NIOCREGIF", Errno.EINVAL);
        }
        name(request, 0, name);
        request.set(JAVA_INT, LEGACY_VERSION, Netmap.API);
        request.set(JAVA_INT, LEGACY_TX_SLOTS, slots);
        request.set(JAVA_INT, LEGACY_RX_SLOTS, slots);
        request.set(JAVA_SHORT, LEGACY_RING, (short) legacyRing);
        request.set(JAVA_INT, LEGACY_FLAGS, legacyMode | Netmap.EXCLUSIVE);
        if (Libc.ioctl(state, fd, Netmap.NIOCREGIF, request.address()) != 0) {
            throw new CallFailedException("NIOCREGIF", Libc.errno(state));
        }
        return new Answer(
                Integer.toUnsignedLong(request.get(JAVA_INT, LEGACY_OFFSET)),
                Integer.toUnsignedLong(request.get(JAVA_INT, LEGACY_MEMORY_SIZE)),
                Short.toUnsignedInt(request.get(JAVA_SHORT, LEGACY_TX_RINGS)),
                Short.toUnsignedInt(request.get(JAVA_SHORT, LEGACY_RX_RINGS)));
    }

    private static int pipeNumber(String id) throws CallFailedException {
        try {
            int number = Integer.parseInt(id);
            if (number >= 0 && number < 0x1000) {
                return number;
            }
        } catch (NumberFormatException _) {
            // falls through: such a module has no names for pipes
        }
        throw new CallFailedException("NIOCREGIF", Errno.EINVAL);
    }

    private static void name(MemorySegment request, long at, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        MemorySegment.copy(bytes, 0, request, JAVA_BYTE, at, bytes.length);
    }
}
