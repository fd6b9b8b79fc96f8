package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine's device file, opened: what one core has of it. It remembers which receive queues it holds, in the order in which it was given them, by which
 * {@link Ps#RECV_CHUNK_IFIDX} names them. For one thread at a time; to be closed.
 */
final class Handle implements AutoCloseable {

    private record Attached(int ifindex, int queue) {}

    private final int fd;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = Libc.errnoMemory(arena);
    private final MemorySegment queueArgument = arena.allocate(Ps.QUEUE, 8);
    private final List<Attached> attached = new ArrayList<>();

    private Handle(int fd) {
        this.fd = fd;
    }

    static Handle open() throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.errnoMemory(arena);
            int fd = Libc.open(state, arena.allocateFrom(Ps.DEVICE).address(), Libc.O_RDWR | Libc.O_CLOEXEC);
            if (fd < 0) {
                throw new CallFailedException("open " + Ps.DEVICE, Libc.errno(state));
            }
            return new Handle(fd);
        }
    }

    int fd() {
        return fd;
    }

    /** What the engine answers, 0 or more. */
    int call(String name, int request, MemorySegment argument) throws CallFailedException {
        int answer = Libc.ioctl(state, fd, request, argument.address());
        if (answer < 0) {
            throw new CallFailedException(name, Libc.errno(state));
        }
        return answer;
    }

    /**
     * Takes a receive queue of a device from the kernel.
     *
     * @return its place in the order of those taken
     */
    int attach(int ifindex, int queue) throws CallFailedException {
        name(ifindex, queue);
        call("ATTACH_RX_DEVICE", Ps.ATTACH_RX_DEVICE, queueArgument);
        attached.add(new Attached(ifindex, queue));
        return attached.size() - 1;
    }

    /** Maps the memory of a chunk; it goes back when nobody can reach it any more. */
    @SuppressWarnings("restricted") // this module exists to call native code
    MemorySegment mapChunk() throws CallFailedException {
        long address = Libc.mmap(state, fd, Ps.BUFFER);
        if (address == Libc.MAP_FAILED) {
            throw new CallFailedException("mmap of " + Ps.DEVICE, Libc.errno(state));
        }
        return MemorySegment.ofAddress(address)
                .reinterpret(Ps.BUFFER, Arena.ofAuto(), memory -> Libc.munmap(memory.address(), Ps.BUFFER));
    }

    /** Gives the queues back to the kernel. Mapped memory would hold them otherwise, for as long as it lives. */
    @Override
    public void close() {
        for (Attached one : attached) {
            name(one.ifindex(), one.queue());
            int ignored = Libc.ioctl(state, fd, Ps.DETACH_RX_DEVICE, queueArgument.address());
        }
        attached.clear();
        Libc.close(fd);
    }

    private void name(int ifindex, int queue) {
        queueArgument.set(JAVA_INT, Ps.QUEUE_IFINDEX, ifindex);
        queueArgument.set(JAVA_INT, Ps.QUEUE_QIDX, queue);
    }
}
