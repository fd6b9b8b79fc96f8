package dev.jmtcp.apps;

import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpOptions;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A client that does exactly what a test tells it to, by blocking calls. */
final class HttpPeer implements AutoCloseable {

    private static final int CHUNK = 64 << 10;

    final MtcpSocket socket;
    private byte[] ahead = {};

    HttpPeer(Context context) throws MtcpException {
        socket = context.socket();
        socket.option(MtcpOptions.SO_RCVTIMEO, Duration.ofSeconds(60));
        socket.connect(new InetSocketAddress("10.0.0.1", 80));
    }

    /** An answer. */
    record Answer(String status, Map<String, String> fields, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.ISO_8859_1);
        }

        String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    void send(String text) throws MtcpException {
        socket.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Asks for a path and reads the answer. */
    Answer get(String path, String... fields) throws MtcpException {
        return ask("GET", path, fields);
    }

    Answer ask(String method, String path, String... fields) throws MtcpException {
        send(method + " " + path + " HTTP/1.1\r\nHost: x\r\n"
                + String.join(
                        "", Arrays.stream(fields).map(field -> field + "\r\n").toList()) + "\r\n");
        return answer(!method.equals("HEAD"));
    }

    /** Reads one answer. */
    Answer answer(boolean withContent) throws MtcpException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) read(1)[0]);
        }
        String[] lines = head.toString().split("\r\n", -1);
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length - 2; i++) {
            int colon = lines[i].indexOf(": ");
            fields.put(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), lines[i].substring(colon + 2));
        }
        int length = withContent ? Integer.parseInt(fields.get("content-length")) : 0;
        return new Answer(lines[0], fields, read(length));
    }

    /** Reads so many bytes. */
    byte[] read(int length) throws MtcpException {
        var bytes = new ByteArrayOutputStream(length);
        while (bytes.size() < length) {
            if (ahead.length == 0) {
                ahead = next();
                if (ahead.length == 0) {
                    throw new AssertionError("the end after " + bytes.size() + " of " + length + " bytes");
                }
            }
            int taken = Math.min(ahead.length, length - bytes.size());
            bytes.write(ahead, 0, taken);
            ahead = Arrays.copyOfRange(ahead, taken, ahead.length);
        }
        return bytes.toByteArray();
    }

    /** Puts a byte back that was read. */
    void unread(char character) {
        var longer = new byte[ahead.length + 1];
        longer[0] = (byte) character;
        System.arraycopy(ahead, 0, longer, 1, ahead.length);
        ahead = longer;
    }

    /** Whether the server has ended the connection in order, and nothing more has come. */
    boolean isAtEnd() throws MtcpException {
        return ahead.length == 0 && next().length == 0;
    }

    /** What comes next; nothing at the end. */
    private byte[] next() throws MtcpException {
        var chunk = new byte[CHUNK];
        int n = socket.read(chunk, 0, CHUNK);
        if (n == 0) {
            throw new AssertionError("nothing comes");
        }
        return Arrays.copyOf(chunk, Math.max(n, 0));
    }

    @Override
    public void close() throws MtcpException {
        socket.close();
    }
}
