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
 *  send stream      sndUnaPosition        position(sndNxt)          sendEnd
 *     ... acked ────────┼─── in flight ────────┼──── not yet sent ────┼
 *  sequence           sndUna                 sndNxt
 *
 *  receive stream   readPosition          rcvPosition
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
    CloseReason softError;

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
    int events;
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
    int iss;
    int sndUna;
    int sndNxt;
    int sndWnd;
    int sndWl1;
    int sndWl2;
    int sndUp;
    int maxSndWnd;
    int sndMss;
    int peerMss;
    int pathMtu;
    byte sndWindShift;
    /** For {@link Personality#LINUX}: the end of the last segment below full size, if there was one. */
    int shortEnd;

    boolean shortSent;

    boolean urgentToSend;

    // The send stream.
    @Nullable
    ByteWindow send;

    @Nullable
    SentSegments sent;

    long sndUnaPosition;
    long sendEnd;
    boolean finQueued;
    boolean finSent;
    boolean synQueued;
    boolean writeBlocked;

    /** Whether something was not taken for lack of buffers: its user is told when there are some. */
    boolean starved;

    // Receive sequence variables.
    int irs;
    int rcvNxt;
    int rcvAdv;
    int rcvMss;
    byte rcvWindShift;
    boolean urgentPending;

    // The receive stream.
    @Nullable
    ByteWindow receive;

    @Nullable
    Ranges outOfOrder;

    long rcvPosition;

    /** RCV.UP as a position. */
    long urgentEnd;

    long readPosition;
    long finPosition = -1;
    boolean finReceived;
    boolean readShut;

    // Options agreed upon.
    boolean sackOk;
    boolean timestampsOk;
    boolean scalingOk;
    int tsRecent;
    long tsRecentAt;
    int tsOffset;
    int lastAckSent;

    /** Explicit congestion notification: bits of {@link Ecn}. */
    byte ecn;

    /** SND.NXT when the window was reduced last, with {@link Ecn#AGREED}. */
    int ecnPoint;

    // Acknowledging.
    boolean ackNow;
    int unackedBytes;

    /** For {@link Personality#LINUX}: whether data has come, how many ACKs are still not delayed, how many answers went out soon. */
    boolean dataSeen;

    byte quickAcks;
    byte dialogue;
    boolean emptyAnswered;
    long emptyAnsweredAt;
    int duplicateStart;
    int duplicateEnd;
    long ackDeadline = NEVER;

    // Timing, congestion, recovery.
    final RttEstimator rtt;
    CongestionControl congestion;
    Recovery recovery = Recovery.OPEN;
    int recoveryPoint;
    int dupAcks;
    int flightAtFirstDuplicate;
    boolean forceRetransmit;
    boolean cwndLimited;

    /** Whether this path was seen to reorder (RFC 8985 section 6.2, step 3). */
    boolean reorderingSeen;

    /** RACK.reo_wnd_mult: the reordering window in quarters of the least round trip. */
    byte reorderSteps = 1;

    /** RACK.reo_wnd_persist: for how many recoveries it stays wide. */
    byte reorderPersist;

    /** RACK.dsack_round: until this is acknowledged a duplicate reported does not widen it again. */
    int reorderRound;

    /** Whether the last reduction of the window may be taken back. */
    boolean mayUndo;

    /** Whether anything was sent again since {@link #resentStamp}. */
    boolean hasResent;

    /** SND.UNA when the window was reduced. */
    int undoMarker;

    /** How many segments sent again have not been reported as duplicates. */
    int undoResent;

    /** The timestamp of the first segment sent again. */
    int resentStamp;

    SpuriousRecovery.Frto frto = SpuriousRecovery.Frto.OFF;
    TailLossProbe.Probe probe = TailLossProbe.Probe.NONE;

    /** TLP.end_seq: SND.NXT when the probe was sent. */
    int probeEnd;

    boolean lossProbeDue;
    SendTimer sendTimer = SendTimer.IDLE;
    long sendDeadline = NEVER;
    int retransmits;
    long stalledSince;
    long lifeDeadline = NEVER;
    long lastReceived;
    long lastSent;

    /** When something was sent last that takes sequence numbers. */
    long lastDataSent;

    int keepAliveSent;
    boolean probeDue;
    int totalRetransmits;

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
        CloseReason error = softError;
        softError = null;
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
        return (int) (rcvPosition - readPosition);
    }

    /** Payload bytes received in order so far. */
    public long bytesReceived() {
        return rcvPosition;
    }

    /** Whether the peer has closed its side and all its data has been read. */
    public boolean atEnd() {
        return (finReceived || state == State.CLOSED) && rcvPosition == readPosition;
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
        return (int) Math.max(0, options.sendBuffer - (sendEnd - sndUnaPosition));
    }

    /** Bytes handed over that the peer has not acknowledged. */
    public int unacknowledged() {
        return (int) Math.max(0, sendEnd - sndUnaPosition);
    }

    /** How many bytes ahead in the stream the urgent data ends; 0 if there is none (RFC 9293 section 3.8.5, MUST-33). */
    public int urgentAhead() {
        return urgentPending ? (int) Math.max(0, urgentEnd - readPosition) : 0;
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

    /** Bytes handed over and never sent. */
    int unsent() {
        return finSent ? 0 : (int) (sendEnd - position(sndNxt));
    }

    /** Bytes and FIN in flight: sent and not acknowledged. */
    int flight() {
        return Seq.distance(sndNxt, sndUna);
    }

    /** The right edge of the peer's window. */
    int sndEdge() {
        return sndUna + sndWnd;
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
                + dupAcks
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
        softError = null;
        path = null;
        options = tcp.defaultOptions;
        listener = null;
        user = null;
        detached = false;
        events = 0;
        sndWnd = 0;
        maxSndWnd = 0;
        sndWindShift = 0;
        urgentToSend = false;
        sndUnaPosition = 0;
        sendEnd = 0;
        finQueued = false;
        finSent = false;
        synQueued = false;
        writeBlocked = false;
        rcvWindShift = 0;
        urgentPending = false;
        rcvPosition = 0;
        readPosition = 0;
        finPosition = -1;
        finReceived = false;
        readShut = false;
        sackOk = false;
        timestampsOk = false;
        scalingOk = false;
        ecn = 0;
        ackNow = false;
        unackedBytes = 0;
        dataSeen = false;
        quickAcks = 0;
        dialogue = 0;
        shortSent = false;
        emptyAnswered = false;
        duplicateStart = 0;
        duplicateEnd = 0;
        ackDeadline = NEVER;
        rtt.reset();
        recovery = Recovery.OPEN;
        dupAcks = 0;
        forceRetransmit = false;
        cwndLimited = false;
        reorderingSeen = false;
        reorderSteps = 1;
        reorderPersist = 0;
        mayUndo = false;
        hasResent = false;
        undoResent = 0;
        frto = SpuriousRecovery.Frto.OFF;
        probe = TailLossProbe.Probe.NONE;
        lossProbeDue = false;
        sendTimer = SendTimer.IDLE;
        sendDeadline = NEVER;
        retransmits = 0;
        lifeDeadline = NEVER;
        keepAliveSent = 0;
        probeDue = false;
        totalRetransmits = 0;
    }

    @Override
    public String toString() {
        return Address.toString(localHigh, localLow) + ":" + localPort + " " + Address.toString(remoteHigh, remoteLow)
                + ":" + remotePort + " " + state;
    }
}
