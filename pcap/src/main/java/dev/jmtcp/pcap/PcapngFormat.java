package dev.jmtcp.pcap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The newer format: sections of blocks, each with its length before and after it. */
final class PcapngFormat extends Format {

    /** The type of a section header, the same in both byte orders. */
    static final int SECTION_HEADER = 0x0a0d0d0a;

    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    static final int INTERFACE_DESCRIPTION = 1;
    static final int ENHANCED_PACKET = 6;
    static final int OPTION_END = 0;
    static final int OPTION_NAME = 2;
    static final int OPTION_RESOLUTION = 9;

    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int OPTION_TIME_OFFSET = 14;

    private static final int BLOCK_HEADER = 8;
    private static final int BLOCK_TRAILER = 4;
    private static final int SECTION_LENGTH = 28;
    private static final int MAXIMUM_BLOCK = 1 << 24;

    /** How an interface of the section at hand tells the time, and its place in the list of all. */
    private record Interface(int index, Resolution resolution, long snapLength) {}

    private final List<Interface> section = new ArrayList<>();

    PcapngFormat(Input input) {
        super(input);
    }

    @Override
    boolean next() throws IOException {
        while (true) {
            input.advance(pending);
            pending = 0;
            if (input.atEnd()) {
                return false;
            }
            input.require(BLOCK_HEADER + BLOCK_TRAILER, "a block");
            int type = input.i32(0);
            if (type == SECTION_HEADER) {
                beginSection();
                continue;
            }
            long total = input.u32(4);
            checkLength(total, BLOCK_HEADER + BLOCK_TRAILER);
            switch (type) {
                case INTERFACE_DESCRIPTION -> {
                    load(total, 20, "an interface description");
                    describe((int) total);
                }
                case ENHANCED_PACKET -> {
                    load(total, 32, "a frame");
                    frame(input.u32(8), 12, total);
                    return true;
                }
                case PACKET -> {
                    load(total, 32, "a frame");
                    frame(input.u16(8), 12, total);
                    return true;
                }
                case SIMPLE_PACKET -> {
                    load(total, 16, "a frame");
                    simpleFrame(total);
                    return true;
                }
                default -> skip(total);
            }
        }
    }

    private void beginSection() throws IOException {
        input.require(SECTION_LENGTH, "a section header");
        input.order(ByteOrder.BIG_ENDIAN);
        int magic = input.i32(8);
        if (magic == Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
            input.order(ByteOrder.LITTLE_ENDIAN);
        } else if (magic != BYTE_ORDER_MAGIC) {
            throw input.damaged("a section header with byte-order magic " + Integer.toHexString(magic));
        }
        int major = input.u16(12);
        if (major != 1) {
            throw input.damaged("pcapng version " + major + "." + input.u16(14) + ", expected 1.x");
        }
        long total = input.u32(4);
        checkLength(total, SECTION_LENGTH);
        section.clear();
        skip(total);
    }

    private void checkLength(long total, int least) throws PcapException {
        if (total < least || (total & 3) != 0) {
            throw input.damaged("a block of " + total + " bytes");
        }
    }

    /** Takes a block whole into the window. */
    private void load(long total, int least, String what) throws IOException {
        if (total < least || total > MAXIMUM_BLOCK) {
            throw input.damaged("a block of " + total + " bytes for " + what);
        }
        input.require((int) total, "a block");
        checkTrailer(input.position(), total, input.u32((int) total - BLOCK_TRAILER));
        pending = (int) total;
    }

    private void skip(long total) throws IOException {
        long begin = input.position();
        input.skip(total - BLOCK_TRAILER, "a block");
        input.require(BLOCK_TRAILER, "the length after a block");
        checkTrailer(begin, total, input.u32(0));
        input.advance(BLOCK_TRAILER);
    }

    private void checkTrailer(long begin, long before, long after) throws PcapException {
        if (before != after) {
            throw input.damaged(begin, "a block with length " + before + " before it and " + after + " after it");
        }
    }

    private void describe(int total) throws PcapException {
        String name = "";
        int resolution = Resolution.MICROSECONDS;
        long offset = 0;
        int end = total - BLOCK_TRAILER;
        int at = 16;
        while (at + 4 <= end) {
            int code = input.u16(at);
            int size = input.u16(at + 2);
            int value = at + 4;
            if (code == OPTION_END) {
                break;
            }
            if (value + size > end) {
                throw input.damaged("an interface description with an option that reaches beyond it");
            }
            switch (code) {
                case OPTION_NAME -> name = text(value, size);
                case OPTION_RESOLUTION -> resolution = input.u8(require(value, size, 1));
                case OPTION_TIME_OFFSET -> offset = input.i64(require(value, size, 8));
                default -> {
                    // of no concern
                }
            }
            at = value + (size + 3 & ~3);
        }
        section.add(new Interface(interfaces.size(), resolution(resolution, offset), input.u32(12)));
        interfaces.add(new CaptureInterface(name, input.u16(8)));
    }

    private int require(int value, int size, int expected) throws PcapException {
        if (size != expected) {
            throw input.damaged("an interface description with an option of " + size + " bytes instead of " + expected);
        }
        return value;
    }

    private Resolution resolution(int code, long offset) throws PcapException {
        if (!Resolution.isKnown(code)) {
            throw input.damaged("an interface with time resolution " + code);
        }
        return new Resolution(code, offset);
    }

    private String text(int at, int size) {
        MemorySegment memory = input.memory();
        var bytes = new byte[size];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, input.offset(at), bytes, 0, size);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A frame with an interface and a time; {@code at} is where the time lies. */
    private void frame(long number, int at, long total) throws PcapException {
        Interface on = onInterface(number);
        long high = input.u32(at);
        long low = input.u32(at + 4);
        long captured = input.u32(at + 8);
        if (captured > PcapReader.MAXIMUM_LENGTH || captured > total - BLOCK_TRAILER - at - 16) {
            throw input.damaged("a frame of " + captured + " bytes in a block of " + total);
        }
        long time = on.resolution.nanoseconds(high << 32 | low);
        if (time == Resolution.OUT_OF_RANGE) {
            throw input.damaged("a frame whose time is out of range");
        }
        timestamp = time;
        length = (int) captured;
        originalLength = input.u32(at + 12);
        offset = input.offset(at + 16);
        interfaceIndex = on.index;
    }

    private void simpleFrame(long total) throws PcapException {
        Interface on = onInterface(0);
        originalLength = input.u32(8);
        long captured = on.snapLength == 0 ? originalLength : Math.min(originalLength, on.snapLength);
        if (captured > PcapReader.MAXIMUM_LENGTH || captured > total - BLOCK_TRAILER - 12) {
            throw input.damaged("a frame of " + captured + " bytes in a block of " + total);
        }
        length = (int) captured;
        offset = input.offset(12);
        interfaceIndex = on.index;
    }

    private Interface onInterface(long number) throws PcapException {
        if (number >= section.size()) {
            throw input.damaged("a frame on interface " + number + ", of which there is no description");
        }
        return section.get((int) number);
    }
}
