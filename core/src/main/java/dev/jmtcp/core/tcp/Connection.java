package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.buffer.Ranges;
import dev.jmtcp.core.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * A connection: the transmission control block of RFC 9293 section 3.3.1. It is data, on which the roles of the engine work: {@link Handshake},
 * {@link Receiver}, {@link Sender}, {@link LossRecovery}, {@link ConnectionTimers}. Belongs to the stack's thread. An idle connection holds no
 * buffers: what is nullable here is there only while it is needed. Records are reused: see {@link #detach()}.
 *
 * <pre>
 *  send stream      sndUnaPosition        position(sndNxt)          sendEnd()
 *     ... acked ────────┼─── in flight ────────┼──── not yet sent ────┼
 *  sequence           sndUna                 sndNxt
 *
 *  receive stream   readPosition()        rcvPosition
 *     ... read ─────────┼─── to be read ───────┼──── outOfOrder, with holes ────┼
 *  sequence                                 rcvNxt                          rcvAdv
 * </pre>
 *
 * Positions count the bytes of a stream from 0 and do not wrap; sequence numbers do.
 */
public final class Connection extends Flow {

    /** What the retransmission timer is running for; one value, so that no two of them can be at once (RFC 9293 section 3.8). */
    enum SendTimer {
        /** Nothing is in flight and nothing is held back. */
        IDLE,
        /** The oldest segment in flight, or the SYN, is sent again at {@link Connection#sendDeadline} (RFC 6298). */
        RETRANSMIT,
        /** What may only be reordered counts as lost at {@link Connection#sendDeadline} (RFC 8985 section 6.2). */
        REORDER,
        /** A tail loss probe goes at {@link Connection#sendDeadline} (RFC 8985 section 7). */
        LOSS_PROBE,
        /** The peer's window is closed: it is probed at {@link Connection#sendDeadline} (RFC 9293 section 3.8.6.1). */
        PROBE
    }

    /** Where loss recovery stands. */
    enum Recovery {
        /** No loss is known. */
        OPEN,
        /** Fast recovery (RFC 5681, 6582, 6675). */
        FAST,
        /** After a retransmission timeout. */
        TIMEOUT
    }

    /** Never, as a deadline. */
    static final long NEVER = Long.MAX_VALUE;

    final Tcp tcp;
    State state = State.CLOSED;
    CloseReason closeReason = CloseReason.NONE;

    @Nullable
    Path path;

    ConnectionOptions options;

    /** The listener that this connection came through; null if it was opened actively (RFC 9293 section 3.10.7.4, MUST-11). */
    @Nullable
    Listener listener;

    /** Whoever uses the connection: the socket; opaque to the engine. */
    private @Nullable Object user;

    boolean detached;

    /** Whether this record is in the pool. */
    boolean pooled;

    // What the application is to be told.
    char events;
    boolean inEventList;

    /**
     * The next in the list of those with events. In SYN-RECEIVED after a passive open, when there is nobody to be told of events: the connection whose
     * place in TIME-WAIT this has taken, see {@link Succession}.
     */
    @Nullable
    Connection nextEvent;

    // The ready list, a path's waiting list, a listener's queues, and the pool: a connection is in at most one of them.
    @Nullable
    Connection nextReady;

    boolean ready;

    @Nullable
    Connection nextQueued;

    @Nullable
    Connection previousQueued;

    boolean queuedAtListener;

    // Send sequence variables (RFC 9293 section 3.3.1).
    int sndUna;
    int sndNxt;
    int sndWnd;
    int sndWl1;
    int sndWl2;
    int maxSndWnd;
    int sndMss;
    char peerMss;
    char pathMtu;
    byte sndWindShift;
    // The send stream.
    @Nullable
    ByteWindow send;

    @Nullable
    SentSegments sent;

    long sndUnaPosition;

    /** Bytes handed over and not acknowledged: those that lie in the send buffer. */
    int unacknowledged;

    boolean finQueued;
    boolean finSent;
    boolean synQueued;
    boolean writeBlocked;

    /** Whether something was not taken for lack of buffers: its user is told when there are some. */
    boolean starved;

    // Receive sequence variables.
    int rcvNxt;
    int rcvAdv;

    /** The largest segment received; the peer is taken to send no smaller ones when there is enough. */
    char rcvMss;

    byte rcvWindShift;

    // The receive stream.
    @Nullable
    ByteWindow receive;

    @Nullable
    Ranges outOfOrder;

    long rcvPosition;

    /** Bytes received in order and not read. */
    int readable;

    /** The sequence number of the peer's FIN, while {@link #finKnown}. */
    int finSeq;

    boolean finKnown;
    boolean finReceived;
    boolean readShut;

    // Options agreed upon.
    boolean sackOk;
    boolean timestampsOk;
    boolean scalingOk;
    int tsRecent;

    /** When that came, see {@link Timestamps#remember}. */
    int tsRecentAt;

    int tsOffset;
    int lastAckSent;

    /** Explicit congestion notification: bits of {@link Ecn}. */
    byte ecn;

    // Acknowledging.
    boolean ackNow;
    int unackedBytes;
    long ackDeadline = NEVER;

    // Timing, congestion, recovery.
    final RttEstimator rtt;
    CongestionControl congestion;
    boolean cwndLimited;

    /** What there is to remember of losses: shared, and not to be written, until there is something; see {@link #ownLoss()}. */
    LossState loss = LossState.NONE;

    /** The same of what is seldom needed; see {@link #ownSeldom()}. */
    Seldom seldom = Seldom.NOTHING;

    SendTimer sendTimer = SendTimer.IDLE;
    long sendDeadline = NEVER;
    int retransmits;
    long stalledSince;
    long lifeDeadline = NEVER;
    long lastReceived;
    long lastSent;

    /** When something was sent last that takes sequence numbers. */
    long lastDataSent;

    boolean probeDue;

    Connection(Tcp tcp, RttEstimator rtt, CongestionControl congestion) {
        this.tcp = tcp;
        this.rtt = rtt;
        this.congestion = congestion;
        this.options = tcp.defaultOptions;
    }

    @Override
    protected void expired(long now) {
        tcp.timers.expired(this, now);
    }

    public State state() {
        return state;
    }

    /** How it ended; {@link CloseReason#NONE} while it lives. */
    public CloseReason error() {
        return closeReason;
    }

    /** The last soft error reported by ICMP, which did not end the connection (RFC 9293 section 3.9.2.2, SHLD-25), and forgets it. */
    public @Nullable CloseReason takeSoftError() {
        CloseReason error = seldom.softError;
        if (error != null) {
            ownSeldom().softError = null;
        }
        return error;
    }

    /** The options, to be read only: they may be shared. To change them see {@link Tcp#options(Connection, ConnectionOptions)}. */
    public ConnectionOptions options() {
        return options;
    }

    public @Nullable Object user() {
        return user;
    }

    /** Ties whoever uses this connection to it. */
    public void attach(Object user) {
        this.user = user;
    }

    /** Unties the user. Once the connection is closed too, the record is reused for another one and must not be touched any more. */
    public void detach() {
        user = null;
        detached = true;
        events = 0;
        tcp.recycleIfDone(this);
    }

    /** What has happened since the last call: bits of {@link Events}. */
    public int takeEvents() {
        int taken = events;
        events = 0;
        return taken;
    }

    /** Bytes that can be read now. */
    public int readable() {
        return readable;
    }

    /** Payload bytes received in order so far. */
    public long bytesReceived() {
        return rcvPosition;
    }

    /** Whether the peer has closed its side and all its data has been read. */
    public boolean atEnd() {
        return (finReceived || state == State.CLOSED) && readable == 0;
    }

    /** Whether the peer's FIN, and all before it, has arrived. */
    public boolean peerClosed() {
        return finReceived;
    }

    /** Bytes that fit into the send buffer now; 0 if nothing may be sent any more. */
    public int writable() {
        if (!state.maySend() || finQueued) {
            return 0;
        }
        return Math.max(0, options.sendBuffer - unacknowledged);
    }

    /** Bytes handed over that the peer has not acknowledged. */
    public int unacknowledged() {
        return unacknowledged;
    }

    /** How many bytes ahead in the stream the urgent data ends; 0 if there is none (RFC 9293 section 3.8.5, MUST-33). */
    public int urgentAhead() {
        return seldom.urgentPending ? (int) Math.max(0, seldom.urgentEnd - readPosition()) : 0;
    }

    public long localHigh() {
        return localHigh;
    }

    public long localLow() {
        return localLow;
    }

    public int localPort() {
        return localPort;
    }

    public long remoteHigh() {
        return remoteHigh;
    }

    public long remoteLow() {
        return remoteLow;
    }

    public int remotePort() {
        return remotePort;
    }

    /** The state of the connection for people and tests, the counterpart of Linux's TCP_INFO. */
    public TcpInfo info() {
        return TcpInfo.of(this);
    }

    /** The stream position of a sequence number to be sent or in flight. */
    long position(int seq) {
        return sndUnaPosition + Seq.distance(seq, sndUna);
    }

    /** The sequence number of a stream position at or beyond SND.UNA; before the handshake SND.UNA is that of the SYN. */
    int seqAt(long position) {
        int first = state == State.SYN_SENT || state == State.SYN_RECEIVED ? sndUna + 1 : sndUna;
        return first + (int) (position - sndUnaPosition);
    }

    /** ISS. */
    int iss() {
        boolean synUnacked = state == State.SYN_SENT || state == State.SYN_RECEIVED;
        return synUnacked ? sndUna : sndUna - (int) sndUnaPosition - 1 - (finAcked() ? 1 : 0);
    }

    /** IRS, once the peer's SYN has come. */
    int irs() {
        return rcvNxt - (int) rcvPosition - 1 - (finReceived ? 1 : 0);
    }

    /** Bytes handed over and never sent. */
    int unsent() {
        return finSent ? 0 : (int) (sendEnd() - position(sndNxt));
    }

    /** The position after the last byte handed over. */
    long sendEnd() {
        return sndUnaPosition + unacknowledged;
    }

    /** The position of the next byte to be read. */
    long readPosition() {
        return rcvPosition - readable;
    }

    /** Bytes and FIN in flight: sent and not acknowledged. */
    int flight() {
        return Seq.distance(sndNxt, sndUna);
    }

    /** The right edge of the peer's window. */
    int sndEdge() {
        return sndUna + sndWnd;
    }

    /** Whether there is anything to remember of losses. */
    boolean hasLossState() {
        return loss != LossState.NONE;
    }

    /** {@link #loss}, to be written. */
    LossState ownLoss() {
        if (!hasLossState()) {
            loss = tcp.pool.takeLossState();
            loss.begin(sndUna);
        }
        return loss;
    }

    /** {@link #seldom}, to be written. */
    Seldom ownSeldom() {
        if (seldom == Seldom.NOTHING) {
            seldom = tcp.pool.takeSeldom();
            seldom.begin();
        }
        return seldom;
    }

    /** RecoveryPoint: while nothing was lost, below all that is in flight. */
    int recoveryPoint() {
        return hasLossState() ? loss.recoveryPoint : sndUna - 1;
    }

    /** Whether a duplicate is to be reported. */
    boolean hasDuplicate() {
        return seldom.duplicateStart != seldom.duplicateEnd;
    }

    /** Whether our FIN has been acknowledged. */
    boolean finAcked() {
        return finSent && sndUna == sndNxt;
    }

    /** Reads something of each cache line that segments need, for {@link Lookahead}. */
    long readAhead() {
        return deadline()
                + flowHash
                + rcvPosition
                + lastDataSent
                + sndUna
                + retransmits
                + (ackNow ? 1 : 0)
                + (sent == null ? 1 : 0);
    }

    /** The same of what is tied to it. */
    long readPartsAhead() {
        SentSegments inFlight = sent;
        ByteWindow out = send;
        Object owner = user;
        return rtt.minRtt()
                + congestion.cwnd
                + (inFlight == null ? 0 : inFlight.readAhead())
                + (out == null ? 0 : out.end())
                + (owner instanceof Listener ? 1 : 0);
    }

    /** Changes the state; nothing else, and tells nobody. */
    void moveTo(State next) {
        state = next;
    }

    /** Forgets everything, for the next connection that gets this record. */
    void reset() {
        state = State.CLOSED;
        closeReason = CloseReason.NONE;
        path = null;
        options = tcp.defaultOptions;
        listener = null;
        user = null;
        detached = false;
        events = 0;
        sndWnd = 0;
        maxSndWnd = 0;
        sndWindShift = 0;
        sndUnaPosition = 0;
        unacknowledged = 0;
        finQueued = false;
        finSent = false;
        synQueued = false;
        writeBlocked = false;
        rcvWindShift = 0;
        rcvPosition = 0;
        readable = 0;
        finKnown = false;
        finReceived = false;
        readShut = false;
        sackOk = false;
        timestampsOk = false;
        scalingOk = false;
        ecn = 0;
        ackNow = false;
        unackedBytes = 0;
        ackDeadline = NEVER;
        rtt.reset();
        cwndLimited = false;
        sendTimer = SendTimer.IDLE;
        sendDeadline = NEVER;
        retransmits = 0;
        lifeDeadline = NEVER;
        probeDue = false;
    }

    @Override
    public String toString() {
        return Address.toString(localHigh, localLow) + ":" + localPort() + " " + Address.toString(remoteHigh, remoteLow)
                + ":" + remotePort() + " " + state;
    }
}
