package dev.jmtcp.apps.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the head of a response to GET from bytes as they come (RFC 9112). Takes nothing of the content. Interim responses (1xx) are passed over. Reused; belongs
 * to one thread; allocates only to grow for a longer line than ever before.
 */
public final class ResponseParser {

    /** The most bytes of a head. */
    public static final int MAX_HEAD = 16_384;

    /** {@link #contentLength}: the content ends where the connection does. */
    public static final long UNKNOWN_LENGTH = -1;

    /** How far the parser is. */
    public enum Result {
        /** All bytes are taken, more are needed. */
        INCOMPLETE,
        /** The head is complete; what is left in the buffer is content. */
        COMPLETE,
        /** The bytes are no response that can be understood. */
        MALFORMED
    }

    private static final byte[] VERSION = Ascii.bytes("http/1.");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");

    /** The place of the status code in a status line. */
    private static final int CODE_AT = VERSION.length + 2;

    private byte[] line = new byte[256];
    private int lineLength;
    private int headLength;
    private int status;
    private long contentLength = UNKNOWN_LENGTH;

    public ResponseParser() {}

    /** Starts anew, for another response. */
    public void reset() {
        lineLength = 0;
        headLength = 0;
        status = 0;
        contentLength = UNKNOWN_LENGTH;
    }

    /**
     * Takes bytes up to the end of the head.
     *
     * @param in read from its position on
     */
    public Result parse(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte next = in.get();
            if (++headLength > MAX_HEAD) {
                return Result.MALFORMED;
            }
            if (next != '\n') {
                append(next);
                continue;
            }
            int end = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
            lineLength = 0;
            if (status == 0) {
                status = statusOf(end);
            } else if (end > 0) {
                if (!field(end)) {
                    return Result.MALFORMED;
                }
            } else if (status >= 200) {
                if (status == 204 || status == 304) {
                    contentLength = 0; // RFC 9112 section 6.3
                }
                return Result.COMPLETE;
            } else {
                status = 0;
                contentLength = UNKNOWN_LENGTH;
            }
            if (status < 0) {
                return Result.MALFORMED;
            }
        }
        return Result.INCOMPLETE;
    }

    /** The status code of a complete head. */
    public int status() {
        return status;
    }

    /** How many bytes of content follow, or {@link #UNKNOWN_LENGTH}. */
    public long contentLength() {
        return contentLength;
    }

    private void append(byte next) {
        if (lineLength == line.length) {
            line = Arrays.copyOf(line, 2 * line.length);
        }
        line[lineLength++] = next;
    }

    /** The code of a status line {@code HTTP/1.x 200 reason}; −1 if it is none. */
    private int statusOf(int end) {
        if (end < CODE_AT + 3
                || !Ascii.equalsIgnoreCase(line, 0, VERSION.length, VERSION)
                || !Ascii.isDigit(line[VERSION.length])
                || line[VERSION.length + 1] != ' '
                || end > CODE_AT + 3 && line[CODE_AT + 3] != ' ') {
            return -1;
        }
        long code = Ascii.number(line, CODE_AT, CODE_AT + 3);
        return code < 100 ? -1 : (int) code;
    }

    /** Reads a header field; false if the response cannot be understood because of it. */
    private boolean field(int end) {
        int colon = 0;
        while (colon < end && line[colon] != ':') {
            colon++;
        }
        if (colon == 0 || colon == end) {
            return false;
        }
        if (Ascii.equalsIgnoreCase(line, 0, colon, TRANSFER_ENCODING)) {
            return false; // RFC 9112 section 6.1: never in answer to HTTP/1.0
        }
        if (Ascii.equalsIgnoreCase(line, 0, colon, CONTENT_LENGTH)) {
            int from = colon + 1;
            int to = end;
            while (from < to && Ascii.isBlank(line[from])) {
                from++;
            }
            while (to > from && Ascii.isBlank(line[to - 1])) {
                to--;
            }
            long length = Ascii.number(line, from, to);
            if (length < 0 || length == Long.MAX_VALUE || contentLength >= 0 && contentLength != length) {
                return false; // RFC 9112 section 6.3
            }
            contentLength = length;
        }
        return true;
    }
}
