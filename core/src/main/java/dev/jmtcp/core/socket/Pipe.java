package dev.jmtcp.core.socket;

import java.lang.foreign.MemorySegment;

/**
 * A pipe of {@value #CAPACITY} bytes within a context: mTCP's mtcp_pipe. What is written to the {@link #sink()} can be read from the {@link #source()};
 * an {@link Epoll} can watch both. As POSIX has it, a write of at most {@value #ATOMIC} bytes is never split.
 */
public final class Pipe {

    /** The bytes that a pipe holds; as mTCP's. */
    public static final int CAPACITY = 10_240;

    /** The longest write that is never split: PIPE_BUF of Linux. */
    public static final int ATOMIC = 4096;

    private final PipeEnd source;
    private final PipeEnd sink;

    // On the stack's thread.
    private final MemorySegment ring = MemorySegment.ofArray(new byte[CAPACITY]);
    private int start;
    private int size;

    Pipe(Context context) {
        source = new PipeEnd(context, this, false);
        sink = new PipeEnd(context, this, true);
    }

    /** The end to read from. */
    public PipeEnd source() {
        return source;
    }

    /** The end to write to. */
    public PipeEnd sink() {
        return sink;
    }

    /** The number of bytes, −1 at the end, 0 if there is nothing and the end does not block. */
    long read(PipeEnd end, MemorySegment destination, long offset, int length) throws MtcpException {
        end.check(false);
        if (length == 0) {
            return 0;
        }
        if (size == 0) {
            return sink.isOpenHere() ? source.whenNothing() : -1;
        }
        int n = Math.min(length, size);
        int first = Math.min(n, CAPACITY - start);
        MemorySegment.copy(ring, start, destination, offset, first);
        MemorySegment.copy(ring, 0, destination, offset + first, n - first);
        start = (start + n) % CAPACITY;
        size -= n;
        sink.changed(EpollEvent.WRITE);
        return n;
    }

    /** The number of bytes taken, above 0 unless there is no room and the end does not block. */
    long write(PipeEnd end, MemorySegment data, long offset, int length) throws MtcpException {
        end.check(true);
        if (!source.isOpenHere()) {
            throw new MtcpException(Errno.EPIPE);
        }
        if (length == 0) {
            return 0;
        }
        int room = CAPACITY - size;
        if (room == 0 || (length <= ATOMIC && room < length)) {
            return sink.whenNothing();
        }
        int n = Math.min(length, room);
        int to = (start + size) % CAPACITY;
        int first = Math.min(n, CAPACITY - to);
        MemorySegment.copy(data, offset, ring, to, first);
        MemorySegment.copy(data, offset + first, ring, 0, n - first);
        size += n;
        source.changed(EpollEvent.READ);
        return n;
    }

    int readiness(PipeEnd end) {
        if (end == sink) {
            int room = CAPACITY - size >= ATOMIC ? EpollEvent.WRITE : 0;
            return source.isOpenHere() ? room : EpollEvent.WRITE | EpollEvent.ERR;
        }
        int data = size > 0 ? EpollEvent.READ : 0;
        return sink.isOpenHere() ? data : data | EpollEvent.HUP;
    }

    /** The other end has been closed. */
    void closed(PipeEnd end) {
        if (end == sink) {
            source.changed(EpollEvent.READ | EpollEvent.HUP);
        } else {
            sink.changed(EpollEvent.WRITE | EpollEvent.ERR);
        }
    }

    int available() {
        return size;
    }

    @Override
    public String toString() {
        return "pipe of " + source.context();
    }
}
