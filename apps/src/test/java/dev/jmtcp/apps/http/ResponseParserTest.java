package dev.jmtcp.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.apps.http.ResponseParser.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {

    private final ResponseParser parser = new ResponseParser();

    private Result parse(ByteBuffer in) {
        return parser.parse(in);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void response_headIsTaken_contentIsLeft() {
        ByteBuffer in = bytes("HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH: \t12 \r\n\r\ncontent");

        assertThat(parse(in)).isEqualTo(Result.COMPLETE);
        assertThat(parser.status()).isEqualTo(200);
        assertThat(parser.contentLength()).isEqualTo(12);
        assertThat(in.remaining()).isEqualTo("content".length());
    }

    @Test
    void response_byteByByte_isTheSame() {
        String text = "HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        for (int i = 0; i < text.length() - 1; i++) {
            assertThat(parse(bytes(text.substring(i, i + 1)))).isEqualTo(Result.INCOMPLETE);
        }
        assertThat(parse(bytes("\n"))).isEqualTo(Result.COMPLETE);
        assertThat(parser.status()).isEqualTo(404);
        assertThat(parser.contentLength()).isZero();
    }

    @Test
    void interimResponse_isPassedOver() {
        assertThat(parse(bytes("HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\nHTTP/1.1 206 x\r\n\r\n")))
                .isEqualTo(Result.COMPLETE);
        assertThat(parser.status()).isEqualTo(206);
        assertThat(parser.contentLength()).isEqualTo(ResponseParser.UNKNOWN_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void statusWithoutContent_hasNone(String status) {
        assertThat(parse(bytes("HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\n")))
                .isEqualTo(Result.COMPLETE);
        assertThat(parser.contentLength()).isZero();
    }

    @Test
    void reset_forgetsEverything() {
        parse(bytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
        parser.reset();

        assertThat(parse(bytes("HTTP/1.1 201\r\n\r\n"))).isEqualTo(Result.COMPLETE);
        assertThat(parser.status()).isEqualTo(201);
        assertThat(parser.contentLength()).isEqualTo(ResponseParser.UNKNOWN_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "SSH-2.0-x\r\n",
                "HTTP/2.0 200 OK\r\n",
                "HTTP/1.1 20 OK\r\n",
                "HTTP/1.1 2000 OK\r\n",
                "HTTP/1.1 099 OK\r\n",
                "HTTP/1.1200 OK\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n",
                "HTTP/1.1 200 OK\r\n: no name\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
            })
    void nonsense_isMalformed(String text) {
        assertThat(parse(bytes(text))).isEqualTo(Result.MALFORMED);
    }

    @Test
    void endlessHead_isMalformed() {
        assertThat(parse(bytes("HTTP/1.1 200 OK\r\nX: " + "x".repeat(ResponseParser.MAX_HEAD))))
                .isEqualTo(Result.MALFORMED);
    }
}
