package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.buffer.Ranges;

/**
 * Records of connections and of what they need while data is on its way, kept for reuse: once warm, opening, using and closing connections
 * allocates nothing. What is kept is bounded.
 */
final class ConnectionPool {

    private static final int KEPT_CONNECTIONS = 1 << 16;
    private static final int KEPT_PARTS = 1 << 15;

    /** So many of the parts kept may be large: those of connections with large windows, which are few. */
    private static final int KEPT_LARGE = 1 << 6;

    /** The most holes in what has been received of one connection; beyond, segments out of order are dropped. */
    private static final int MAX_RANGES = 256;

    private final Tcp tcp;
    private final ChunkPool chunks;
    private final RttEstimator.Limits limits;
    private final Spares<Connection> connections = new Spares<>(KEPT_CONNECTIONS);
    private final Spares<ByteWindow> windows = new Spares<>(KEPT_PARTS);
    private final Spares<SentSegments> records = new Spares<>(KEPT_PARTS);
    private final Spares<Ranges> ranges = new Spares<>(KEPT_PARTS);
    private final Spares<LossState> losses = new Spares<>(KEPT_PARTS);
    private final Spares<Seldom> seldoms = new Spares<>(KEPT_PARTS);

    ConnectionPool(Tcp tcp, ChunkPool chunks) {
        this.tcp = tcp;
        this.chunks = chunks;
        TcpSettings settings = tcp.settings;
        // Linux: not the timeout has a least value, but what it is beyond the round trip.
        long granularity = settings.personality() == Personality.LINUX
                ? settings.minRto()
                : RttEstimator.Limits.DEFAULT.granularity();
        limits = new RttEstimator.Limits(settings.minRto(), settings.maxRto(), settings.initialRto(), granularity);
    }

    Connection take(String congestionControl) {
        Connection c = connections.take();
        if (c == null) {
            return new Connection(tcp, new RttEstimator(limits), CongestionControls.create(congestionControl));
        }
        c.pooled = false;
        c.reset();
        if (!c.congestion.name().equals(congestionControl)) {
            c.congestion = CongestionControls.create(congestionControl);
        }
        return c;
    }

    void recycle(Connection c) {
        releaseReceive(c);
        releaseSeldom(c);
        c.pooled = true;
        connections.give(c);
    }

    ByteWindow takeWindow() {
        ByteWindow window = windows.take();
        return window == null ? new ByteWindow(chunks) : window;
    }

    SentSegments takeRecord() {
        SentSegments record = records.take();
        return record == null ? new SentSegments() : record;
    }

    Ranges takeRanges() {
        Ranges taken = ranges.take();
        return taken == null ? new Ranges(MAX_RANGES) : taken;
    }

    LossState takeLossState() {
        LossState taken = losses.take();
        return taken == null ? new LossState() : taken;
    }

    Seldom takeSeldom() {
        Seldom taken = seldoms.take();
        return taken == null ? new Seldom() : taken;
    }

    private void releaseSeldom(Connection c) {
        if (c.hasLossState()) {
            losses.give(c.loss);
            c.loss = LossState.NONE;
        }
        if (c.seldom != Seldom.NOTHING) {
            seldoms.give(c.seldom);
            c.seldom = Seldom.NOTHING;
        }
    }

    /** Gives back everything about sending. */
    void releaseSend(Connection c) {
        ByteWindow send = c.send;
        if (send != null) {
            c.send = null;
            give(send);
        }
        releaseSent(c);
    }

    void releaseSent(Connection c) {
        SentSegments sent = c.sent;
        if (sent != null) {
            c.sent = null;
            sent.clear();
            if (records.count() >= KEPT_LARGE) {
                sent.shrink();
            }
            records.give(sent);
        }
    }

    void releaseReceive(Connection c) {
        releaseOutOfOrder(c);
        ByteWindow receive = c.receive;
        if (receive != null) {
            c.receive = null;
            give(receive);
        }
    }

    void releaseOutOfOrder(Connection c) {
        Ranges outOfOrder = c.outOfOrder;
        if (outOfOrder != null) {
            c.outOfOrder = null;
            outOfOrder.clear();
            ranges.give(outOfOrder);
        }
    }

    private void give(ByteWindow window) {
        window.clear();
        if (windows.count() >= KEPT_LARGE) {
            window.shrink();
        }
        windows.give(window);
    }
}
