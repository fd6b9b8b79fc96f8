package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.Ranges;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import java.lang.foreign.MemorySegment;

/**
 * Builds segments directly in the driver's frames. Each method answers 0 when the segment is on its way, or {@link Network#FULL} or
 * {@link Network#UNRESOLVED}, and then nothing has changed.
 */
final class SegmentWriter {

    private static final int MAX_WINDOW = 0xffff;

    /** What SACK blocks leave of a segment for data, at least. */
    private static final int LEAST_PAYLOAD = 8;

    private final Tcp tcp;
    private final Network network;

    SegmentWriter(Tcp tcp) {
        this.tcp = tcp;
        network = tcp.network;
    }

    /** A SYN, or a SYN-ACK in SYN-RECEIVED. */
    long syn(Connection c) {
        Path path = c.path;
        if (path == null) {
            return Network.UNRESOLVED;
        }
        TcpSettings settings = tcp.settings;
        boolean answer = c.state == State.SYN_RECEIVED;
        boolean timestamps = answer ? c.timestampsOk : settings.timestamps();
        boolean sack = answer ? c.sackOk : settings.sack();
        boolean scaling = answer ? c.scalingOk : settings.windowScaling();
        int headerLength = TcpHeader.MIN_LENGTH + TcpOptions.synLength(true, scaling, sack, timestamps);
        long at = network.reserve(path, headerLength);
        if (at < 0) {
            return at;
        }
        MemorySegment memory = network.memory(path);
        int window = synWindow(c.options);
        int flags = TcpHeader.SYN;
        if (answer) {
            flags |= c.ecn == 0 ? TcpHeader.ACK : TcpHeader.ACK | TcpHeader.ECE;
        } else {
            flags |= tcp.ecn.ask(c, c.loss.totalRetransmits > 0);
        }
        TcpHeader.write(
                memory, at, c.localPort, c.remotePort, c.iss(), answer ? c.rcvNxt : 0, headerLength, flags, window);
        int shift = scaling ? tcp.handshake.windowShift(c.options) : -1;
        int mss = Handshake.announcedMss(c.options, path);
        int tsVal = Timestamps.value(c, tcp.now);
        int tsEcr = answer ? c.tsRecent : 0;
        long options = at + TcpHeader.MIN_LENGTH;
        synOptions(settings.personality(), memory, options, mss, shift, sack, timestamps, tsVal, tsEcr);
        commit(c, path, headerLength, 0, 0);
        c.lastDataSent = tcp.now;
        if (answer) {
            c.rcvAdv = c.rcvNxt + window;
            acknowledged(c);
        }
        return 0;
    }

    /** The options of a SYN in the system's order. */
    static void synOptions(
            Personality personality,
            MemorySegment memory,
            long at,
            int mss,
            int shift,
            boolean sack,
            boolean timestamps,
            int tsVal,
            int tsEcr) {
        if (personality == Personality.BSD) {
            TcpOptions.writeSynAsBsd(memory, at, mss, shift, sack, timestamps, tsVal, tsEcr);
        } else {
            TcpOptions.writeSyn(memory, at, mss, shift, sack, timestamps, tsVal, tsEcr);
        }
    }

    /** An ACK without data. */
    long ack(Connection c, int seq) {
        Path path = c.path;
        if (path == null) {
            return Network.UNRESOLVED;
        }
        int headerLength = headerLength(c);
        long at = network.reserve(path, headerLength);
        if (at < 0) {
            return at;
        }
        header(c, network.memory(path), at, seq, headerLength, TcpHeader.ACK);
        commit(c, path, headerLength, 0, 0);
        return 0;
    }

