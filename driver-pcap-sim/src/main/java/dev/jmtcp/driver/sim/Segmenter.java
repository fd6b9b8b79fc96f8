package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Cuts one TCP frame into segments, as network cards do. Used again for each frame. */
final class Segmenter {

    private static final int FIN_PSH = 0x09;
    private static final int CWR = 0x80;

    private MemorySegment memory = MemorySegment.NULL;
    private long frame;
    private long offload;
    private int headers;
    private int payload;
    private int sent;
    private int segment;

    /** Begins to cut a frame. */
    void begin(MemorySegment memory, long frame, int length, long offload) {
        this.memory = memory;
        this.frame = frame;
        this.offload = offload;
        headers = TxOffload.ethernetLength(offload) + TxOffload.ipLength(offload) + TxOffload.tcpLength(offload);
        payload = length - headers;
        sent = 0;
        segment = 0;
    }

    /** The length of the next segment's frame. */
    int nextLength() {
        return headers + Math.min(payload - sent, TxOffload.segmentSize(offload));
    }

    /** Writes the next segment; whether it was the last. */
    boolean write(MemorySegment target, long at) {
        int size = nextLength() - headers;
        boolean last = sent + size == payload;
        MemorySegment.copy(memory, frame, target, at, headers);
        MemorySegment.copy(memory, frame + headers + sent, target, at + headers, size);
        long ip = at + TxOffload.ethernetLength(offload);
        long tcp = ip + TxOffload.ipLength(offload);
        int tcpLength = TxOffload.tcpLength(offload) + size;
        writeIp(target, ip, tcpLength);
        target.set(Checksums.INT, tcp + 4, target.get(Checksums.INT, tcp + 4) + sent);
        int flags = target.get(ValueLayout.JAVA_BYTE, tcp + 13);
        flags &= (last ? ~0 : ~FIN_PSH) & (segment == 0 ? ~0 : ~CWR);
        target.set(ValueLayout.JAVA_BYTE, tcp + 13, (byte) flags);
        // The field holds the sum of the pseudo header with the length of all: that is exchanged for the segment's own.
        int whole = TxOffload.tcpLength(offload) + payload;
        int pseudo = (target.get(Checksums.SHORT, tcp + 16) & 0xffff) + (0xffff - Checksums.fold(whole)) + tcpLength;
        target.set(Checksums.SHORT, tcp + 16, (short) Checksums.fold(pseudo));
        Checksums.fill(target, tcp + 16, tcp, tcpLength);
        sent += size;
        segment++;
        return last;
    }

    private void writeIp(MemorySegment target, long ip, int tcpLength) {
        if ((TxOffload.flags(offload) & TxOffload.IPV6) != 0) {
            int extensions = TxOffload.ipLength(offload) - ParsedFrame.IPV6_HEADER;
            target.set(Checksums.SHORT, ip + 4, (short) (extensions + tcpLength));
        } else {
            int ipLength = TxOffload.ipLength(offload);
            target.set(Checksums.SHORT, ip + 2, (short) (ipLength + tcpLength));
            target.set(Checksums.SHORT, ip + 4, (short) (target.get(Checksums.SHORT, ip + 4) + segment));
            Checksums.fill(target, ip + 10, ip, ipLength);
        }
    }
}
