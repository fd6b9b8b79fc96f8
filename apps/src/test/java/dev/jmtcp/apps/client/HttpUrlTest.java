package dev.jmtcp.apps.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpUrlTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, 80, /",
        "10.0.0.1/, 10.0.0.1, 80, /",
        "10.0.0.1/a/b, 10.0.0.1, 80, /a/b",
        "http://10.0.0.1/a, 10.0.0.1, 80, /a",
        "HTTP://10.0.0.1:8080/a?b=c, 10.0.0.1, 8080, /a?b=c",
        "10.0.0.1:81, 10.0.0.1, 81, /",
        "10.0.0.1/a%20b, 10.0.0.1, 80, /a%20b",
        "localhost?x, localhost, 80, /?x",
    })
    void url_isTakenApart(String text, String host, int port, String path) {
        assertThat(HttpUrl.parse(text)).isEqualTo(new HttpUrl(host, port, path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "https://x/", "ftp://x/", "x:0/", "x:65536/", "x:y/", "a b", "u@x/", "x/\r\ny"})
    void noUrl_isRefused(String text) {
        assertThatThrownBy(() -> HttpUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void request_isOneOfHttp10() {
        assertThat(new String(HttpUrl.parse("10.0.0.1:81/a").request(), StandardCharsets.US_ASCII).split("\r\n", -1))
                .containsExactly(
                        "GET /a HTTP/1.0",
                        "User-Agent: jmtcp",
                        "Accept: */*",
                        "Host: 10.0.0.1:81",
                        "Connection: Close",
                        "",
                        "");
    }
}
