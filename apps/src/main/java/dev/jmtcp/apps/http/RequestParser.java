package dev.jmtcp.apps.http;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads requests from bytes as they come (RFC 9112). Takes from a buffer no more than the request it is at, so that requests sent one upon the other are
 * answered in turn. The content of a request is passed over. Reused for all requests of a connection; belongs to one thread; allocates only to
 * grow for a longer line than ever before.
 */
public final class RequestParser {

    /** The longest request line in bytes (RFC 9112 section 3 recommends at least 8000). */
    public static final int MAX_REQUEST_LINE = 8192;

    /** The most bytes of all header fields of a request. */
    public static final int MAX_HEADERS = 16_384;

    /** The longest content that is passed over to keep a connection. */
    public static final long MAX_CONTENT = 1 << 20;

    /** How far the parser is. */
    public enum Result {
        /** All bytes are taken, more are needed. */
        INCOMPLETE,
        /** A request is complete. */
        COMPLETE,
        /** The bytes are no request that can be answered; the connection is to be closed after {@link RequestParser#refusal}. */
        REFUSED
    }

    /** Methods, as far as they matter. */
    public enum Method {
        GET,
        HEAD,
        OTHER
    }

    private enum State {
        REQUEST_LINE,
        HEADERS,
        CONTENT
    }

