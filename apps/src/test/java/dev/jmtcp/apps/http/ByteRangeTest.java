package dev.jmtcp.apps.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    private final ByteRange range = new ByteRange();

    private void parse(String text) {
        byte[] bytes = Ascii.bytes("xx" + text + "yy");
        range.parse(bytes, 2, bytes.length - 2);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-499, 1000, PARTIAL_CONTENT, 0, 500",
        "bytes=500-999, 1000, PARTIAL_CONTENT, 500, 500",
        "bytes=500-, 1000, PARTIAL_CONTENT, 500, 500",
        "bytes=-500, 1000, PARTIAL_CONTENT, 500, 500",
        "BYTES=-1, 1000, PARTIAL_CONTENT, 999, 1",
        "bytes=0-0, 1000, PARTIAL_CONTENT, 0, 1",
        "bytes=999-999, 1000, PARTIAL_CONTENT, 999, 1",
        "bytes=0-, 1000, PARTIAL_CONTENT, 0, 1000",
        "bytes=990-2000, 1000, PARTIAL_CONTENT, 990, 10",
        "bytes=-2000, 1000, PARTIAL_CONTENT, 0, 1000",
        "bytes=0-99999999999999999999, 1000, PARTIAL_CONTENT, 0, 1000",
        "bytes=0-9223372036854775807, 1000, PARTIAL_CONTENT, 0, 1000",
        "bytes=5000000000-5000000001, 6000000000, PARTIAL_CONTENT, 5000000000, 2",
        "bytes=-5, 0, OK, 0, 0"
    })
    void range_satisfiable_selectsBytes(String text, long size, Status status, long offset, long length) {
        parse(text);

        assertThat(range.isPresent()).isTrue();
        assertThat(range.resolve(size)).isEqualTo(status);
        assertThat(range.offset()).isEqualTo(offset);
        assertThat(range.length()).isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=1000-, 1000",
        "bytes=1000-1001, 1000",
        "bytes=99999999999999999999-, 1000",
        "bytes=-0, 1000",
        "bytes=-0, 0",
        "bytes=0-, 0",
        "bytes=0-0, 0"
    })
    void range_outside_isNotSatisfiable(String text, long size) {
        parse(text);

        assertThat(range.resolve(size)).isEqualTo(Status.RANGE_NOT_SATISFIABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5",
                "bytes=5-4",
                "bytes=a-b",
                "bytes=1-b",
                "bytes=--5",
                "bytes=0-1,5-6",
                "bytes= 0-1",
                "items=0-1",
                "bytes=+1-2",
                "0-1"
            })
    void range_malformedOrOfAnotherKind_isNone(String text) {
        parse("bytes=1-2");
        parse(text);

        assertThat(range.isPresent()).isFalse();
        assertThat(range.resolve(10)).isEqualTo(Status.OK);
        assertThat(range.offset()).isZero();
        assertThat(range.length()).isEqualTo(10);
    }

    @Test
    void clear_afterRange_forgetsIt() {
        parse("bytes=1-2");
        range.clear();

        assertThat(range.isPresent()).isFalse();
    }
}
