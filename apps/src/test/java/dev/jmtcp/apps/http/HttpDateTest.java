package dev.jmtcp.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HttpDateTest {

    private final HttpDate date = new HttpDate();

    private String at(String instant) {
        return new String(date.at(Instant.parse(instant).toEpochMilli()), StandardCharsets.US_ASCII);
    }

    @Test
    void date_isInTheFormOfTheRfc() {
        assertThat(at("1994-11-06T08:49:37.999Z")).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(at("2026-01-31T23:59:59Z"))
                .isEqualTo("Sat, 31 Jan 2026 23:59:59 GMT")
                .hasSize(HttpDate.LENGTH);
    }

    @Test
    void date_withinASecond_isTheSameArray() {
        byte[] first = date.at(5_000);

        assertThat(date.at(5_999)).isSameAs(first);
        assertThat(date.at(6_000)).isNotSameAs(first);
    }
}
