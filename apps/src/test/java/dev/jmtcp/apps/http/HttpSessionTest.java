package dev.jmtcp.apps.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.apps.files.FileStore;
import dev.jmtcp.apps.http.HttpSession.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSessionTest {

    private static final int CACHED = 1000;
    private static final long NOON = 784_111_777_000L; // Sun, 06 Nov 1994 08:49:37 GMT

    @TempDir
    Path root;

    private final Sink sink = new Sink();
    private FileStore store;
    private HttpSession session;

    /** Takes as much as it is allowed to. */
    private static final class Sink implements ContentSink {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;

        @Override
        public int room() {
            return room;
        }

        @Override
        public int write(MemorySegment source, long offset, int length) {
            int count = Math.min(length, room);
            taken.writeBytes(source.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE));
            room -= count;
            return count;
        }
    }

    @BeforeEach
    void create() throws IOException {
        Files.writeString(root.resolve("small.txt"), "0123456789");
        Files.writeString(root.resolve("index.html"), "<p>hello");
        Files.writeString(root.resolve("empty"), "");
        store = new FileStore(root, 100_000, CACHED, 10);
        session = new HttpSession(new HttpServices(store));
    }

    @AfterEach
    void close() {
        session.close();
        store.close();
    }

    private Progress process(String requests) {
        return session.process(ByteBuffer.wrap(requests.getBytes(ISO_8859_1)), sink, 0, NOON);
    }

    private String output() {
        return sink.taken.toString(ISO_8859_1);
    }

    private static String get(String target, String... fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", fields)
                + (fields.length > 0 ? "\r\n" : "") + "\r\n";
    }

    @Test
    void get_file_isAnsweredWithIt() {
        assertThat(process(get("/small.txt"))).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output().replace("\r\n", "\n")).isEqualTo("""
                        HTTP/1.1 200 OK
                        Date: Sun, 06 Nov 1994 08:49:37 GMT
                        Server: jmtcp
                        Content-Length: 10
                        Content-Type: text/plain; charset=utf-8
                        Accept-Ranges: bytes
                        Connection: Keep-Alive

                        0123456789""");
        assertThat(session.isIdle()).isTrue();
        assertThat(session.answers()).isEqualTo(1);
    }

    @Test
    void head_file_isAnsweredWithoutContent() {
        assertThat(process("HEAD /small.txt HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output()).contains("Content-Length: 10\r\n").endsWith("\r\n\r\n");
    }

    @Test
    void get_folder_isAnsweredWithItsIndex() {
        process(get("/"));
        assertThat(output()).contains("Content-Type: text/html").endsWith("\r\n\r\n<p>hello");
    }

    @Test
    void get_emptyFile_isAnsweredWithNothing() {
        assertThat(process(get("/empty") + get("/small.txt"))).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output())
                .contains("Content-Length: 0\r\n", "application/octet-stream")
                .endsWith("0123456789");
    }

    @ParameterizedTest
    @CsvSource({"bytes=2-4, 234, 2-4", "bytes=7-, 789, 7-9", "bytes=-2, 89, 8-9", "bytes=0-99, 0123456789, 0-9"})
    void get_range_isAnsweredWithPart(String range, String content, String sent) {
        process(get("/small.txt", "Range: " + range));

        assertThat(output())
                .startsWith("HTTP/1.1 206 Partial Content\r\n")
                .contains("Content-Length: " + content.length() + "\r\n")
                .contains("Content-Range: bytes " + sent + "/10\r\n")
                .endsWith("\r\n\r\n" + content);
    }

    @Test
    void get_rangeOutside_is416WithTheSize() {
        assertThat(process(get("/small.txt", "Range: bytes=10-"))).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output())
                .startsWith("HTTP/1.1 416 Range Not Satisfiable\r\n")
                .contains("Content-Length: 0\r\nContent-Range: bytes */10\r\n");
    }

    @Test
    void get_absentFile_is404AndTheConnectionStays() {
        assertThat(process(get("/none"))).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output())
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("Content-Length: 0\r\n")
                .endsWith("Connection: Keep-Alive\r\n\r\n");
    }

    @Test
    void otherMethod_is405WithThoseAllowed() {
        assertThat(process("DELETE /small.txt HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output()).startsWith("HTTP/1.1 405 Method Not Allowed\r\n").contains("Allow: GET, HEAD\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../secret", "/%2e%2e/secret", "/..%2fsecret", "/a/%2e%2e/%2e%2e/secret"})
    void get_upwards_is400AndCloses(String target) throws IOException {
        Files.writeString(root.resolveSibling("secret"), "secret");

        assertThat(process(get(target))).isEqualTo(Progress.FINISHED);
        assertThat(output()).startsWith("HTTP/1.1 400 Bad Request\r\n").endsWith("Connection: Close\r\n\r\n");
    }

    @Test
    void close_asked_isDoneAfterTheAnswer() {
        assertThat(process(get("/small.txt", "Connection: close") + get("/small.txt")))
                .isEqualTo(Progress.FINISHED);
        assertThat(output())
                .containsOnlyOnce("HTTP/1.1 200")
                .contains("Connection: Close\r\n")
                .endsWith("0123456789");
    }

    @Test
    void oldVersion_isClosedUnlessKept() {
        assertThat(process("GET /small.txt HTTP/1.0\r\n\r\n")).isEqualTo(Progress.FINISHED);
        session.close();
        assertThat(process("GET /small.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
                .isEqualTo(Progress.NEEDS_INPUT);
    }

    @Test
    void requests_oneUponTheOther_areAnsweredInOrder() {
        String requests = get("/small.txt", "Range: bytes=0-0") + get("/none") + get("/small.txt", "Range: bytes=9-9");

        assertThat(process(requests)).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output().replaceAll("(?s)HTTP/1.1 (\\d+).*?\r\n\r\n", "<$1>"))
                .isEqualTo("<206>0<404><206>9");
        assertThat(session.answers()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 4096})
    void smallRoom_answersAreTheSame(int room) throws IOException {
        var content = new byte[200_000];
        new Random(1).nextBytes(content);
        Files.write(root.resolve("large.bin"), content);
        Files.write(root.resolve("medium.bin"), java.util.Arrays.copyOf(content, CACHED));
        String requests = get("/medium.bin") + get("/large.bin", "Range: bytes=150-19999") + get("/small.txt");
        process(requests);
        byte[] expected = sink.taken.toByteArray();
        session.close();
        sink.taken.reset();

        ByteBuffer in = ByteBuffer.wrap(requests.getBytes(ISO_8859_1));
        Progress progress;
        do {
            sink.room = room;
            progress = session.process(in, sink, 0, NOON);
        } while (progress == Progress.NEEDS_ROOM);

        assertThat(progress).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(sink.taken.toByteArray()).isEqualTo(expected);
    }

    @Test
    void largeFile_isSentWhole() throws IOException {
        var content = new byte[300_001];
        new Random(2).nextBytes(content);
        Files.write(root.resolve("large.bin"), content);

        assertThat(process(get("/large.bin"))).isEqualTo(Progress.NEEDS_INPUT);

        byte[] all = sink.taken.toByteArray();
        assertThat(java.util.Arrays.copyOfRange(all, all.length - content.length, all.length))
                .isEqualTo(content);
    }

    @Test
    void fileCutShortWhileSent_closesTheConnection() throws IOException {
        Files.write(root.resolve("large.bin"), new byte[200_000]);
        sink.room = 1000;
        ByteBuffer in = ByteBuffer.wrap(get("/large.bin").getBytes(ISO_8859_1));
        assertThat(session.process(in, sink, 0, NOON)).isEqualTo(Progress.NEEDS_ROOM);
        assertThat(session.isIdle()).isFalse();

        try (var channel = Files.newByteChannel(root.resolve("large.bin"), StandardOpenOption.WRITE)) {
            channel.truncate(500);
        }
        sink.room = Integer.MAX_VALUE;

        assertThat(session.process(in, sink, 0, NOON)).isEqualTo(Progress.FINISHED);
        assertThat(sink.taken.size()).isEqualTo(1000);
    }

    @Test
    void close_inTheMiddle_makesReadyForAnotherConnection() {
        sink.room = 20;
        assertThat(process(get("/small.txt"))).isEqualTo(Progress.NEEDS_ROOM);
        session.close();
        sink.taken.reset();
        sink.room = Integer.MAX_VALUE;

        assertThat(session.isIdle()).isTrue();
        assertThat(process(get("/none"))).isEqualTo(Progress.NEEDS_INPUT);
        assertThat(output()).startsWith("HTTP/1.1 404");
        assertThat(session.answers()).isEqualTo(1);
    }

    @Test
    void malformedRequest_afterGoodOnes_isRefusedAfterTheirAnswers() {
        assertThat(process(get("/small.txt") + "what?\r\n")).isEqualTo(Progress.FINISHED);
        assertThat(output()).startsWith("HTTP/1.1 200").contains("HTTP/1.1 400").containsOnlyOnce("HTTP/1.1 4");
    }
}
