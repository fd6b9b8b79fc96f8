package dev.jmtcp.apps.http;

/** The answers given (RFC 9110 section 15). */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the array
public enum Status {
    OK(200, "OK"),
    PARTIAL_CONTENT(206, "Partial Content"),
    BAD_REQUEST(400, "Bad Request"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    LENGTH_REQUIRED(411, "Length Required"),
    CONTENT_TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    RANGE_NOT_SATISFIABLE(416, "Range Not Satisfiable"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    INTERNAL_ERROR(500, "Internal Server Error"),
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

    private final int code;
    private final byte[] line;

    Status(int code, String phrase) {
        this.code = code;
        line = Ascii.bytes("HTTP/1.1 " + code + " " + phrase + "\r\n");
    }

    public int code() {
        return code;
    }

    /** The status line; not to be changed. */
    byte[] line() {
        return line;
    }
}
