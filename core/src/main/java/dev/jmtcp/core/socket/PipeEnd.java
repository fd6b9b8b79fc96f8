package dev.jmtcp.core.socket;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

/** One end of a {@link Pipe}. All methods may be called from any thread. It blocks unless {@link #blocking(boolean)} says otherwise. */
public final class PipeEnd extends Pollable implements AutoCloseable {

    private final Pipe pipe;
    private final boolean writes;

    // On the stack's thread.
    private boolean nonBlocking;
    private boolean closed;

    PipeEnd(Context context, Pipe pipe, boolean writes) {
        super(context);
        this.pipe = pipe;
        this.writes = writes;
    }

    /**
     * Reads into the rest of a buffer; waits for the first byte if this blocks.
     *
     * @return the number of bytes; −1 if the pipe is empty and the sink closed; 0 if nothing is there and this does not block: EAGAIN
     * @throws MtcpException EBADF if this is the sink or closed, EINTR
     */
    public int read(ByteBuffer destination) throws MtcpException {
        if (destination.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        int n = transfer(destination, false);
        if (n > 0) {
            destination.position(destination.position() + n);
        }
        return n;
    }

    /**
     * Writes the rest of a buffer: all of it if this blocks, otherwise what there is room for.
     *
     * @return the number of bytes taken; 0 if there is no room, or not enough for a write of at most {@link Pipe#ATOMIC} bytes: EAGAIN
     * @throws MtcpException EPIPE if the source is closed, EBADF if this is the source or closed, EINTR
     */
    public int write(ByteBuffer source) throws MtcpException {
        int n = transfer(source, true);
        source.position(source.position() + n);
        return n;
    }

    /** Whether calls wait; those of a new end do. */
    public void blocking(boolean blocking) throws MtcpException {
        context.run(() -> {
            check(writes);
            nonBlocking = !blocking;
        });
    }

    /** The bytes that can be read now: FIONREAD. */
    public int available() throws MtcpException {
        return context.ask(() -> {
            check(writes);
            return pipe.available();
        });
    }

    /** Closes this end. The source still reads what the sink has written. A second close does nothing. */
    @Override
    public void close() throws MtcpException {
        if (context.isOwner() || !context.mailbox.isClosed()) {
            context.run(this::closeHere);
        }
    }

    private void closeHere() {
        if (!closed) {
            closed = true;
            deregisterAll();
            retry();
            pipe.closed(this);
        }
    }

    private int transfer(ByteBuffer buffer, boolean write) throws MtcpException {
        if (!context.isOwner()) {
            MemorySegment memory = MemorySegment.ofBuffer(buffer);
            if (memory.isAccessibleBy(context.owner())) {
                return (int) context.ship(new Transfer(this, memory, write), Call.FOREVER);
            }
            // Memory of a confined arena: once more.
            var copy = MemorySegment.ofArray(new byte[buffer.remaining()]);
            if (write) {
                copy.copyFrom(memory);
            }
            long n = context.ship(new Transfer(this, copy, write), Call.FOREVER);
            if (!write && n > 0) {
                MemorySegment.copy(copy, 0, memory, 0, n);
            }
            return (int) n;
        }
        MemorySegment memory = context.views.of(buffer);
        int offset = Views.offset(buffer);
        int length = buffer.remaining();
        int total = 0;
        try {
            while (true) {
                long n = step(memory, offset + total, length - total, write);
                if (n == Call.WAIT) {
                    context.turn(Call.FOREVER, false);
                } else if (!write || nonBlocking || total + n == length) {
                    return (int) (total + n);
                } else {
                    total += (int) n;
                }
            }
        } catch (MtcpException e) {
            if (total == 0) {
                throw e;
            }
            return total;
        }
    }

    private long step(MemorySegment memory, long offset, int length, boolean write) throws MtcpException {
        return write ? pipe.write(this, memory, offset, length) : pipe.read(this, memory, offset, length);
    }

    void check(boolean write) throws MtcpException {
        context.checkOpen();
        if (closed || write != writes) {
            throw new MtcpException(Errno.EBADF);
        }
    }

    long whenNothing() {
        return nonBlocking ? 0 : Call.WAIT;
    }

    @Override
    boolean isOpenHere() {
        return !closed;
    }

    @Override
    int readiness() {
        return pipe.readiness(this);
    }

    @Override
    public String toString() {
        return (writes ? "sink of " : "source of ") + pipe;
    }

    /** A read or write of another thread. */
    private static final class Transfer extends Call {
        private final PipeEnd end;
        private final MemorySegment memory;
        private final boolean write;
        private long total;

        Transfer(PipeEnd end, MemorySegment memory, boolean write) {
            super(end);
            this.end = end;
            this.memory = memory;
            this.write = write;
        }

        @Override
        long attempt() throws MtcpException {
            try {
                while (true) {
                    long n = end.step(memory, total, (int) (memory.byteSize() - total), write);
                    if (n == WAIT) {
                        return WAIT;
                    }
                    if (!write || end.nonBlocking || total + n == memory.byteSize()) {
                        return total + n;
                    }
                    total += n;
                }
            } catch (MtcpException e) {
                if (total == 0) {
                    throw e;
                }
                return total;
            }
        }

        @Override
        long interrupted() throws MtcpException {
            return total > 0 ? total : super.interrupted();
        }
    }
}
