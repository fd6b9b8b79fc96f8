package dev.jmtcp.pcap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Capture files written by hand, by the letter of the format, in either byte order; and what a reader makes of them. */
final class CaptureBytes {

    record Frame(int onInterface, long timestamp, long originalLength, String content) {}

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20);

    CaptureBytes(ByteOrder order) {
        bytes.order(order);
    }

    CaptureBytes order(ByteOrder order) {
        bytes.order(order);
        return this;
    }

    CaptureBytes pcapHeader(int magic) {
        bytes.putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65535)
                .putInt(1);
        return this;
    }

    CaptureBytes pcapFrame(int seconds, int fraction, int original, String content) {
        bytes.putInt(seconds).putInt(fraction).putInt(content.length()).putInt(original);
        bytes.put(content.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    CaptureBytes section() {
        return block(
                0x0a0d0d0a,
                body().putInt(0x1a2b3c4d)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putLong(-1));
    }

    CaptureBytes describe(String name, int snapLength, int resolution, long offset) {
        ByteBuffer body = body().putShort((short) 1).putShort((short) 0).putInt(snapLength);
        option(body, 1, "a comment".getBytes(StandardCharsets.US_ASCII));
        option(body, 2, name.getBytes(StandardCharsets.UTF_8));
        option(body, 9, (byte) resolution);
        option(body, 14, body().putLong(offset).array().clone(), 8);
        option(body, 0);
        return block(1, body);
    }

    /** An interface that says nothing of itself. */
    CaptureBytes describe() {
        return block(1, body().putShort((short) 1).putShort((short) 0).putInt(0));
    }

    CaptureBytes enhanced(int onInterface, long time, int original, String content) {
        ByteBuffer body = body().putInt(onInterface)
                .putInt((int) (time >>> 32))
                .putInt((int) time)
                .putInt(content.length())
                .putInt(original);
        padded(body, content);
        option(body, 2, (byte) 1, (byte) 0, (byte) 0, (byte) 0);
        option(body, 0);
        return block(6, body);
    }

    CaptureBytes obsolete(int onInterface, long time, int original, String content) {
        ByteBuffer body = body().putShort((short) onInterface)
                .putShort((short) 3)
                .putInt((int) (time >>> 32))
                .putInt((int) time)
                .putInt(content.length())
                .putInt(original);
        padded(body, content);
        return block(2, body);
    }

    CaptureBytes simple(int original, String content) {
        ByteBuffer body = body().putInt(original);
        padded(body, content);
        return block(3, body);
    }

    CaptureBytes unknown(int type, int length) {
        return block(type, body().position(length));
    }

    CaptureBytes block(int type, ByteBuffer body) {
        int total = 12 + body.position();
        bytes.putInt(type).putInt(total).put(body.flip()).putInt(total);
        return this;
    }

    ByteBuffer body() {
        return ByteBuffer.allocate(70_000).order(bytes.order());
    }

    byte[] bytes() {
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static void padded(ByteBuffer body, String content) {
        body.put(content.getBytes(StandardCharsets.US_ASCII));
        body.position(body.position() + 3 & ~3);
    }

    private static void option(ByteBuffer body, int code, byte... value) {
        option(body, code, value, value.length);
    }

    private static void option(ByteBuffer body, int code, byte[] value, int length) {
        body.putShort((short) code).putShort((short) length).put(value, 0, length);
        body.position(body.position() + 3 & ~3);
    }

    static PcapReader reader(byte[] file) throws IOException {
        return PcapReader.of(Channels.newChannel(new ByteArrayInputStream(file)), "test.pcap");
    }

    static List<Frame> read(byte[] file) throws IOException {
        try (var reader = reader(file)) {
            return read(reader);
        }
    }

    static List<Frame> read(PcapReader reader) throws IOException {
        List<Frame> frames = new ArrayList<>();
        while (reader.next()) {
            frames.add(
                    new Frame(reader.interfaceIndex(), reader.timestamp(), reader.originalLength(), content(reader)));
        }
        return frames;
    }

    static String content(PcapReader reader) {
        var bytes = new byte[reader.length()];
        MemorySegment.copy(reader.memory(), ValueLayout.JAVA_BYTE, reader.offset(), bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
