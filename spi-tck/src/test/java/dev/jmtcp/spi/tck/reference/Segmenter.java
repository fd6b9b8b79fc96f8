package dev.jmtcp.spi.tck.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Does what {@link TxOffload} asks for, as a network card would. One sender's. */
final class Segmenter {

    private static final int FIN = 0x01;
    private static final int PSH = 0x08;

    private final MemorySegment segment;
    private final Defect defect;

    Segmenter(int longest, Defect defect, Arena arena) {
        segment = arena.allocate(longest, 64);
        this.defect = defect;
    }

    MemorySegment memory() {
        return segment;
    }

    static int segments(int length, long offload) {
        if ((TxOffload.flags(offload) & TxOffload.TCP_SEGMENTATION) == 0) {
            return 1;
        }
        int payload = length - headers(offload);
        return Math.max(1, (payload + TxOffload.segmentSize(offload) - 1) / TxOffload.segmentSize(offload));
    }

    /** Makes segment {@code i} of a frame, in {@link #memory()}; how long it is. */
    int make(MemorySegment frame, long offset, int length, long offload, int i) {
        int headers = headers(offload);
        int size = TxOffload.segmentSize(offload);
        int payload = Math.min(size, length - headers - i * size);
        MemorySegment.copy(frame, offset, segment, 0, headers);
        MemorySegment.copy(frame, offset + headers + (long) i * size, segment, headers, payload);
        long ip = TxOffload.ethernetLength(offload);
        long tcp = ip + TxOffload.ipLength(offload);
        Bytes.int16(segment, ip + 2, headers + payload - (int) ip);
        if (defect != Defect.SEGMENTS_WRONGLY) {
            Bytes.int32(segment, tcp + 4, Bytes.int32(segment, tcp + 4) + i * size);
        }
        boolean last = headers + i * size + payload == length;
        if (!last) {
            segment.set(JAVA_BYTE, tcp + 13, (byte) (segment.get(JAVA_BYTE, tcp + 13) & ~(FIN | PSH)));
        }
        int pseudo = Bytes.checksum(segment, ip + 12, 8, 6 + headers + payload - (int) tcp) ^ 0xffff;
        Bytes.int16(segment, tcp + 16, pseudo);
        fillIn(segment, 0, headers + payload, offload, TxOffload.IPV4_CHECKSUM | TxOffload.TCP_CHECKSUM);
        return headers + payload;
    }

    /** Fills in the checksums that are asked for. */
    void fillIn(MemorySegment frame, long offset, int length, long offload, int flags) {
        long ip = offset + TxOffload.ethernetLength(offload);
        long tcp = ip + TxOffload.ipLength(offload);
        if ((flags & TxOffload.IPV4_CHECKSUM) != 0) {
            Bytes.int16(frame, ip + 10, 0);
            Bytes.int16(frame, ip + 10, Bytes.checksum(frame, ip, TxOffload.ipLength(offload), 0));
        }
        if ((flags & TxOffload.TCP_CHECKSUM) != 0 && defect != Defect.FILLS_IN_NO_CHECKSUM) {
            Bytes.int16(frame, tcp + 16, Bytes.checksum(frame, tcp, (int) (offset + length - tcp), 0));
        }
    }

    private static int headers(long offload) {
        return TxOffload.ethernetLength(offload) + TxOffload.ipLength(offload) + TxOffload.tcpLength(offload);
    }
}