    /**
     * Data and, behind the last byte, the FIN.
     *
     * @param size what the segment takes of the sequence space
     * @param fresh whether it goes for the first time
     * @param push whether it has PSH, if there is data
     */
    long data(Connection c, int seq, int size, boolean fresh, boolean push) {
        Path path = c.path;
        if (path == null) {
            return Network.UNRESOLVED;
        }
        long position = c.position(seq);
        boolean fin = c.finSent && position + size > c.sendEnd();
        int length = fin ? size - 1 : size;
        int headerLength = headerLength(c);
        int segmentSize = Sender.segmentSize(c);
        long at = network.reserve(path, headerLength + length);
        if (at < 0) {
            return at;
        }
        MemorySegment memory = network.memory(path);
        int flags = push && length > 0 ? TcpHeader.ACK | TcpHeader.PSH : TcpHeader.ACK;
        if (fin) {
            flags |= TcpHeader.FIN;
        }
        int ecn = 0;
        if (c.ecn != 0 && fresh && length > 0) {
            // RFC 3168 section 6.1: neither what is sent again, nor ACKs, nor probes (sections 6.1.4 to 6.1.6).
            ecn = Ecn.CAPABLE;
            if ((c.ecn & Ecn.REDUCED) != 0) {
                c.ecn &= ~Ecn.REDUCED;
                flags |= TcpHeader.CWR;
            }
        }
        header(c, memory, at, seq, headerLength, flags);
        var send = c.send;
        if (length > 0 && send != null) {
            send.get(position, memory, at + headerLength, length);
        }
        commit(c, path, headerLength + length, length > segmentSize ? segmentSize : 0, ecn);
        c.lastDataSent = tcp.now;
        if (length > 0) {
            tcp.receiver.answered(c);
            if (length < segmentSize && tcp.settings.personality() == Personality.LINUX) {
                Seldom own = c.ownSeldom();
                own.shortEnd = seq + size;
                own.shortSent = true;
            }
        }
        tcp.counters.add(Counter.TCP_BYTES_OUT, length);
        return 0;
    }

    private void header(Connection c, MemorySegment memory, long at, int seq, int headerLength, int flags) {
        int field = windowField(c);
        int bits = flags;
        if (c.seldom.urgentToSend) {
            bits |= urgentFlag(c, seq);
        }
        if ((c.ecn & Ecn.ECHO) != 0) {
            bits |= TcpHeader.ECE;
        }
        TcpHeader.write(memory, at, c.localPort, c.remotePort, seq, c.rcvNxt, headerLength, bits, field);
        if ((bits & TcpHeader.URG) != 0) {
            TcpHeader.urgentPointer(memory, at, Math.min(Seq.distance(c.seldom.sndUp, seq), MAX_WINDOW));
        }
        long options = at + TcpHeader.MIN_LENGTH;
        if (c.timestampsOk) {
            options += TcpOptions.writeTimestamps(memory, options, Timestamps.value(c, tcp.now), c.tsRecent);
        }
        sackBlocks(c, memory, options);
        c.rcvAdv = Seq.max(c.rcvAdv, c.rcvNxt + (field << c.rcvWindShift));
        acknowledged(c);
    }

    private static int urgentFlag(Connection c, int seq) {
        if (Seq.greaterThan(c.seldom.sndUp, seq)) {
            return TcpHeader.URG;
        }
        c.ownSeldom().urgentToSend = Seq.greaterThan(c.seldom.sndUp, c.sndUna);
        return 0;
    }

    /** Every segment with an ACK settles what was owed. */
    private static void acknowledged(Connection c) {
        c.ackNow = false;
        if (c.seldom.quickAcks > 0) {
            c.ownSeldom().quickAcks--;
        }
        c.unackedBytes = 0;
        c.ackDeadline = Connection.NEVER;
        c.lastAckSent = c.rcvNxt;
        if (c.hasDuplicate()) {
            c.ownSeldom().duplicateEnd = c.seldom.duplicateStart;
        }
    }

    private void commit(Connection c, Path path, int length, int segmentSize, int ecn) {
        network.commit(
                path,
                c.localHigh,
                c.localLow,
                c.remoteHigh,
                c.remoteLow,
                length,
                c.options.trafficClass | ecn,
                c.options.hopLimit,
                segmentSize);
        c.lastSent = tcp.now;
        tcp.counters.add(Counter.TCP_SEGMENTS_OUT);
    }

