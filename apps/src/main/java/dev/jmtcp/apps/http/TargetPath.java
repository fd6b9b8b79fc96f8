package dev.jmtcp.apps.http;

/**
 * Makes a path below the served folder of a request target (RFC 9112 section 3.2): without scheme, authority and query, percent-decoded once, without empty and
 * "." segments. A path with a ".." segment, however encoded, is refused: clients resolve these before they ask (RFC 3986 section 5.2.4).
 */
final class TargetPath {

    private static final byte[] SCHEME = Ascii.bytes("http://");

    private TargetPath() {}

    /**
     * Decodes a target in place.
     *
     * @param text holds the target from {@code from} to {@code to}; the path is written from {@code from} on
     * @return the length of the path, which has neither a slash at its start nor two in a row; −1 if the target is malformed
     */
    static int decode(byte[] text, int from, int to) {
        int start = pathStart(text, from, to);
        if (start < 0) {
            return -1;
        }
        int end = start;
        while (end < to && text[end] != '?') {
            end++;
        }
        int decoded = percentDecode(text, from, start, end);
        return decoded < 0 ? -1 : normalize(text, from, decoded);
    }

    /** Where the path begins: at once, or after the authority of an absolute target. */
    private static int pathStart(byte[] text, int from, int to) {
        if (from == to) {
            return -1;
        }
        if (text[from] == '/') {
            return from;
        }
        int authority = from + SCHEME.length;
        if (authority >= to || !Ascii.equalsIgnoreCase(text, from, authority, SCHEME)) {
            return -1;
        }
        int path = authority;
        while (path < to && text[path] != '/' && text[path] != '?') {
            path++;
        }
        return path == authority ? -1 : path;
    }

    private static int percentDecode(byte[] text, int target, int start, int end) {
        int out = target;
        for (int i = start; i < end; i++) {
            int character = text[i];
            if (character == '%') {
                int high = i + 2 < end ? Ascii.hexadecimal(text[i + 1]) : -1;
                int low = i + 2 < end ? Ascii.hexadecimal(text[i + 2]) : -1;
                if (high < 0 || low < 0) {
                    return -1;
                }
                character = high << 4 | low;
                i += 2;
                if (character < 0x20 || character == 0x7f) {
                    return -1;
                }
            } else if (character <= 0x20 || character == 0x7f || character == '#') {
                return -1; // only visible ASCII may stand unencoded; a fragment is never sent
            }
            text[out++] = (byte) character;
        }
        return out - target;
    }

    /** Takes out slashes that are too many and "." segments. */
    private static int normalize(byte[] text, int from, int length) {
        int out = from;
        int segment = from;
        for (int i = from; i <= from + length; i++) {
            boolean last = i == from + length;
            if (!last && text[i] != '/') {
                continue;
            }
            int size = i - segment;
            boolean dot = size == 1 && text[segment] == '.';
            if (size == 2 && text[segment] == '.' && text[segment + 1] == '.') {
                return -1;
            }
            if (size > 0 && !dot) {
                System.arraycopy(text, segment, text, out, size);
                out += size;
                if (!last) {
                    text[out++] = '/';
                }
            }
            segment = i + 1;
        }
        return out - from;
    }
}
