package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.TcpHeader;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * TCP of one stack (RFC 9293): what the layers below bring and what applications ask for, handed to the roles that know what to do. Belongs to
 * the stack's thread; reads no clock: {@link #advance} tells the time of each turn.
 *
 * <p>Nothing here calls the application. What it should know is noted on the connection or listener, which {@link #pollEvent()} and
 * {@link #pollListener()} then hand out.
 */
public final class Tcp implements SegmentInput {

    final Network network;
    final LocalPorts localPorts;
    final TcpSettings settings;
    final Counters counters;
    final TimerWheel wheel;
    final ConnectionOptions defaultOptions;
    final ConnectionPool pool;
    final FlowTable flows;
    final ConnectionTimers timers;
    final LossRecovery recovery;
    final TailLossProbe lossProbe;
    final SpuriousRecovery spurious;
    final Sender sender;
    final Receiver receiver;
    final Handshake handshake;
    final Succession succession;
    final Replies replies;
    final Ecn ecn;
    final ReadyList ready = new ReadyList();
    private final Lookahead lookahead;
    private final Listeners listeners = new Listeners();
    private final ChunkPool chunks;
    private final EventQueue events = new EventQueue(this);
    private final Teardown teardown = new Teardown(this);
    private final NetworkReports reports = new NetworkReports(this);
    private final Starved starved = new Starved(this);
    private final Segment segment = new Segment();
    long now;

    /**
     * @param chunks where the buffers of connections come from
     * @param localPorts which local ports a connection of this stack may use
     */
    public Tcp(
            Network network,
            TcpSettings settings,
            Counters counters,
            TimerWheel wheel,
            ChunkPool chunks,
            RandomGenerator random,
            LocalPorts localPorts) {
        this.network = network;
        this.localPorts = localPorts;
        this.settings = settings;
        this.counters = counters;
        this.wheel = wheel;
        this.chunks = chunks;
        defaultOptions = new ConnectionOptions(settings);
        flows = new FlowTable(random);
        lookahead = new Lookahead(flows);
        pool = new ConnectionPool(this, chunks);
        timers = new ConnectionTimers(this);
        recovery = new LossRecovery(this);
        lossProbe = new TailLossProbe(this);
        spurious = new SpuriousRecovery(this);
        replies = new Replies(this);
        ecn = new Ecn(this);
        sender = new Sender(this);
        receiver = new Receiver(this);
        succession = new Succession(this);
        handshake = new Handshake(this, random, localPorts);
    }

    /** Tells the time in nanoseconds: holds for all that follows, until the next call. */
    public void advance(long now) {
        this.now = now;
        if (!starved.isEmpty()) {
            starved.feed(chunks.available());
        }
    }

    public Counters counters() {
        return counters;
    }

    public TcpSettings settings() {
        return settings;
    }

    /** The options that connections and listeners start with; to be copied, not changed. */
    public ConnectionOptions options() {
        return defaultOptions;
    }

    /** The layers below. */
    public Network network() {
        return network;
    }

    /** Which local ports a connection of this stack may use. */
    public LocalPorts localPorts() {
        return localPorts;
    }

    /** Whether there is a connection with these addresses and ports, in any state. */
    public boolean isConnected(
            long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        return flows.find(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort) != null;
    }

    /** The number of connections, in all states. */
    public int connections() {
        return flows.size();
    }

    /**
     * The number of connections in a state. Looks at all connections.
     *
     * @param localPort only those of this port; 0 for all
     */
    public int connections(State state, int localPort) {
        int count = 0;
        for (int slot = 0; slot < flows.slots(); slot++) {
            Connection c = (Connection) flows.at(slot);
            count += c != null && c.state == state && (localPort == 0 || c.localPort == localPort) ? 1 : 0;
        }
        return count;
    }

    /** Whether a connection whose user has closed it still has something to deliver. Looks at all connections. */
    public boolean isDelivering() {
        for (int slot = 0; slot < flows.slots(); slot++) {
            Connection c = (Connection) flows.at(slot);
            if (c != null && c.detached && !c.queuedAtListener && c.state.transmits()) {
                return true;
            }
        }
        return false;
    }

    // ---- From below

    @Override
    public boolean looksAhead() {
        return lookahead.isWorthwhile();
    }

    @Override
    public void expect(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        lookahead.expect(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
    }

    @Override
    public void lookAhead() {
        lookahead.look();
    }

    @Override
    public void segment(
            MemorySegment memory,
            long offset,
            int length,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int trafficClass,
            long now) {
        this.now = now;
        counters.add(Counter.TCP_SEGMENTS_IN);
        Segment s = segment;
        if (!s.parse(memory, offset, length)) {
            counters.add(Counter.TCP_MALFORMED);
            return;
        }
        s.sourceHigh = sourceHigh;
        s.sourceLow = sourceLow;
        s.destinationHigh = destinationHigh;
        s.destinationLow = destinationLow;
        s.trafficClass = trafficClass;
        if (!s.parseOptions(offset)) {
            // RFC 9293 section 3.1, MUST-7: survive it. Dropped rather than reset, so that nobody can end a connection
            // with one bad packet.
            counters.add(Counter.TCP_BAD_OPTION);
            return;
        }
        Connection c = (Connection)
                flows.find(destinationHigh, destinationLow, s.destinationPort, sourceHigh, sourceLow, s.sourcePort);
        if (c == null) {
            withoutConnection(s);
            return;
        }
        switch (c.state) {
            case CLOSED -> replies.reset(s);
            case SYN_SENT -> handshake.inSynSent(c, s, now);
            case TIME_WAIT -> {
                // RFC 9293 section 3.10.7.4, MAY-2: a new incarnation; but not if nobody would have it.
                Listener listener = succession.isAskedFor(c, s)
                        ? listeners.find(s.destinationHigh, s.destinationLow, s.destinationPort)
                        : null;
                if (listener == null) {
                    receiver.process(c, s, now);
                } else {
                    succession.begin(c, listener, s, now);
                }
            }
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
                receiver.process(c, s, now);
        }
    }

    /** RFC 9293 section 3.10.7.1 (CLOSED) and 3.10.7.2 (LISTEN). */
    private void withoutConnection(Segment s) {
        Listener listener = listeners.find(s.destinationHigh, s.destinationLow, s.destinationPort);
        if (s.has(TcpHeader.RST)) {
            counters.add(Counter.TCP_NO_CONNECTION);
            return;
        }
        if (listener == null || s.has(TcpHeader.ACK)) {
            if (listener != null && !s.has(TcpHeader.SYN) && handshake.byCookie(listener, s, now)) {
                return;
            }
            counters.add(Counter.TCP_NO_CONNECTION);
            replies.reset(s);
            return;
        }
        if (s.has(TcpHeader.SYN)) {
            handshake.inListen(listener, s, now);
        } else {
            counters.add(Counter.TCP_NO_CONNECTION);
        }
    }

    @Override
    public void icmpError(
            IcmpError error,
            int mtu,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            int seq,
            long now) {
        this.now = now;
        reports.icmpError(
                (Connection) flows.find(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort),
                error,
                mtu,
                seq);
    }

    @Override
    public void pathReady(Path path, long now) {
        this.now = now;
        reports.pathReady(path);
    }

    @Override
    public void pathFailed(Path path, long now) {
        this.now = now;
        reports.pathFailed(path);
    }

    // ---- From the stack

    /** Sends what is due, as far as the transmit rings have room. */
    public void flush() {
        if (replies.flush()) {
            sender.flush();
        }
    }

    /** Whether something is due to be sent that found no room, or to be told in the next turn. */
    public boolean hasReady() {
        return !ready.isEmpty() || replies.areWaiting() || !starved.isEmpty() && chunks.available() > 0;
    }

    // ---- From applications

    /**
     * Listens on a port.
     *
     * @param high the high half of the address to bind to; both halves 0 for any
     * @param backlog the most connections that wait to be accepted, and the most handshakes under way
     * @return null if the port is listened on already, at this or an overlapping address
     */
    public @Nullable Listener listen(long high, long low, int port, int backlog, ConnectionOptions options) {
        var listener = new Listener(high, low, port, backlog, options);
        return listeners.add(listener) ? listener : null;
    }

    /** Stops listening: handshakes under way are forgotten, connections not yet accepted are reset. */
    public void close(Listener listener) {
        if (listener.closed) {
            return;
        }
        listener.closed = true;
        listeners.remove(listener);
        teardown.abortQueued(listener);
        listener.user = null;
    }

    /** The next connection established through a listener, or null if none waits. */
    public @Nullable Connection accept(Listener listener) {
        Connection c = listener.acceptable.poll();
        if (c != null) {
            c.detached = false;
            c.queuedAtListener = false;
        }
        return c;
    }

    /**
     * Opens a connection actively: its SYN leaves in this turn.
     *
     * @param localHigh both halves 0 for the address that the route suggests
     * @param localPort 0 for any free one
     * @throws ConnectFailure if it cannot even be tried
     */
    public Connection connect(
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            ConnectionOptions options) {
        return handshake.connect(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort, options);
    }

    /**
     * Hands over data to be sent.
     *
     * @return how many bytes were taken: fewer than {@code length} if the send buffer is full or the stack's buffers are used up; {@link Events#WRITABLE}
     *     tells when there is room again
     */
    public int write(Connection c, MemorySegment source, long offset, int length) {
        int taken = Math.min(length, c.writable());
        if (taken < length) {
            c.writeBlocked = true;
        }
        if (taken == 0) {
            return 0;
        }
        var send = c.send;
        if (send == null) {
            send = pool.takeWindow();
            send.reset(c.sndUnaPosition);
            c.send = send;
        }
        int put = send.putSome(c.sendEnd(), source, offset, taken);
        if (put < taken) {
            starved.add(c);
            if (put == 0) {
                if (c.unacknowledged == 0) {
                    pool.releaseSend(c);
                }
                return 0;
            }
        }
        c.unacknowledged += put;
        ready.add(c);
        return put;
    }

    /**
     * Whether a third of the send buffer is free, as Linux's sk_stream_is_writeable() has it, and the last write has not found the stack's buffers used
     * up: then there is something worth writing. If not, {@link Events#WRITABLE} tells when it is.
     */
    public boolean isWritable(Connection c) {
        if (c.starved) {
            return false;
        }
        if (c.writable() >= Math.max(1, c.options.sendBuffer / 3)) {
            return true;
        }
        c.writeBlocked = true;
        return false;
    }

    /** Marks the byte handed over last as the end of urgent data (RFC 9293 section 3.8.5, MUST-62: the pointer is the octet after). */
    public void markUrgent(Connection c) {
        Seldom own = c.ownSeldom();
        own.sndUp = c.seqAt(c.sendEnd());
        own.urgentToSend = true;
        ready.add(c);
    }

    /**
     * Takes received data.
     *
     * @return how many bytes were copied; 0 if there are none now, be it the end ({@link Connection#atEnd()}) or not
     */
    public int read(Connection c, MemorySegment destination, long offset, int length) {
        int taken = peek(c, 0, destination, offset, length);
        if (taken > 0) {
            receiver.consumed(c, taken);
        }
        return taken;
    }

    /** Copies received data without taking it, from {@code skip} bytes ahead. */
    public int peek(Connection c, int skip, MemorySegment destination, long offset, int length) {
        int taken = Math.min(length, c.readable() - skip);
        var receive = c.receive;
        if (taken <= 0 || receive == null) {
            return 0;
        }
        receive.get(c.readPosition() + skip, destination, offset, taken);
        return taken;
    }

    /** Ends the send stream: a FIN follows the data handed over (half close, RFC 9293 section 3.6). */
    public void shutdownOutput(Connection c) {
        teardown.shutdownOutput(c);
    }

    /** Ends the receive stream on this side: what has arrived and what will is thrown away. */
    public void shutdownInput(Connection c) {
        if (settings.personality() == Personality.LINUX) {
            return; // Linux: the end of the stream only where there is nothing to read
        }
        c.readShut = true;
        if (c.readable() > 0) {
            receiver.consumed(c, c.readable());
        }
    }

    /**
     * Closes a connection and unties its user: what was handed over is still delivered, but nothing more is received. With data not
     * yet read the connection is reset, so that the peer knows it was lost (RFC 9293 section 3.6.1, SHLD-3).
     */
    public void close(Connection c) {
        teardown.close(c);
        c.detach();
    }

    /** Resets a connection (RFC 9293 section 3.10.5). Its user stays tied to it. */
    public void abort(Connection c) {
        teardown.abort(c);
    }

    /** Gives a connection other options, which are its own from now on. */
    public void options(Connection c, ConnectionOptions options) {
        c.options = options;
        if (c.state == State.CLOSED) {
            return;
        }
        SegmentSize.update(c);
        if (!c.congestion.name().equals(options.congestionControl)) {
            CongestionControl next = CongestionControls.create(options.congestionControl);
            next.takeOver(c.congestion);
            c.congestion = next;
        }
        timers.arm(c);
        ready.add(c);
    }

    /** The next connection that something has happened to, or null. */
    public @Nullable Connection pollEvent() {
        return events.pollConnection();
    }

    /** The next listener that has got connections to accept, or null. */
    public @Nullable Listener pollListener() {
        return events.pollListener();
    }

    /** Ends everything at once: each connection is reset, unless both its application and the peer know of its end. */
    public void shutDown() {
        teardown.all();
        starved.feed(Long.MAX_VALUE);
    }

    // ---- Within the package

    /** Notes that something has happened which the connection's user should know. */
    void notify(Connection c, int bits) {
        if (!c.detached) {
            events.add(c, bits);
        }
    }

    void notify(Listener listener) {
        events.add(listener);
    }

    /** The end of a connection: it leaves all tables; its user, if any, is told. What has been received can still be read. */
    void end(Connection c, CloseReason reason) {
        teardown.end(c, reason);
    }

    /** Both sides have closed (RFC 9293 section 3.6.1): the record stays for a while, so that nothing old is taken for new. */
    void enterTimeWait(Connection c) {
        teardown.enterTimeWait(c);
    }

    /** Puts the record of a connection back into the pool once nobody refers to it any more. */
    void recycleIfDone(Connection c) {
        if (c.state == State.CLOSED && c.detached && !c.pooled && !c.inEventList && !c.ready && !c.starved) {
            pool.recycle(c);
        }
    }
}
