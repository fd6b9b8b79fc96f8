package dev.jmtcp.pcap;

import java.io.IOException;
import java.nio.ByteOrder;

/** The older format: a file header, then frames. */
final class PcapFormat extends Format {

    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;
    private static final int FILE_HEADER = 24;
    private static final int FRAME_HEADER = 16;
    private static final int LINK_TYPE = 0xffff;

    private final int unit;

    private PcapFormat(Input input, ByteOrder order, int unit) throws IOException {
        super(input);
        this.unit = unit;
        input.order(order);
        input.require(FILE_HEADER, "a pcap header");
        int major = input.u16(4);
        if (major != 2) {
            throw input.damaged("pcap version " + major + "." + input.u16(6) + ", expected 2.x");
        }
        interfaces.add(new CaptureInterface("", input.i32(20) & LINK_TYPE));
        input.advance(FILE_HEADER);
    }

    /** @param magic the first four bytes in native order */
    static PcapFormat of(int magic, Input input) throws IOException {
        ByteOrder same = ByteOrder.nativeOrder();
        ByteOrder other = same == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int reversed = Integer.reverseBytes(magic);
        if (magic == MICROSECONDS || magic == NANOSECONDS) {
            return new PcapFormat(input, same, magic == MICROSECONDS ? 1000 : 1);
        }
        if (reversed == MICROSECONDS || reversed == NANOSECONDS) {
            return new PcapFormat(input, other, reversed == MICROSECONDS ? 1000 : 1);
        }
        throw input.damaged("neither a pcap nor a pcapng file");
    }

    @Override
    boolean next() throws IOException {
        input.advance(pending);
        pending = 0;
        if (input.atEnd()) {
            return false;
        }
        input.require(FRAME_HEADER, "a frame header");
        long captured = input.u32(8);
        if (captured > PcapReader.MAXIMUM_LENGTH) {
            throw input.damaged("a frame of " + captured + " bytes");
        }
        int total = FRAME_HEADER + (int) captured;
        input.require(total, "a frame with its header");
        timestamp = input.u32(0) * SECOND + input.u32(4) * unit;
        length = (int) captured;
        originalLength = input.u32(12);
        offset = input.offset(FRAME_HEADER);
        pending = total;
        return true;
    }
}
