package dev.jmtcp.apps.http;

import java.nio.ByteBuffer;

/** Writes the head of an answer: status line and header fields, up to the empty line. */
public final class ResponseHead {

    /** Room that any head fits into. */
    public static final int MAX_LENGTH = 512;

    private static final byte[] DATE = Ascii.bytes("Date: ");
    private static final byte[] SERVER = Ascii.bytes("\r\nServer: jmtcp\r\nContent-Length: ");
    private static final byte[] TYPE = Ascii.bytes("\r\nContent-Type: ");
    private static final byte[] ACCEPT_RANGES = Ascii.bytes("\r\nAccept-Ranges: bytes");
    private static final byte[] CONTENT_RANGE = Ascii.bytes("\r\nContent-Range: bytes ");
    private static final byte[] ALLOW = Ascii.bytes("\r\nAllow: GET, HEAD");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("\r\nConnection: Keep-Alive\r\n\r\n");
    private static final byte[] CLOSE = Ascii.bytes("\r\nConnection: Close\r\n\r\n");

    private ResponseHead() {}

    /**
     * Writes the head of an answer that sends content, or would if it were not for HEAD.
     *
     * @param status {@link Status#OK} or {@link Status#PARTIAL_CONTENT}
     * @param range what is sent, resolved over the size
     * @param size the size of the whole
     * @param type the media type, at most 100 bytes
     */
    static void writeContent(
            ByteBuffer out, Status status, byte[] date, ByteRange range, long size, byte[] type, boolean keepAlive) {
        start(out, status, date, range.length());
        out.put(TYPE).put(type).put(ACCEPT_RANGES);
        if (status == Status.PARTIAL_CONTENT) {
            out.put(CONTENT_RANGE);
            Ascii.put(out, range.offset());
            out.put((byte) '-');
            Ascii.put(out, range.offset() + range.length() - 1);
            out.put((byte) '/');
            Ascii.put(out, size);
        }
        out.put(keepAlive ? KEEP_ALIVE : CLOSE);
    }

    /**
     * Writes the head of an answer without content.
     *
     * @param size the size of the whole, for {@link Status#RANGE_NOT_SATISFIABLE}
     */
    static void writeEmpty(ByteBuffer out, Status status, byte[] date, long size, boolean keepAlive) {
        start(out, status, date, 0);
        if (status == Status.METHOD_NOT_ALLOWED) {
            out.put(ALLOW);
        } else if (status == Status.RANGE_NOT_SATISFIABLE) {
            out.put(CONTENT_RANGE).put((byte) '*').put((byte) '/');
            Ascii.put(out, size);
        }
        out.put(keepAlive ? KEEP_ALIVE : CLOSE);
    }

    private static void start(ByteBuffer out, Status status, byte[] date, long length) {
        out.put(status.line()).put(DATE).put(date).put(SERVER);
        Ascii.put(out, length);
    }
}