    private static final byte[] GET = Ascii.bytes("GET");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] VERSION = Ascii.bytes("HTTP/");
    private static final byte[] HOST = Ascii.bytes("host");
    private static final byte[] CONNECTION = Ascii.bytes("connection");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] EXPECT = Ascii.bytes("expect");
    private static final byte[] RANGE = Ascii.bytes("range");
    private static final byte[] IF_RANGE = Ascii.bytes("if-range");

    private final ByteRange range = new ByteRange();
    private State state = State.REQUEST_LINE;
    private byte[] line = new byte[256];
    private int lineLength;
    private byte[] path = new byte[64];
    private int pathLength;
    private int headerBytes;
    private Method method = Method.GET;
    private int minorVersion;
    private int hosts;
    private boolean saysClose;
    private boolean saysKeepAlive;
    private boolean expects;
    private boolean conditionalRange;
    private long contentLength;
    private Status refusal = Status.OK;

    public RequestParser() {
        begin();
    }

    /** Starts anew, for another connection. */
    public void reset() {
        refusal = Status.OK;
        state = State.REQUEST_LINE;
        begin();
    }

    /**
     * Takes bytes up to the end of a request's header section. After {@link Result#COMPLETE} the request can be asked about until the next call.
     *
     * @param in read from its position on
     */
    public Result parse(ByteBuffer in) {
        if (refusal != Status.OK) {
            return Result.REFUSED;
        }
        if (state == State.CONTENT) {
            int skipped = (int) Math.min(contentLength, in.remaining());
            in.position(in.position() + skipped);
            contentLength -= skipped;
            if (contentLength > 0) {
                return Result.INCOMPLETE;
            }
            state = State.REQUEST_LINE;
            begin();
        }
        while (in.hasRemaining()) {
            byte next = in.get();
            if (next == '\n') {
                Result result = endOfLine();
                if (result != Result.INCOMPLETE) {
                    return result;
                }
            } else if (!append(next)) {
                return refuse(state == State.REQUEST_LINE ? Status.URI_TOO_LONG : Status.HEADERS_TOO_LARGE);
            }
        }
        return Result.INCOMPLETE;
    }

    /** Whether nothing of the next request has come yet. */
    public boolean isBetweenRequests() {
        return state == State.REQUEST_LINE && lineLength == 0 || state == State.CONTENT && contentLength == 0;
    }

    public Method method() {
        return method;
    }

    /** The path below the served folder: UTF-8, no slash at its start; only the first {@link #pathLength} bytes count. Not to be changed. */
    public byte[] path() {
        return path;
    }

    public int pathLength() {
        return pathLength;
    }

    /** The range asked for. */
    public ByteRange range() {
        return range;
    }

    /** Whether the connection stays open after the answer (RFC 9112 section 9.3). */
    public boolean keepAlive() {
        return !saysClose && (minorVersion >= 1 || saysKeepAlive) && refusal == Status.OK && !expects;
    }

    /** Why the bytes are refused; {@link Status#OK} if they are not. */
    public Status refusal() {
        return refusal;
    }

    private void begin() {
        lineLength = 0;
        pathLength = 0;
        headerBytes = 0;
        hosts = 0;
        saysClose = false;
        saysKeepAlive = false;
        expects = false;
        conditionalRange = false;
        contentLength = -1;
        minorVersion = 1;
        method = Method.GET;
        range.clear();
    }

    private Result refuse(Status why) {
        refusal = why;
        return Result.REFUSED;
    }

    private boolean append(byte next) {
        if (lineLength == line.length) {
            line = Arrays.copyOf(line, 2 * line.length);
        }
        line[lineLength++] = next;
        return state == State.REQUEST_LINE ? lineLength <= MAX_REQUEST_LINE : headerBytes + lineLength <= MAX_HEADERS;
    }

    private Result endOfLine() {
        int end = lineLength;
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        boolean first = state == State.REQUEST_LINE;
        if (first && end == 0) {
            // RFC 9112 section 2.2: an empty line before a request is passed over; it must not go on for ever
            headerBytes += lineLength + 1;
            lineLength = 0;
            return headerBytes <= MAX_HEADERS ? Result.INCOMPLETE : refuse(Status.BAD_REQUEST);
        }
        for (int i = 0; i < end; i++) {
            if (line[i] == '\r' || line[i] == 0) {
                return refuse(Status.BAD_REQUEST); // RFC 9112 section 2.2: a bare CR
            }
        }
        if (!first) {
            headerBytes += lineLength + 1;
        }
        lineLength = 0;
        if (first) {
            state = State.HEADERS;
            Status status = requestLine(end);
            return status == Status.OK ? Result.INCOMPLETE : refuse(status);
        }
        if (end == 0) {
            return endOfHeaders();
        }
        Status status = header(end);
        return status == Status.OK ? Result.INCOMPLETE : refuse(status);
    }

    /** method SP target SP HTTP-version (RFC 9112 section 3). */
    private Status requestLine(int end) {
        int methodEnd = 0;
        while (methodEnd < end && Ascii.isToken(line[methodEnd])) {
            methodEnd++;
        }
        int targetEnd = end - 1;
        while (targetEnd > methodEnd && line[targetEnd] != ' ') {
            targetEnd--;
        }
        if (methodEnd == 0 || targetEnd <= methodEnd || line[methodEnd] != ' ') {
            return Status.BAD_REQUEST;
        }
        Status version = version(targetEnd + 1, end);
        if (version != Status.OK) {
            return version;
        }
        if (Arrays.equals(line, 0, methodEnd, GET, 0, GET.length)) {
            method = Method.GET;
        } else if (Arrays.equals(line, 0, methodEnd, HEAD, 0, HEAD.length)) {
            method = Method.HEAD;
        } else {
            method = Method.OTHER;
            return Status.OK; // its target may have a form of its own
        }
        int from = methodEnd + 1;
        pathLength = TargetPath.decode(line, from, targetEnd);
        if (pathLength < 0) {
            return Status.BAD_REQUEST;
        }
        if (path.length < pathLength) {
            path = new byte[Math.max(pathLength, 2 * path.length)];
        }
        System.arraycopy(line, from, path, 0, pathLength);
        return Status.OK;
    }

    private Status version(int from, int end) {
        boolean wellFormed = end - from == VERSION.length + 3
                && Arrays.equals(line, from, from + VERSION.length, VERSION, 0, VERSION.length)
                && Ascii.isDigit(line[end - 3])
                && line[end - 2] == '.'
                && Ascii.isDigit(line[end - 1]);
        if (!wellFormed) {
            return Status.BAD_REQUEST;
        }
        minorVersion = line[end - 1] - '0';
        return line[end - 3] == '1' ? Status.OK : Status.VERSION_NOT_SUPPORTED;
    }

    /** name ":" OWS value OWS (RFC 9112 section 5). */
    private Status header(int end) {
        int colon = 0;
        while (colon < end && Ascii.isToken(line[colon])) {
            colon++;
        }
        if (colon == 0 || colon == end || line[colon] != ':') {
            return Status.BAD_REQUEST; // also a folded line, and a blank before the colon
        }
        int from = colon + 1;
        while (from < end && Ascii.isBlank(line[from])) {
            from++;
        }
        int to = end;
        while (to > from && Ascii.isBlank(line[to - 1])) {
            to--;
        }
        if (isName(colon, HOST)) {
            hosts++;
        } else if (isName(colon, CONNECTION)) {
            connection(from, to);
        } else if (isName(colon, RANGE)) {
            range.parse(line, from, to);
        } else if (isName(colon, IF_RANGE)) {
            conditionalRange = true;
        } else if (isName(colon, EXPECT)) {
            expects = true;
        } else if (isName(colon, TRANSFER_ENCODING)) {
            return Status.LENGTH_REQUIRED; // RFC 9112 section 6.3
        } else if (isName(colon, CONTENT_LENGTH)) {
            long length = Ascii.number(line, from, to);
            if (length < 0 || contentLength >= 0 && contentLength != length) {
                return Status.BAD_REQUEST; // RFC 9112 section 6.3
            }
            contentLength = length;
        }
        return Status.OK;
    }

    private boolean isName(int colon, byte[] name) {
        return Ascii.equalsIgnoreCase(line, 0, colon, name);
    }

    private void connection(int from, int to) {
        int start = from;
        while (start < to) {
            int end = start;
            while (end < to && line[end] != ',' && !Ascii.isBlank(line[end])) {
                end++;
            }
            saysClose |= Ascii.equalsIgnoreCase(line, start, end, CLOSE);
            saysKeepAlive |= Ascii.equalsIgnoreCase(line, start, end, KEEP_ALIVE);
            start = end + 1;
        }
    }

    private Result endOfHeaders() {
        // RFC 9112 section 3.2: HTTP/1.1 has exactly one Host, HTTP/1.0 at most one
        if (hosts > 1 || hosts == 0 && minorVersion >= 1) {
            return refuse(Status.BAD_REQUEST);
        }
        if (contentLength > MAX_CONTENT) {
            return refuse(Status.CONTENT_TOO_LARGE);
        }
        expects &= contentLength > 0; // what the client sends after our answer cannot be known: RFC 9110 section 10.1.1
        contentLength = Math.max(contentLength, 0);
        if (conditionalRange || method != Method.GET) {
            range.clear(); // RFC 9110 sections 13.1.5 and 14.2: no validator is sent, so none can match
        }
        state = State.CONTENT;
        return Result.COMPLETE;
    }
}