    private static int headerLength(Connection c) {
        return TcpHeader.MIN_LENGTH + (c.timestampsOk ? TcpOptions.TIMESTAMPS_LENGTH : 0) + sackLength(c);
    }

    // ---- Selective acknowledgment

    /** The bytes that the SACK option of the next segment takes. */
    static int sackLength(Connection c) {
        return TcpOptions.sackLength(sackCount(c));
    }

    private static int sackCount(Connection c) {
        if (!c.sackOk) {
            return 0;
        }
        Ranges ranges = c.outOfOrder;
        int count = (ranges == null ? 0 : ranges.count()) + (c.hasDuplicate() ? 1 : 0);
        return count == 0 ? 0 : Math.min(count, maxSackBlocks(c));
    }

    /** As many as fit into a header, and leave room for data where segments are tiny. */
    private static int maxSackBlocks(Connection c) {
        int taken = c.timestampsOk ? TcpOptions.TIMESTAMPS_LENGTH : 0;
        int tiny = Math.max(0, TcpHeader.MAX_OPTIONS_LENGTH - (c.sndMss - LEAST_PAYLOAD));
        return TcpOptions.maxSackBlocks(Math.max(taken, tiny));
    }

    /** RFC 2018 section 4: the block of the segment that came last first; RFC 2883 section 4: before it, what came twice. */
    private static void sackBlocks(Connection c, MemorySegment memory, long at) {
        int count = sackCount(c);
        if (count == 0) {
            return;
        }
        long block = at + TcpOptions.writeSackHeader(memory, at, count);
        int left = count;
        if (c.hasDuplicate()) {
            block += TcpOptions.writeSackBlock(memory, block, c.seldom.duplicateStart, c.seldom.duplicateEnd);
            left--;
        }
        Ranges ranges = c.outOfOrder;
        for (int k = 0; k < left && ranges != null; k++) {
            int i = ranges.recent(k);
            int start = c.rcvNxt + (int) (ranges.start(i) - c.rcvPosition);
            int end = c.rcvNxt + (int) (ranges.end(i) - c.rcvPosition);
            block += TcpOptions.writeSackBlock(memory, block, start, end);
        }
    }

    // ---- The window to offer

    /** The window that a SYN offers; it is never scaled (RFC 7323 section 2.2). */
    static int synWindow(ConnectionOptions options) {
        return Math.min(options.receiveBuffer, MAX_WINDOW);
    }

    /**
     * The window field. Rounded up, so that what was promised is not taken back (RFC 9293 section 3.8.6, SHLD-14); but down where rounding up each time
     * would go on promising room that there is not (RFC 7323 section 2.4 has the peer bear with it, and data up to the old edge is still taken).
     */
    private int windowField(Connection c) {
        int window = window(c);
        int round = (1 << c.rcvWindShift) - 1;
        int up = window + round & ~round;
        return Math.min((up > free(c) + round ? window : up) >> c.rcvWindShift, MAX_WINDOW);
    }

    /** Bytes of the receive buffer that are not taken. */
    static int free(Connection c) {
        return Math.max(0, c.options.receiveBuffer - c.readable);
    }

    /**
     * RCV.WND to offer in the next segment, in bytes from RCV.NXT (RFC 9293 section 3.8.6.2.2, MUST-39): never less than was promised, and more
     * only when there is more by a segment or by half of the buffer.
     */
    int window(Connection c) {
        int buffer = c.options.receiveBuffer;
        int free = free(c);
        int offered = Math.max(0, Seq.distance(c.rcvAdv, c.rcvNxt));
        int limit = MAX_WINDOW << c.rcvWindShift;
        if (tcp.settings.personality() == Personality.BSD) {
            boolean silly = free < buffer / 4 && free < c.rcvMss;
            return Math.max(offered, silly ? 0 : Math.min(free, limit));
        }
        return free - offered >= Math.min(buffer / 2, c.rcvMss) ? Math.min(free, limit) : offered;
    }
}
