package dev.jmtcp.core.tcp;

import dev.jmtcp.core.wire.TcpHeader;
import java.util.TreeMap;

/**
 * What one end of a connection has been allowed and told by the segments that reached it, and whether what it sends keeps to that: nothing beyond the furthest
 * right edge that the peer has ever offered (RFC 9293 section 3.8.6), no ACK of what has not come.
 */
final class Witness {

    private long number;
    private boolean begun;
    private int ours;
    private int theirs;
    private int ourShift;
    private int theirShift;

    /** The furthest right edge offered, from our initial sequence number. */
    private int edge;

    /** All that has come without a hole, from the peer's initial sequence number, and what has come beyond. */
    private int next;

    private final TreeMap<Integer, Integer> beyond = new TreeMap<>();

    /** A segment has reached this end. */
    void received(byte[] bytes) {
        Packet p = Packet.decode(bytes);
        boolean syn = p.has(TcpHeader.SYN);
        if (syn) {
            theirs = p.seq;
            theirShift = Math.max(0, p.scale);
        }
        int begin = p.seq - theirs;
        int end = begin + p.length + (syn ? 1 : 0) + (p.has(TcpHeader.FIN) ? 1 : 0);
        beyond.merge(begin, end, Math::max);
        while (!beyond.isEmpty() && beyond.firstKey() <= next) {
            next = Math.max(next, beyond.pollFirstEntry().getValue());
        }
        if (p.has(TcpHeader.ACK)) {
            edge = Math.max(edge, p.ack - ours + (p.window << (syn || ourShift < 0 ? 0 : theirShift)));
        }
    }

    /** This end sends a segment. */
    void sends(byte[] bytes) {
        Packet p = Packet.decode(bytes);
        number++;
        if (p.has(TcpHeader.SYN)) {
            if (begun && ours != p.seq) {
                throw new AssertionError("another initial sequence number");
            }
            begun = true;
            ours = p.seq;
            ourShift = Math.max(-1, p.scale);
            return;
        }
        int end = p.seq - ours + p.length + (p.has(TcpHeader.FIN) ? 1 : 0);
        if (p.length + (p.has(TcpHeader.FIN) ? 1 : 0) > 0 && end > edge) {
            throw new AssertionError("segment " + number + " goes to " + end + ", the peer allows " + edge + ": " + p);
        }
        if (p.has(TcpHeader.ACK) && p.ack - theirs > next) {
            throw new AssertionError("segment " + number + " acknowledges " + (p.ack - theirs) + ", of which " + next
                    + " has come: " + p);
        }
    }
}
