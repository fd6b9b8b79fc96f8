package dev.jmtcp.core.socket;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reading and writing by another thread than the stack's. */
final class Transfers {

    /** The most bytes that are copied once more in one piece, where the stack's thread may not touch the caller's memory. */
    private static final int BOUNCE = 64 << 10;

    private Transfers() {}

    static long read(MtcpSocket socket, MemorySegment[] destinations, boolean peek) throws MtcpException {
        long size = 0;
        boolean reachable = true;
        for (MemorySegment destination : destinations) {
            if (destination.isReadOnly()) {
                throw new IllegalArgumentException("read-only memory");
            }
            size += destination.byteSize();
            reachable &= destination.isAccessibleBy(socket.context.owner());
        }
        if (reachable) {
            return socket.context.ship(new Read(socket, destinations, peek), socket.receiveTimeout());
        }
        var piece = MemorySegment.ofArray(new byte[(int) Math.min(BOUNCE, size)]);
        long total = socket.context.ship(new Read(socket, new MemorySegment[] {piece}, peek), socket.receiveTimeout());
        long at = 0;
        for (int i = 0; at < total; i++) {
            long n = Math.min(total - at, destinations[i].byteSize());
            MemorySegment.copy(piece, at, destinations[i], 0, n);
            at += n;
        }
        return total;
    }

    static long read(MtcpSocket socket, ByteBuffer[] buffers, int offset, int length) throws MtcpException {
        List<ByteBuffer> used = withRemaining(buffers, offset, length);
        long total = read(socket, used.stream().map(MemorySegment::ofBuffer).toArray(MemorySegment[]::new), false);
        advance(used, total);
        return total;
    }

    static long write(MtcpSocket socket, ByteBuffer[] buffers, int offset, int length) throws MtcpException {
        List<ByteBuffer> used = withRemaining(buffers, offset, length);
        long total = write(socket, used.stream().map(MemorySegment::ofBuffer).toArray(MemorySegment[]::new), false);
        advance(used, total);
        return total;
    }

    static long write(MtcpSocket socket, MemorySegment[] sources, boolean urgent) throws MtcpException {
        Context context = socket.context;
        for (MemorySegment source : sources) {
            if (!source.isAccessibleBy(context.owner())) {
                return bounce(socket, sources, urgent);
            }
        }
        return context.ship(new Write(socket, sources, urgent), socket.sendTimeout());
    }

    /** Writes what the stack's thread cannot reach, piece by piece. */
    private static long bounce(MtcpSocket socket, MemorySegment[] sources, boolean urgent) throws MtcpException {
        var piece = MemorySegment.ofArray(new byte[BOUNCE]);
        long total = 0;
        for (MemorySegment source : sources) {
            for (long at = 0; at < source.byteSize(); ) {
                long n = Math.min(BOUNCE, source.byteSize() - at);
                MemorySegment.copy(source, at, piece, 0, n);
                long taken;
                try {
                    taken = socket.context.ship(
                            new Write(socket, new MemorySegment[] {piece.asSlice(0, n)}, urgent), socket.sendTimeout());
                } catch (MtcpException e) {
                    return keep(socket, total, e);
                }
                total += taken;
                at += taken;
                if (taken < n) {
                    return total;
                }
            }
        }
        return total;
    }

    private static long keep(MtcpSocket socket, long total, MtcpException e) throws MtcpException {
        return socket.context.ask(() -> Streams.partial(socket, total, e));
    }

    private static List<ByteBuffer> withRemaining(ByteBuffer[] buffers, int offset, int length) {
        var used = new ArrayList<ByteBuffer>();
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                used.add(buffers[i]);
            }
        }
        return used;
    }

    private static void advance(List<ByteBuffer> buffers, long bytes) {
        long left = bytes;
        for (ByteBuffer buffer : buffers) {
            if (left <= 0) {
                return;
            }
            int n = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + n);
            left -= n;
        }
    }

    /** The result is that of {@link Streams#read}. */
    private static final class Read extends Call {
        private final MtcpSocket socket;
        private final MemorySegment[] destinations;
        private final boolean peek;

        Read(MtcpSocket socket, MemorySegment[] destinations, boolean peek) {
            super(socket);
            this.socket = socket;
            this.destinations = destinations;
            this.peek = peek;
        }

        @Override
        long attempt() throws MtcpException {
            long total = 0;
            for (MemorySegment destination : destinations) {
                if (total > 0 && Streams.available(socket) == 0) {
                    return total;
                }
                int wanted = (int) Math.min(Integer.MAX_VALUE, destination.byteSize());
                long n = Streams.read(socket, destination, 0, wanted, peek);
                if (n <= 0) {
                    return n;
                }
                total += n;
                if (n < destination.byteSize()) {
                    return total;
                }
            }
            return total;
        }
    }

    /** The result is the number of bytes taken. */
    private static final class Write extends Call {
        private final MtcpSocket socket;
        private final MemorySegment[] sources;
        private final boolean urgent;
        private int current;
        private long offset;
        private long total;

        Write(MtcpSocket socket, MemorySegment[] sources, boolean urgent) {
            super(socket);
            this.socket = socket;
            this.sources = sources;
            this.urgent = urgent;
        }

        @Override
        long attempt() throws MtcpException {
            long result = writeOn();
            if (urgent && result > 0) {
                Streams.markUrgent(socket);
            }
            return result;
        }

        private long writeOn() throws MtcpException {
            try {
                while (current < sources.length) {
                    if (total > 0 && socket.pendingError != null) {
                        return total;
                    }
                    MemorySegment source = sources[current];
                    int wanted = (int) Math.min(Integer.MAX_VALUE, source.byteSize() - offset);
                    long n = Streams.write(socket, source, offset, wanted);
                    if (n == WAIT) {
                        return WAIT;
                    }
                    total += n;
                    offset += n;
                    if (offset == source.byteSize()) {
                        current++;
                        offset = 0;
                    } else if (socket.nonBlocking) {
                        return total;
                    }
                }
                return total;
            } catch (MtcpException e) {
                return Streams.partial(socket, total, e);
            }
        }

        @Override
        long expired() {
            return total;
        }

        @Override
        long interrupted() throws MtcpException {
            return total > 0 ? total : super.interrupted();
        }
    }
}
