package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Opens connections: actively, passively, and both at once (RFC 9293 sections 3.5, 3.10.1, 3.10.7.2 and 3.10.7.3). */
final class Handshake {

    /** The MSS of a peer that announces none (RFC 9293 section 3.7.1, MUST-15). */
    private static final int DEFAULT_MSS_IPV4 = 536;

    private static final int DEFAULT_MSS_IPV6 = 1220;

    /** The least MSS believed: a peer that announces less would turn each byte into a frame. As Linux's tcp_min_snd_mss. */
    static final int LEAST_MSS = 48;

    private static final int MAX_WINDOW = 0xffff;

    private final Tcp tcp;
    private final IsnGenerator isns;
    private final PortAllocator ports;
    private final LocalPorts localPorts;
    private final Candidate candidate = new Candidate();
    private final SynCookies cookies;

    Handshake(Tcp tcp, RandomGenerator random, LocalPorts localPorts) {
        this.tcp = tcp;
        this.localPorts = localPorts;
        isns = new IsnGenerator(random);
        cookies = new SynCookies(tcp, isns);
        ports = new PortAllocator(random, tcp.settings.portLow(), tcp.settings.portHigh());
    }

    /** OPEN, active (RFC 9293 section 3.10.1). */
    Connection connect(
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            ConnectionOptions options) {
        Network network = tcp.network;
        // RFC 9293 section 3.9.2.3, MUST-46.
        if (remotePort == 0 || !network.isUnicast(remoteHigh, remoteLow)) {
            throw new ConnectFailure(ConnectFailure.Reason.BAD_REMOTE_ADDRESS);
        }
        if (tcp.flows.size() >= tcp.settings.maxConnections()) {
            throw new ConnectFailure(ConnectFailure.Reason.TOO_MANY);
        }
        Path path = network.path(remoteHigh, remoteLow);
        if (path == null) {
            throw new ConnectFailure(ConnectFailure.Reason.NO_ROUTE);
        }
        // MUST-44: an address not given is asked of the IP layer before the first SYN.
        boolean any = localHigh == 0 && localLow == 0;
        long high = any ? network.sourceHigh(path) : localHigh;
        long low = any ? network.sourceLow(path) : localLow;
        if (!any && !network.isLocal(high, low)) {
            throw new ConnectFailure(ConnectFailure.Reason.BAD_LOCAL_ADDRESS);
        }
        int port = localPort;
        Connection before;
        if (port == 0) {
            candidate.localHigh = high;
            candidate.localLow = low;
            candidate.remoteHigh = remoteHigh;
            candidate.remoteLow = remoteLow;
            candidate.remotePort = remotePort;
            port = pickPort();
            before = (Connection) tcp.flows.find(high, low, port, remoteHigh, remoteLow, remotePort);
        } else {
            before = (Connection) tcp.flows.find(high, low, port, remoteHigh, remoteLow, remotePort);
            if (before != null && !tcp.succession.isPossible(before)) {
                throw new ConnectFailure(ConnectFailure.Reason.IN_USE);
            }
            if (!localPorts.arriveHere(high, low, port, remoteHigh, remoteLow, remotePort)) {
                throw new ConnectFailure(ConnectFailure.Reason.OTHER_CORE);
            }
        }
        int used = 0;
        if (before != null) {
            used = before.sndNxt;
            tcp.counters.add(Counter.TCP_TIME_WAIT_REUSED);
            tcp.end(before, CloseReason.NORMAL);
        }
        Connection c = create(high, low, port, remoteHigh, remoteLow, remotePort, path, options);
        if (before != null) {
            Succession.beginBeyond(c, used);
        }
        c.peerMss = (char) defaultMss(remoteHigh, remoteLow);
        c.moveTo(State.SYN_SENT);
        tcp.flows.add(c);
        tcp.counters.add(Counter.TCP_ACTIVE_OPENS);
        c.synQueued = true;
        tcp.ready.add(c);
        return c;
    }

