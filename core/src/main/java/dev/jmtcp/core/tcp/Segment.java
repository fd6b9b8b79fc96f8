package dev.jmtcp.core.tcp;

import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import java.lang.foreign.MemorySegment;

/** The segment that is being processed: its header taken apart, its payload where it lies. One object a stack, reused. */
final class Segment {

    MemorySegment memory = MemorySegment.NULL;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    int seq;
    int ack;
    int flags;
    int window;
    boolean windowIsScaled;
    int urgent;
    long payload;
    int length;
    int trafficClass;

    /** The sequence number as it came: trimming does not change it. */
    int firstSeq;

    /** Whether some of it lies in the window; else no more than what it acknowledges is looked at. */
    boolean inWindow;

    /** Whether it acknowledges a SYN cookie. */
    boolean byCookie;

    /** Whether it takes nothing of the sequence space, as it came: trimming does not make it so. */
    boolean pure;

    final TcpOptions options = new TcpOptions();

    /**
     * Takes a segment apart.
     *
     * @return false if its header is malformed; its options are not looked at yet
     */
    boolean parse(MemorySegment memory, long offset, int size) {
        if (size < TcpHeader.MIN_LENGTH) {
            return false;
        }
        long second = TcpHeader.second(memory, offset);
        int headerLength = (int) second >>> 26 & 0x3c;
        if (headerLength < TcpHeader.MIN_LENGTH || headerLength > size) {
            return false;
        }
        long first = TcpHeader.first(memory, offset);
        this.memory = memory;
        sourcePort = (int) (first >>> 48);
        destinationPort = (int) (first >>> 32) & 0xffff;
        seq = (int) first;
        firstSeq = seq;
        ack = (int) (second >>> 32);
        flags = (int) second >>> 16 & 0xff;
        window = (int) second & 0xffff;
        windowIsScaled = !has(TcpHeader.SYN); // RFC 7323 section 2.2
        urgent = TcpHeader.urgentPointer(memory, offset);
        payload = offset + headerLength;
        length = size - headerLength;
        inWindow = true;
        byCookie = false;
        pure = sequenceLength() == 0;
        return sourcePort != 0 && destinationPort != 0;
    }

    /** Reads the options; false if one has an impossible length (RFC 9293 section 3.1, MUST-7). */
    boolean parseOptions(long offset) {
        return options.parse(memory, offset + TcpHeader.MIN_LENGTH, (int) (payload - offset) - TcpHeader.MIN_LENGTH);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** SEG.WND in bytes, for a connection with this shift count. */
    int scaledWindow(int shift) {
        return windowIsScaled ? window << shift : window;
    }

    /** SEG.LEN: what the segment takes of the sequence space, SYN and FIN included. */
    int sequenceLength() {
        return length + (has(TcpHeader.SYN) ? 1 : 0) + (has(TcpHeader.FIN) ? 1 : 0);
    }

    /** Forgets the payload's first bytes, which are old; a SYN goes first. */
    void trimFront(int bytes) {
        int rest = bytes;
        if (rest > 0 && has(TcpHeader.SYN)) {
            flags &= ~TcpHeader.SYN;
            seq++;
            rest--;
        }
        int cut = Math.min(rest, length);
        seq += cut;
        payload += cut;
        length -= cut;
    }

    /** Forgets what lies beyond the window; the FIN goes first. */
    void trimBack(int bytes) {
        int rest = bytes;
        if (rest > 0 && has(TcpHeader.FIN)) {
            flags &= ~TcpHeader.FIN;
            rest--;
        }
        length -= Math.min(rest, length);
    }
}
