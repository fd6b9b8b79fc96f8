package dev.jmtcp.apps.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.apps.http.RequestParser.Method;
import dev.jmtcp.apps.http.RequestParser.Result;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {

    private final RequestParser parser = new RequestParser();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private Result parse(String text) {
        return parser.parse(bytes(text));
    }

    private String path() {
        return new String(parser.path(), 0, parser.pathLength(), UTF_8);
    }

    private static String get(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n"
                + String.join(
                        "",
                        java.util.Arrays.stream(headers)
                                .map(header -> header + "\r\n")
                                .toList())
                + "\r\n";
    }

    @Test
    void request_whole_isComplete() {
        assertThat(parse("GET /a/b.html HTTP/1.1\r\nHost: example\r\nAccept: */*\r\n\r\n"))
                .isEqualTo(Result.COMPLETE);
        assertThat(parser.method()).isEqualTo(Method.GET);
        assertThat(path()).isEqualTo("a/b.html");
        assertThat(parser.keepAlive()).isTrue();
        assertThat(parser.range().isPresent()).isFalse();
        assertThat(parser.isBetweenRequests()).isTrue();
    }

    @Test
    void request_byteByByte_isCompleteAtItsLastByte() {
        String text = "HEAD /x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
        for (int i = 0; i < text.length() - 1; i++) {
            assertThat(parse(text.substring(i, i + 1))).as("byte %d", i).isEqualTo(Result.INCOMPLETE);
            assertThat(parser.isBetweenRequests()).isFalse();
        }
        assertThat(parse("\n")).isEqualTo(Result.COMPLETE);
        assertThat(parser.method()).isEqualTo(Method.HEAD);
        assertThat(parser.keepAlive()).isTrue();
    }

    @Test
    void requests_oneUponTheOther_areTakenOneByOne() {
        ByteBuffer in = bytes(get("/1") + "\r\n" + get("/2") + "GET /3");

        assertThat(parser.parse(in)).isEqualTo(Result.COMPLETE);
        assertThat(path()).isEqualTo("1");
        assertThat(parser.parse(in)).isEqualTo(Result.COMPLETE);
        assertThat(path()).isEqualTo("2");
        assertThat(parser.parse(in)).isEqualTo(Result.INCOMPLETE);
        assertThat(in.hasRemaining()).isFalse();
        assertThat(parse(" HTTP/1.1\r\nHost:x\r\n\r\n")).isEqualTo(Result.COMPLETE);
        assertThat(path()).isEqualTo("3");
    }

    @Test
    void content_ofRequest_isPassedOver() {
        ByteBuffer in = bytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nGET / HTTP" + get("/next"));

        assertThat(parser.parse(in)).isEqualTo(Result.COMPLETE);
        assertThat(parser.method()).isEqualTo(Method.OTHER);
        assertThat(parser.keepAlive()).isTrue();
        assertThat(parser.parse(in)).isEqualTo(Result.COMPLETE);
        assertThat(path()).isEqualTo("next");
    }

    @Test
    void content_inPieces_isPassedOver() {
        assertThat(parse("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"))
                .isEqualTo(Result.COMPLETE);
        assertThat(parse("ab")).isEqualTo(Result.INCOMPLETE);
        assertThat(parser.isBetweenRequests()).isFalse();
        assertThat(parse("cd" + get("/next"))).isEqualTo(Result.COMPLETE);
        assertThat(path()).isEqualTo("next");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /                              | ''
            /a                             | a
            /a/                            | a/
            //a///b                        | a/b
            /./a/./b/.                     | a/b/
            /a?b=/../c                     | a
            /a%20b                         | a b
            /%61%2Fb                       | a/b
            /caf%C3%A9                     | café
            /...                           | ...
            /..a/b..                       | ..a/b..
            /%252e%252e/x                  | %2e%2e/x
            http://host/a                  | a
            HTTP://host:80/a/b?q           | a/b
            http://host                    | ''
            http://host?x                  | ''
            """)
    void target_wellFormed_becomesAPath(String target, String path) {
        assertThat(parse(get(target))).isEqualTo(Result.COMPLETE);
        assertThat(path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../x",
                "/a/../b",
                "/a/..",
                "/%2e%2e/x",
                "/%2E./x",
                "/..%2fx",
                "/a%2f..%2f..%2fx",
                "/./../x",
                "/x%00.html",
                "/x%0a",
                "/x%7f",
                "/%",
                "/%4",
                "/%4g",
                "/a#b",
                "/a b",
                "/\u00e9",
                "/\u0001",
                "a",
                "*",
                "http://",
                "http:///x",
                "https://host/x",
                "ftp://host/x"
            })
    void target_malformedOrUpwards_isRefused(String target) {
        assertThat(parse(get(target))).isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(Status.BAD_REQUEST);
        assertThat(parser.keepAlive()).isFalse();
        assertThat(parse(get("/"))).isEqualTo(Result.REFUSED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /                                                      | BAD_REQUEST
            GET                                                        | BAD_REQUEST
            GET HTTP/1.1                                               | BAD_REQUEST
            GET  / HTTP/1.1                                            | BAD_REQUEST
            GET / HTTP/1.1 x                                           | BAD_REQUEST
            GET / HTTP/11                                              | BAD_REQUEST
            GET / http/1.1                                             | BAD_REQUEST
            GET / HTTP/1.x                                             | BAD_REQUEST
            G(T / HTTP/1.1                                             | BAD_REQUEST
            GET / HTTP/2.0                                             | VERSION_NOT_SUPPORTED
            PRI * HTTP/2.0                                             | VERSION_NOT_SUPPORTED
            GET / HTTP/0.9                                             | VERSION_NOT_SUPPORTED
            GET / HTTP/1.1~                                            | BAD_REQUEST
            GET / HTTP/1.1~Host: a~Host: a                             | BAD_REQUEST
            GET / HTTP/1.0~Host: a~Host: a                             | BAD_REQUEST
            GET / HTTP/1.1~Host : a                                    | BAD_REQUEST
            GET / HTTP/1.1~Host: a~: x                                 | BAD_REQUEST
            GET / HTTP/1.1~Host: a~nonsense                            | BAD_REQUEST
            GET / HTTP/1.1~Host: a~X: 1~ folded                        | BAD_REQUEST
            GET / HTTP/1.1~Host: a~Content-Length: x                   | BAD_REQUEST
            GET / HTTP/1.1~Host: a~Content-Length: -1                  | BAD_REQUEST
            GET / HTTP/1.1~Host: a~Content-Length: 1, 1                | BAD_REQUEST
            GET / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 2 | BAD_REQUEST
            GET / HTTP/1.1~Host: a~Content-Length: 99999999999999999999| CONTENT_TOO_LARGE
            GET / HTTP/1.1~Host: a~Content-Length: 1048577             | CONTENT_TOO_LARGE
            POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked         | LENGTH_REQUIRED
            """)
    void request_malformed_isRefused(String text, Status status) {
        assertThat(parse(text.replace("~", "\r\n") + "\r\n\r\n")).isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /a\rb HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\rb\r\n", "GET / HTTP/1.1\r\nHost: a\0b\r\n"
            })
    void line_withBareCarriageReturnOrNul_isRefused(String text) {
        assertThat(parse(text)).isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void lines_endedByLineFeedAlone_areTaken() {
        assertThat(parse("\nGET /a HTTP/1.1\nHost: x\n\n")).isEqualTo(Result.COMPLETE);
        assertThat(path()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            1.1, -, true
            1.1, close, false
            1.1, Close, false
            1.1, 'upgrade, CLOSE', false
            1.1, closed, true
            1.1, keep-alive, true
            1.0, -, false
            1.0, keep-alive, true
            1.0, Keep-Alive, true
            1.0, 'keep-alive, close', false
            1.2, -, true
            """)
    void connection_persists_asVersionAndFieldSay(String version, String connection, boolean keepAlive) {
        String field = connection == null ? "" : "Connection: " + connection + "\r\n";

        assertThat(parse("GET / HTTP/" + version + "\r\nHost: x\r\n" + field + "\r\n"))
                .isEqualTo(Result.COMPLETE);
        assertThat(parser.keepAlive()).isEqualTo(keepAlive);
    }

    @Test
    void expectation_withContent_closesTheConnection() {
        parse("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        assertThat(parser.keepAlive()).isFalse();
        parser.reset();
        parse("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n");
        assertThat(parser.keepAlive()).isTrue();
    }

    @Test
    void range_withIfRangeOrHead_isIgnored() {
        parse(get("/", "Range: bytes=0-1"));
        assertThat(parser.range().isPresent()).isTrue();
        parse(get("/", "Range: bytes=0-1", "If-Range: \"x\""));
        assertThat(parser.range().isPresent()).isFalse();
        parse("HEAD / HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n");
        assertThat(parser.range().isPresent()).isFalse();
        parse(get("/"));
        assertThat(parser.range().isPresent()).isFalse();
    }

    @Test
    void requestLine_upToTheLimit_isTakenAndBeyondRefused() {
        String fits =
                "GET /" + "a".repeat(RequestParser.MAX_REQUEST_LINE - "GET / HTTP/1.1\r".length()) + " HTTP/1.1\r\n";
        assertThat(parse(fits + "Host: x\r\n\r\n")).isEqualTo(Result.COMPLETE);
        assertThat(parse("GET /a" + fits.substring(5))).isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(Status.URI_TOO_LONG);
    }

    @Test
    void requestLine_withoutEnd_isRefusedWithoutBufferingMore() {
        assertThat(parse("G".repeat(100_000))).isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(Status.URI_TOO_LONG);
    }

    @Test
    void headers_beyondTheLimit_areRefused() {
        String start = "GET / HTTP/1.1\r\nHost: x\r\n";
        assertThat(parse(start + "X: " + "y".repeat(RequestParser.MAX_HEADERS))).isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(Status.HEADERS_TOO_LARGE);
        parser.reset();
        assertThat(parse(start + "X: y\r\n".repeat(RequestParser.MAX_HEADERS / 6)))
                .isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(Status.HEADERS_TOO_LARGE);
        parser.reset();
        assertThat(parse(start + "X: y\r\n".repeat(RequestParser.MAX_HEADERS / 6 - 2) + "\r\n"))
                .isEqualTo(Result.COMPLETE);
    }

    @Test
    void emptyLines_withoutEnd_areRefused() {
        assertThat(parse("\r\n".repeat(100_000))).isEqualTo(Result.REFUSED);
        assertThat(parser.refusal()).isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void reset_afterRefusal_takesRequestsAgain() {
        parse("nonsense\r\n");
        parser.reset();

        assertThat(parser.isBetweenRequests()).isTrue();
        assertThat(parse(get("/a"))).isEqualTo(Result.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void requests_cutAnywhere_areTheSame(long seed) {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String content = "z".repeat(random.nextInt(50));
            text.append(random.nextBoolean() ? "GET" : "POST")
                    .append(" /file")
                    .append(i)
                    .append(" HTTP/1.1\r\nHost: x\r\nContent-Length: ")
                    .append(content.length())
                    .append("\r\nX-Filler: ")
                    .append("f".repeat(random.nextInt(300)))
                    .append("\r\n\r\n")
                    .append(content);
        }
        String all = text.toString();
        int position = 0;
        int complete = 0;
        ByteBuffer in = ByteBuffer.allocate(0);
        while (complete < 200) {
            switch (parser.parse(in)) {
                case COMPLETE -> {
                    if (parser.method() == Method.GET) {
                        assertThat(path()).as("seed %d", seed).isEqualTo("file" + complete);
                    }
                    complete++;
                }
                case INCOMPLETE -> {
                    assertThat(position).as("seed %d", seed).isLessThan(all.length());
                    int next = Math.min(all.length(), position + 1 + random.nextInt(700));
                    in = bytes(all.substring(position, next));
                    position = next;
                }
                case REFUSED -> throw new AssertionError("seed " + seed + ": " + parser.refusal());
            }
        }
        assertThat(parser.refusal()).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void randomBytes_neverBreakTheParser(long seed) {
        var random = new Random(seed);
        byte[] alphabet = "GET / HTTP/1.1\r\nHost: x%2e.#\0\u00ff:".getBytes(ISO_8859_1);
        for (int round = 0; round < 2000; round++) {
            parser.reset();
            var bytes = new byte[random.nextInt(200)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = alphabet[random.nextInt(alphabet.length)];
            }
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Result result = parser.parse(in);
            while (result == Result.COMPLETE) {
                assertThat(path()).as("seed %d", seed).doesNotStartWith("/").doesNotContain("//");
                result = parser.parse(in);
            }
            assertThat(result == Result.REFUSED || !in.hasRemaining())
                    .as("seed %d", seed)
                    .isTrue();
        }
    }
}