    /** A free port for the candidate; or if there is none, one of a connection in TIME-WAIT that may be succeeded. */
    private int pickPort() {
        Candidate one = candidate;
        one.reuse = false;
        int port = ports.pick(one.localHigh, one.localLow, one.remoteHigh, one.remoteLow, one.remotePort, one);
        if (port < 0 && tcp.settings.timestamps()) {
            one.reuse = true;
            port = ports.pick(one.localHigh, one.localLow, one.remoteHigh, one.remoteLow, one.remotePort, one);
        }
        if (port < 0) {
            throw new ConnectFailure(ConnectFailure.Reason.NO_PORT);
        }
        return port;
    }

    /** The connection that a local port is looked for; one object, so that a search allocates nothing. */
    private final class Candidate implements IntPredicate {
        long localHigh;
        long localLow;
        long remoteHigh;
        long remoteLow;
        int remotePort;

        /** Whether a port may do whose connection can be succeeded. */
        boolean reuse;

        @Override
        public boolean test(int localPort) {
            var other = (Connection) tcp.flows.find(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
            return (other == null || reuse && tcp.succession.isPossible(other))
                    && localPorts.arriveHere(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        }
    }

    /** A SYN for a port that is listened on (RFC 9293 section 3.10.7.2). */
    void inListen(Listener listener, Segment s, long now) {
        if (listener.isFull() || tcp.flows.size() >= tcp.settings.maxConnections()) {
            tcp.counters.add(Counter.TCP_BACKLOG_FULL);
            return;
        }
        Path path = wayBack(s);
        if (path == null) {
            return;
        }
        if (cookies.areDue(listener)) {
            cookies.answer(listener, s, path);
        } else {
            open(listener, s, path, now);
        }
    }

    private @Nullable Path wayBack(Segment s) {
        Path path = tcp.network.path(s.sourceHigh, s.sourceLow);
        if (path == null) {
            tcp.counters.add(Counter.IP_NO_ROUTE);
        }
        return path;
    }

    /**
     * An ACK for a port that is listened on, and for no connection: perhaps that of a handshake of which nothing was kept (RFC 4987 section 3.6).
     *
     * @return whether it is
     */
    boolean byCookie(Listener listener, Segment s, long now) {
        if (!cookies.recall(listener, s)) {
            return false;
        }
        boolean crowded = listener.isFull() && listener.halfOpen.size() >= 2 * listener.backlog;
        if (crowded || tcp.flows.size() >= tcp.settings.maxConnections()) {
            tcp.counters.add(Counter.TCP_ACCEPT_OVERFLOW);
            return true; // as if it had been lost: the peer's data will tell again
        }
        Path path = wayBack(s);
        if (path == null) {
            return true;
        }
        tcp.counters.add(Counter.TCP_COOKIES_ACCEPTED);
        s.byCookie = true;
        s.seq--; // that of the SYN
        Connection c = halfOpen(listener, s, path, now);
        s.seq++;
        number(c, s.ack - 1);
        c.ecn = cookies.recallsEcn(s) ? Ecn.AGREED : 0;
        c.rcvAdv = c.rcvNxt + SegmentWriter.synWindow(c.options);
        tcp.receiver.process(c, s, now);
        if (c.state == State.SYN_RECEIVED) {
            tcp.timers.sentData(
                    c); // the accept queue is full: our SYN-ACK goes again, and perhaps there is room by then
        }
        return true;
    }

    /** Begins a handshake, and answers the SYN. */
    Connection open(Listener listener, Segment s, Path path, long now) {
        Connection oldest = listener.halfOpen.first();
        if (oldest != null && listener.halfOpen.size() >= listener.backlog) {
            // RFC 4987 section 3.3: the oldest half-open connection makes room, so that a flood of SYNs cannot lock
            // others out for long.
            tcp.counters.add(Counter.TCP_BACKLOG_FULL);
            tcp.end(oldest, CloseReason.TIMED_OUT);
        }
        Connection c = halfOpen(listener, s, path, now);
        tcp.ecn.onSyn(c, s);
        c.synQueued = true;
        tcp.ready.add(c);
        return c;
    }

    /** A connection in SYN-RECEIVED by what a SYN says. */
    private Connection halfOpen(Listener listener, Segment s, Path path, long now) {
        Connection c = create(
                s.destinationHigh,
                s.destinationLow,
                s.destinationPort,
                s.sourceHigh,
                s.sourceLow,
                s.sourcePort,
                path,
                listener.options);
        c.listener = listener;
        c.detached = true; // until it is accepted
        acceptSyn(c, s, now);
        // RFC 7323 section 2.2: the window of a SYN is never scaled. Data in a SYN is left for the peer to send again.
        c.sndWnd = s.window;
        c.maxSndWnd = s.window;
        c.moveTo(State.SYN_RECEIVED);
        c.queuedAtListener = true;
        listener.halfOpen.add(c);
        tcp.flows.add(c);
        tcp.counters.add(Counter.TCP_PASSIVE_OPENS);
        return c;
    }

    /** A segment for a connection in SYN-SENT (RFC 9293 section 3.10.7.3). */
    void inSynSent(Connection c, Segment s, long now) {
        boolean acked = s.has(TcpHeader.ACK);
        // First: the ACK bit. No data goes with our SYN, so there is just one number to acknowledge.
        if (acked && s.ack != c.sndNxt) {
            tcp.counters.add(Counter.TCP_BAD_ACK);
            tcp.replies.reset(s);
            return;
        }
        // Second: the RST bit.
        if (s.has(TcpHeader.RST)) {
            if (acked) {
                tcp.counters.add(Counter.TCP_RESET_IN);
                tcp.counters.add(Counter.TCP_CONNECT_FAILED);
                tcp.end(c, CloseReason.REFUSED);
            } else {
                tcp.counters.add(Counter.TCP_BAD_RST);
            }
            return;
        }
        // Fourth: the SYN bit.
        if (!s.has(TcpHeader.SYN)) {
            tcp.counters.add(Counter.TCP_NO_ACK);
            return;
        }
        acceptSyn(c, s, now);
        tcp.ecn.onAnswer(c, s);
        c.sndWnd = s.window;
        c.maxSndWnd = s.window;
        if (acked) {
            sampleRtt(c, s, c.retransmits == 0);
            c.sndUna = s.ack;
            c.synQueued = false;
            tcp.timers.acknowledged(c);
            c.ackNow = true;
            establish(c);
            if (s.length > 0 || s.has(TcpHeader.FIN)) {
                // Data with the SYN-ACK goes the ordinary way.
                s.trimFront(1);
                tcp.receiver.withSyn(c, s);
            }
        } else {
            // Simultaneous open (RFC 9293 section 3.5, MUST-10): our SYN goes again, with an ACK.
            c.moveTo(State.SYN_RECEIVED);
            c.synQueued = true;
        }
        tcp.ready.add(c);
    }

    /** Takes over what the peer's SYN says. */
    private void acceptSyn(Connection c, Segment s, long now) {
        TcpSettings settings = tcp.settings;
        var options = s.options;
        c.rcvNxt = s.seq + 1;
        // Our own SYN, if there was one, has offered a window already.
        c.rcvAdv = c.state == State.SYN_SENT ? c.rcvNxt + SegmentWriter.synWindow(c.options) : c.rcvNxt;
        c.lastAckSent = c.rcvNxt;
        c.sndWl1 = s.seq;
        c.lastReceived = now;
        c.peerMss = (char) (options.mss < 0 ? defaultMss(c.remoteHigh, c.remoteLow) : Math.max(options.mss, LEAST_MSS));
        c.timestampsOk = settings.timestamps() && options.timestampPresent;
        if (options.timestampPresent) {
            Timestamps.remember(c, options.tsVal, now);
        }
        c.sackOk = settings.sack() && options.sackPermitted;
        c.scalingOk = settings.windowScaling() && options.windowScale >= 0;
        c.sndWindShift = (byte) (c.scalingOk ? options.windowScale : 0);
        c.rcvWindShift = (byte) (c.scalingOk ? windowShift(c.options) : 0);
        SegmentSize.update(c);
        if (settings.personality() == Personality.BSD) {
            fitBuffer(c);
        }
    }

    /** FreeBSD rounds the receive buffer up to whole segments. */
    private static void fitBuffer(Connection c) {
        int mss = Math.max(1, Math.min(c.peerMss, c.pathMtu - TcpHeader.MIN_LENGTH - 20));
        int buffer = c.options.receiveBuffer;
        if (buffer > mss && buffer % mss != 0) {
            var options = new ConnectionOptions(c.options);
            options.receiveBuffer = (buffer + mss - 1) / mss * mss;
            c.options = options;
        }
    }

    /** The round trip of our SYN; if it went more than once, what was echoed tells which it was (RFC 7323 section 4). */
    void sampleRtt(Connection c, Segment s, boolean once) {
        long rtt = once ? tcp.now - c.lastDataSent : Timestamps.roundTrip(c, s, tcp.now);
        if (once || rtt > 0) {
            c.rtt.sample(rtt, 1);
        }
    }

    /** The handshake is done (RFC 9293 section 3.10.7.3 and 3.10.7.4, fifth check). */
    void establish(Connection c) {
        c.moveTo(State.ESTABLISHED);
        tcp.counters.add(Counter.TCP_ESTABLISHED);
        if (c.ecn != 0) {
            tcp.counters.add(Counter.TCP_ECN_ESTABLISHED);
        }
        // RFC 5681 section 3.1 and RFC 6928 section 2: after a lost SYN the initial window is one segment.
        boolean synLost = c.retransmits > 0 || c.loss.totalRetransmits > 0;
        c.congestion.reset(c.sndMss, synLost ? c.sndMss : initialWindow(c));
        if (synLost && c.rtt.smoothedRtt() == 0) {
            c.rtt.synTimedOut();
        }
        c.rtt.clearBackOff();
        c.retransmits = 0;
        Listener listener = c.listener;
        if (listener != null) {
            tcp.succession.accomplished(c);
            listener.halfOpen.remove(c);
            listener.acceptable.add(c);
            tcp.notify(listener);
        }
        if (c.finQueued) {
            c.moveTo(State.FIN_WAIT_1); // CLOSE came first (RFC 9293 section 3.10.4)
        }
        tcp.notify(c, Events.CONNECTED | Events.WRITABLE);
        tcp.timers.arm(c);
    }

    private int initialWindow(Connection c) {
        int segments = tcp.settings.initialWindow();
        // RFC 6928 section 2, for the usual ten; any other number is meant literally.
        return segments == 10 ? CongestionControl.initialWindow(c.sndMss) : segments * c.sndMss;
    }

    private Connection create(
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            Path path,
            ConnectionOptions options) {
        Connection c = tcp.pool.take(options.congestionControl);
        c.localHigh = localHigh;
        c.localLow = localLow;
        c.localPort = (char) localPort;
        c.remoteHigh = remoteHigh;
        c.remoteLow = remoteLow;
        c.remotePort = (char) remotePort;
        c.path = path;
        c.pathMtu = (char) Math.min(path.mtu(), Character.MAX_VALUE);
        c.options = options;
        long secret = isns.secret(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        number(c, IsnGenerator.isn(secret, tcp.now));
        c.tsOffset = IsnGenerator.timestampOffset(secret);
        c.lastReceived = tcp.now;
        c.lastSent = tcp.now;
        c.lastDataSent = tcp.now;
        c.rcvMss = (char) defaultMss(remoteHigh, remoteLow);
        return c;
    }

    static void number(Connection c, int iss) {
        c.sndUna = iss;
        c.sndNxt = iss + 1;
        c.sndWl2 = iss;
    }

    /** The MSS of a peer that announces none. */
    static int defaultMss(long remoteHigh, long remoteLow) {
        return Address.isIpv4(remoteHigh, remoteLow) ? DEFAULT_MSS_IPV4 : DEFAULT_MSS_IPV6;
    }

    /** The MSS to announce (RFC 9293 section 3.7.1, SHLD-6 and MUST-67): what the interface takes, without headers. */
    static int announcedMss(ConnectionOptions options, Path path) {
        int mss = path.mtu() - path.ipHeaderLength() - TcpHeader.MIN_LENGTH;
        return options.maxSegment > 0 ? Math.min(mss, Math.max(options.maxSegment, LEAST_MSS)) : mss;
    }

    /** The shift with which the whole receive buffer can be announced (RFC 7323 section 2.2). */
    int windowShift(ConnectionOptions options) {
        int shift = Math.min(tcp.settings.windowScale(), TcpOptions.MAX_WINDOW_SCALE);
        if (shift >= 0) {
            return shift;
        }
        shift = 0;
        while (shift < TcpOptions.MAX_WINDOW_SCALE && options.receiveBuffer >> shift > MAX_WINDOW) {
            shift++;
        }
        return shift;
    }
}
