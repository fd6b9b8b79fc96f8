package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.Ranges;
import dev.jmtcp.core.metrics.Counter;

/** Text that comes out of order or twice: kept until what lies before it has come (RFC 9293 section 3.10.7.4, seventh check). One object a stack. */
final class Reassembly {

    private final Tcp tcp;

    Reassembly(Tcp tcp) {
        this.tcp = tcp;
    }

    /** RFC 9293 section 3.10.7.4, SHLD-31: what comes out of order is kept. */
    void outOfOrder(Connection c, Segment s) {
        if (s.length == 0) {
            return;
        }
        Ranges ranges = c.outOfOrder;
        if (ranges == null) {
            ranges = tcp.pool.takeRanges();
            c.outOfOrder = ranges;
        }
        long start = c.rcvPosition + Seq.distance(s.seq, c.rcvNxt);
        long end = start + s.length;
        boolean atEdge = s.seq == c.rcvNxt;
        if (!atEdge) {
            tcp.counters.add(Counter.TCP_OUT_OF_ORDER);
        }
        notePartDuplicate(c, ranges, start, end);
        if (!tcp.receiver.window(c).put(start, s.memory, s.payload, s.length)) {
            if (atEdge && c.readable() == 0) {
                // What came out of order makes room, else nothing would ever go on (RFC 2018 section 8 lets a receiver
                // do that).
                tcp.pool.releaseReceive(c);
                tcp.receiver.inOrder(c, s);
                return;
            }
            tcp.receiver.noMemory(c, s);
        } else if (atEdge) {
            fillHole(c, ranges, end);
        } else if (!ranges.add(start, end)) {
            tcp.counters.add(Counter.TCP_NO_MEMORY); // too many holes
        }
        if (ranges.count() == 0) {
            tcp.pool.releaseOutOfOrder(c);
        }
    }

    /** The left edge moves over what has come now, up to a position, and what had come before it. */
    private void fillHole(Connection c, Ranges ranges, long end) {
        long contiguous = ranges.contiguousEnd(end);
        long bytes = contiguous - c.rcvPosition;
        ranges.removeBelow(contiguous);
        tcp.receiver.advance(c, bytes);
        if (c.readShut) {
            tcp.receiver.releaseRead(c);
        }
    }

    /** RFC 2883 section 4.2: of a segment that has come in part already, the first part is told; one that lies before it has been noted. */
    private void notePartDuplicate(Connection c, Ranges ranges, long start, long end) {
        int i = ranges.firstWithin(start, end);
        if (i >= 0 && !c.hasDuplicate()) {
            int from = c.rcvNxt + (int) (Math.max(start, ranges.start(i)) - c.rcvPosition);
            int to = c.rcvNxt + (int) (Math.min(end, ranges.end(i)) - c.rcvPosition);
            noteDuplicate(c, from, to);
        }
    }

    /** What has come twice is told in the first SACK block of the next ACK (RFC 2883 section 4). */
    static void noteDuplicate(Connection c, int start, int end) {
        // RFC 2883 section 4 is about data; in TIME-WAIT only the FIN can come twice.
        if (c.sackOk && Seq.lessThan(start, end) && c.state != State.TIME_WAIT) {
            Seldom own = c.ownSeldom();
            own.duplicateStart = start;
            own.duplicateEnd = end;
            c.ackNow = true;
            c.tcp.ready.add(c);
        }
    }
}
