package dev.jmtcp.core.socket;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket like POSIX's: {@link #bind}, {@link #listen} and {@link #accept}, or {@link #connect}; then {@link #read} and {@link #write}; and
 * {@link #close}. It blocks unless {@link #blocking(boolean)} says otherwise.
 *
 * <p>All methods may be called from any thread; on the owner's of its {@link Context} they are plain calls, which allocate nothing once warm in reading,
 * writing, {@link #accept(MtcpSocket)} and {@link #reopen}. What would block fails with EDEADLK in a handler on the owner's thread.
 *
 * <p>The memory given to a call is used until it returns, and never after. Where another thread than the owner gives memory of a confined arena, it
 * is copied once more.
 *
 * <p>A closed socket stays closed: every call fails with EBADF. Only {@link #reopen} and {@link #accept(MtcpSocket)} bring the object back to life, and
 * only where the application asks for it by name; nobody else ever gets to see it again.
 */
public final class MtcpSocket extends SocketState implements AutoCloseable {

    /** What becomes of a direction by {@link #shutdown}. */
    public enum Direction {
        READ,
        WRITE,
        BOTH
    }

    MtcpSocket(Context context) {
        super(context);
    }

    // ---- Opening

    /**
     * Chooses the local address: mTCP's mtcp_bind.
     *
     * @param local port 0 for any that is free; the wildcard address for all of the stack's
     * @throws MtcpException EINVAL if it is bound, connected or listening already; EADDRINUSE if a socket of this context is bound to the same port at an
     *     overlapping address; EADDRNOTAVAIL if the address is not the stack's
     */
    public void bind(InetSocketAddress local) throws MtcpException {
        context.run(() -> Opening.bind(this, local));
    }

    /**
     * Listens; on a free port if the socket is not bound.
     *
     * @param backlog the most connections that wait to be accepted, at least 1
     * @throws MtcpException EINVAL if the backlog is not positive or the socket listens already, EISCONN if it is connected, EADDRINUSE
     */
    public void listen(int backlog) throws MtcpException {
        context.run(() -> Opening.listen(this, backlog));
    }

    /**
     * The next connection; waits for it if the socket blocks.
     *
     * @return null if there is none and the socket does not block, or the time of SO_RCVTIMEO is up: EAGAIN
     * @throws MtcpException EINVAL if it does not listen, EINTR
     */
    public @Nullable MtcpSocket accept() throws MtcpException {
        var accepted = new MtcpSocket(context);
        accepted.kind = Kind.CLOSED;
        return accept(accepted) ? accepted : null;
    }

    /**
     * As {@link #accept()}, with a closed socket to be used for the connection, which it then is as if new. Allocates nothing.
     *
     * @param closed a closed socket of this context that nobody else uses
     * @return false where {@link #accept()} returns null; the socket stays closed
     * @throws MtcpException also EINVAL if the socket given is not closed, or of another context
     */
    public boolean accept(MtcpSocket closed) throws MtcpException {
        if (!context.isOwner()) {
            return context.ship(new StreamCalls.Accept(this, closed), receiveTimeout()) == 1;
        }
        long result = Opening.accept(this, closed);
        if (result == Call.WAIT) {
            long until = context.deadline(receiveTimeout());
            do {
                if (!context.turn(until, true)) {
                    return false;
                }
                result = Opening.accept(this, closed);
            } while (result == Call.WAIT);
        }
        return result == 1;
    }

    /**
     * Connects; waits until that is done if the socket blocks.
     *
     * @return whether the connection stands; if not, the socket does not block, or the time of SO_SNDTIMEO is up, and the attempt goes on: EINPROGRESS. Its
     *     end is told by {@link EpollEvent#OUT} and {@link #finishConnect()}
     * @throws MtcpException EISCONN, EALREADY, or why there is no connection: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH (no route), EADDRNOTAVAIL
     *     (no local port is free), EADDRINUSE, ENOMEM, EINVAL (bound to a port whose segments arrive on another core, or an impossible
     *     address), EINTR (the attempt goes on)
     */
    public boolean connect(InetSocketAddress remote) throws MtcpException {
        if (!context.isOwner()) {
            return context.ship(new StreamCalls.Connect(this, remote), sendTimeout()) == 1;
        }
        Opening.connect(this, remote);
        return awaitConnect();
    }

    /**
     * The end of an attempt to connect that is under way; waits for it if the socket blocks.
     *
     * @return whether the connection stands; if not, the attempt goes on
     * @throws MtcpException why there is no connection; ENOTCONN if there was no attempt
     */
    public boolean finishConnect() throws MtcpException {
        if (!context.isOwner()) {
            return context.ship(new StreamCalls.Connect(this, null), sendTimeout()) == 1;
        }
        return awaitConnect();
    }

    /**
     * Makes a closed socket as if new, so that the object can be used again. Only for who knows that nobody else uses it any more.
     *
     * @throws MtcpException EINVAL if it is not closed
     */
    public void reopen() throws MtcpException {
        if (context.isOwner()) {
            Opening.reopen(this);
        } else {
            context.run(() -> Opening.reopen(this));
        }
    }

    // ---- Reading

    /**
     * Reads what has arrived, at most {@code length} bytes; waits for the first byte if the socket blocks.
     *
     * @param offset in the segment, in bytes
     * @return the number of bytes; −1 at the end of the stream; 0 if nothing is there and the socket does not block, or the time of SO_RCVTIMEO is up:
     *     EAGAIN
     * @throws MtcpException ENOTCONN; ECONNRESET, ETIMEDOUT and others if the connection has broken, once; EINTR
     */
    public int read(MemorySegment destination, long offset, int length) throws MtcpException {
        Objects.checkFromIndexSize(offset, length, destination.byteSize());
        if (!context.isOwner()) {
            return (int) Transfers.read(this, new MemorySegment[] {destination.asSlice(offset, length)}, false);
        }
        return readHere(destination, offset, length, false);
    }

    /** As {@link #read(MemorySegment, long, int)}, into an array. */
    public int read(byte[] destination, int offset, int length) throws MtcpException {
        Objects.checkFromIndexSize(offset, length, destination.length);
        if (!context.isOwner()) {
            return read(MemorySegment.ofArray(destination), offset, length);
        }
        return readHere(context.views.of(destination), offset, length, false);
    }

    /** As {@link #read(MemorySegment, long, int)}, into the rest of a buffer, whose position moves on. */
    public int read(ByteBuffer destination) throws MtcpException {
        return read(destination, false);
    }

    /**
     * As {@link #read(MemorySegment, long, int)}, into the rest of several buffers, one after the other: mTCP's mtcp_readv.
     *
     * @return the number of bytes in all; −1 and 0 as there
     */
    public long read(ByteBuffer[] destinations, int offset, int length) throws MtcpException {
        Objects.checkFromIndexSize(offset, length, destinations.length);
        if (!context.isOwner()) {
            return Transfers.read(this, destinations, offset, length);
        }
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            ByteBuffer buffer = destinations[i];
            if (!buffer.hasRemaining()) {
                continue;
            }
            if (total > 0 && Streams.available(this) == 0) {
                break;
            }
            int wanted = buffer.remaining();
            int n = read(buffer);
            if (n <= 0) {
                return n;
            }
            total += n;
            if (n < wanted) {
                break;
            }
        }
        return total;
    }

    /** As {@link #read(MemorySegment, long, int)}, but what is read stays to be read: MSG_PEEK. */
    public int peek(MemorySegment destination, long offset, int length) throws MtcpException {
        Objects.checkFromIndexSize(offset, length, destination.byteSize());
        if (!context.isOwner()) {
            return (int) Transfers.read(this, new MemorySegment[] {destination.asSlice(offset, length)}, true);
        }
        return readHere(destination, offset, length, true);
    }

    /** As {@link #read(ByteBuffer)}, but what is read stays to be read: MSG_PEEK. */
    public int peek(ByteBuffer destination) throws MtcpException {
        return read(destination, true);
    }

    private int read(ByteBuffer destination, boolean peek) throws MtcpException {
        if (destination.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        int n = context.isOwner()
                ? readHere(context.views.of(destination), Views.offset(destination), destination.remaining(), peek)
                : (int) Transfers.read(this, new MemorySegment[] {MemorySegment.ofBuffer(destination)}, peek);
        if (n > 0) {
            destination.position(destination.position() + n);
        }
        return n;
    }

    /** The bytes that can be read now: FIONREAD. */
    public int available() throws MtcpException {
        return context.isOwner() ? Streams.available(this) : context.ask(() -> Streams.available(this));
    }

    /** The bytes that the send buffer has room for now. */
    public int room() throws MtcpException {
        return context.isOwner() ? Streams.room(this) : context.ask(() -> Streams.room(this));
    }

    /**
     * How many bytes ahead the urgent data ends that the peer has announced; 0 if there is none ahead. Urgent data stays in line (RFC 6093), and its last
     * byte is the urgent one. A read stops before that byte: there this is 1, and SIOCATMARK true.
     */
    public int urgentAhead() throws MtcpException {
        return context.isOwner() ? Streams.urgentAhead(this) : context.ask(() -> Streams.urgentAhead(this));
    }

    // ---- Writing

    /**
     * Hands over data to be sent: all of it if the socket blocks, however long that takes; otherwise what the send buffer has room for.
     *
     * @param offset in the segment, in bytes
     * @return the number of bytes taken; less than {@code length} if the socket does not block, or the time of SO_SNDTIMEO is up, or the call was
     *     interrupted or the connection broke after some were taken. 0: EAGAIN
     * @throws MtcpException ENOTCONN; EPIPE if this side is closed; ECONNRESET, ETIMEDOUT and others if the connection has broken, once; ENOMEM if the
     *     socket does not block and the stack's buffers are used up: an epoll tells of OUT when there are some again; EINTR
     */
    public int write(MemorySegment source, long offset, int length) throws MtcpException {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        if (!context.isOwner()) {
            return (int) Transfers.write(this, new MemorySegment[] {source.asSlice(offset, length)}, false);
        }
        return writeHere(source, offset, length);
    }

    /** As {@link #write(MemorySegment, long, int)}, from an array. */
    public int write(byte[] source, int offset, int length) throws MtcpException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (!context.isOwner()) {
            return write(MemorySegment.ofArray(source), offset, length);
        }
        return writeHere(context.views.of(source), offset, length);
    }

    /** As {@link #write(MemorySegment, long, int)}, from the rest of a buffer, whose position moves on. */
    public int write(ByteBuffer source) throws MtcpException {
        int n = context.isOwner()
                ? writeHere(context.views.of(source), Views.offset(source), source.remaining())
                : (int) Transfers.write(this, new MemorySegment[] {MemorySegment.ofBuffer(source)}, false);
        source.position(source.position() + n);
        return n;
    }

    /** As {@link #write(MemorySegment, long, int)}, from the rest of several buffers, one after the other: mTCP's mtcp_writev. */
    public long write(ByteBuffer[] sources, int offset, int length) throws MtcpException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        if (!context.isOwner()) {
            return Transfers.write(this, sources, offset, length);
        }
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            ByteBuffer buffer = sources[i];
            if (!buffer.hasRemaining()) {
                continue;
            }
            try {
                total += write(buffer);
            } catch (MtcpException e) {
                return Streams.partial(this, total, e);
            }
            if (buffer.hasRemaining()) {
                break;
            }
        }
        return total;
    }

    /**
     * As {@link #write(ByteBuffer)}, and announces the last byte taken as urgent: MSG_OOB. It stays in line.
     */
    public int writeUrgent(ByteBuffer source) throws MtcpException {
        int n;
        if (context.isOwner()) {
            n = write(source);
            if (n > 0) {
                Streams.markUrgent(this);
            }
        } else {
            n = (int) Transfers.write(this, new MemorySegment[] {MemorySegment.ofBuffer(source)}, true);
            source.position(source.position() + n);
        }
        return n;
    }

    // ---- Closing

    /**
     * Ends one direction or both.
     *
     * <ul>
     *   <li>{@code WRITE}: a FIN follows what was written; writing fails with EPIPE from then on.
     *   <li>{@code READ}: what has arrived and what will is thrown away; reading finds the end.
     * </ul>
     *
     * @throws MtcpException ENOTCONN if it is not connected
     */
    public void shutdown(Direction direction) throws MtcpException {
        if (context.isOwner()) {
            Closing.shutdown(this, direction);
        } else {
            context.run(() -> Closing.shutdown(this, direction));
        }
    }

    /**
     * Closes the socket. What was written is still delivered, unless SO_LINGER is 0 or something was not read: then the connection is reset. With
     * SO_LINGER above 0 this waits so long for the delivery, on a socket that does not block, too, but not in a handler. Calls of other threads that
     * wait on this socket fail with EBADF, and it leaves all epolls. A listener resets what was not accepted. A second close does nothing.
     */
    @Override
    public void close() throws MtcpException {
        if (!context.isOwner()) {
            if (context.mailbox.isClosed()) {
                return;
            }
            long linger = context.ask(() -> Closing.begin(this, true));
            if (linger > 0) {
                context.ship(new StreamCalls.Linger(this), linger);
            }
            return;
        }
        long linger = Closing.begin(this, context.mayTurn());
        if (linger > 0) {
            Closing.linger(this, context.deadline(linger));
        }
    }

    /** Closes the socket and resets its connection: mTCP's mtcp_abort. */
    public void abort() throws MtcpException {
        if (context.isOwner()) {
            Closing.abort(this);
        } else {
            context.run(() -> Closing.abort(this));
        }
    }

    /** Whether the socket has not been closed. */
    public boolean isOpen() throws MtcpException {
        return context.isOwner() ? isOpenHere() : context.ask(this::isOpenHere);
    }

    // ---- Properties

    /** Whether calls wait; a new socket's do. Holds for this socket, not for those accepted from it: mTCP's mtcp_setsock_nonblock, FIONBIO. */
    public void blocking(boolean blocking) throws MtcpException {
        if (context.isOwner()) {
            setBlocking(blocking);
        } else {
            context.run(() -> setBlocking(blocking));
        }
    }

    public boolean isBlocking() throws MtcpException {
        return context.ask(() -> {
            checkOpen();
            return !nonBlocking;
        });
    }

    /** The local address: of a connection accepted on the wildcard its own. The wildcard with port 0 if there is none yet. */
    public InetSocketAddress localAddress() throws MtcpException {
        return context.ask(() -> Opening.localAddress(this));
    }

    /**
     * The peer's address.
     *
     * @throws MtcpException ENOTCONN if it is not connected, or not any more
     */
    public InetSocketAddress remoteAddress() throws MtcpException {
        return context.ask(() -> Opening.remoteAddress(this));
    }

    /**
     * The value of an option: see {@link MtcpOptions}.
     *
     * @throws MtcpException ENOPROTOOPT if there is no such option, or this socket does not have it
     */
    public <T> T option(SocketOption<T> option) throws MtcpException {
        return context.ask(() -> OptionTable.read(this, option));
    }

    /**
     * Sets an option: see {@link MtcpOptions}. Those of a listener hold for connections accepted from then on.
     *
     * @throws MtcpException ENOPROTOOPT if there is no such option, or it cannot be set; EINVAL if it does not take the value
     */
    public <T> void option(SocketOption<T> option, T value) throws MtcpException {
        context.run(() -> OptionTable.write(this, option, value));
    }

    /** The pending error, which is not pending any more: SO_ERROR. */
    public Optional<Errno> takeError() throws MtcpException {
        return context.ask(() -> {
            checkOpen();
            return Optional.ofNullable(Streams.takeError(this));
        });
    }
}
