package dev.jmtcp.driver.netmap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A file descriptor of {@link Netmap#DEVICE}, bound to rings of a port. For one thread at a time; to be closed. */
final class Descriptor implements AutoCloseable {

    private final int fd;
    private final Request.Answer answer;

    private Descriptor(int fd, Request.Answer answer) {
        this.fd = fd;
        this.answer = answer;
    }

    static Descriptor open(Request request) throws CallFailedException {
        int fd = openFile();
        boolean complete = false;
        try {
            var descriptor = new Descriptor(fd, request.send(fd));
            complete = true;
            return descriptor;
        } finally {
            if (!complete) {
                Libc.close(fd);
            }
        }
    }

    /** Opens the device, bound to nothing yet. */
    static int openFile() throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.errnoMemory(arena);
            int fd = Libc.open(state, arena.allocateFrom(Netmap.DEVICE).address(), Libc.O_RDWR | Libc.O_CLOEXEC);
            if (fd < 0) {
                throw new CallFailedException(Netmap.DEVICE, Libc.errno(state));
            }
            return fd;
        }
    }

    int fd() {
        return fd;
    }

    Request.Answer answer() {
        return answer;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
