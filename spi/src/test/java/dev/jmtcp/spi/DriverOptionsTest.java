package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverOptionsTest {

    private static final List<DriverOption> DECLARED = List.of(
            new DriverOption("x", "7", "what the test wants", "The option under test"),
            new DriverOption("other", "", "anything", "Another one"));

    private static DriverOptions with(String value) throws InvalidOptionException {
        return new DriverOptions("", DECLARED, Map.of("x", value));
    }

    @Test
    void text_absent_isTheDefault() throws InvalidOptionException {
        var options = new DriverOptions("", DECLARED, Map.of("other", "given"));

        assertThat(options.text("x")).isEqualTo("7");
        assertThat(options.has("x")).isFalse();
        assertThat(options.number("x", 0, 10)).isEqualTo(7);
        assertThat(options.text("other")).isEqualTo("given");
        assertThat(options.has("other")).isTrue();
    }

    @Test
    void text_undeclared_isTheDriversMistake() throws InvalidOptionException {
        var options = new DriverOptions("", DECLARED, Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.text("nowhere"))
                .withMessageContaining("nowhere");
    }

    @Test
    void unknownOption_isRefusedAtOnceNamingTheKnownOnes() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> new DriverOptions("port.eth0.", DECLARED, Map.of("y", "1")))
                .withMessage("port.eth0.y: unknown option; expected one of x, other")
                .satisfies(e -> assertThat(e.option()).isEqualTo("port.eth0.y"))
                .satisfies(e -> assertThat(e.accepted()).isEqualTo("one of x, other"));
    }

    @Test
    void unknownOption_noneDeclared_saysSo() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> new DriverOptions("", List.of(), Map.of("y", "1")))
                .withMessage("y: unknown option; expected none: there are no options here");
    }

    @Test
    void badValue_isRefusedNamingOptionValueAndWhatIsAccepted() throws InvalidOptionException {
        var options = new DriverOptions("port.eth0.", DECLARED, Map.of("x", "lots"));

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> options.number("x", 0, 9))
                .withMessage("port.eth0.x: bad value 'lots'; expected what the test wants");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "10, 10", "010, 10", "0x0a, 10", "-5, -5", "0xFF, 255"})
    void number_withinBounds_isRead(String text, long value) throws InvalidOptionException {
        assertThat(with(text).number("x", -5, 255)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1.0", "1k", "0x", "#10", "256", "-6", "99999999999999999999", "٣x"})
    void number_otherOrOutside_isRefused(String text) throws InvalidOptionException {
        var options = with(text);

        assertThatExceptionOfType(InvalidOptionException.class).isThrownBy(() -> options.number("x", -5, 255));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "on, true", "yes, true", "1, true", "false, false", "off, false", "no, false", "0, false"
    })
    void flag_words_areRead(String text, boolean value) throws InvalidOptionException {
        assertThat(with(text).flag("x")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TRUE", "2", "maybe"})
    void flag_other_isRefused(String text) throws InvalidOptionException {
        var options = with(text);

        assertThatExceptionOfType(InvalidOptionException.class).isThrownBy(() -> options.flag("x"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "0.01, 0.01", "1%, 0.01", "100%, 1", "0.5%, 0.005"})
    void probability_fractionOrPercent_isRead(String text, double value) throws InvalidOptionException {
        assertThat(with(text).probability("x")).isCloseTo(value, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "-0.1", "1.1", "101%", "NaN", "some"})
    void probability_otherOrOutside_isRefused(String text) throws InvalidOptionException {
        var options = with(text);

        assertThatExceptionOfType(InvalidOptionException.class).isThrownBy(() -> options.probability("x"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "15ns, 15", "10us, 10000", "10µs, 10000", "1.5ms, 1500000", "2s, 2000000000", "0.5ns, 1"})
    void duration_withUnit_isNanoseconds(String text, long nanos) throws InvalidOptionException {
        assertThat(with(text).duration("x")).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "ms", "-1ms", "1 ms", "1m", "1.ms", ".5ms", "1MS"})
    void duration_withoutUnitOrOther_isRefused(String text) throws InvalidOptionException {
        var options = with(text);

        assertThatExceptionOfType(InvalidOptionException.class).isThrownBy(() -> options.duration("x"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4096, 4096", "64k, 65536", "64K, 65536", "1m, 1048576", "2g, 2147483648"})
    void size_unitsOf1024_isBytes(String text, long bytes) throws InvalidOptionException {
        assertThat(with(text).size("x", 1, 1L << 31)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "k", "-1", "1.5k", "1t", "3g", "2147483649", "99999999999999999999", "9999999999999g"})
    void size_otherOrOutside_isRefused(String text) throws InvalidOptionException {
        var options = with(text);

        assertThatExceptionOfType(InvalidOptionException.class).isThrownBy(() -> options.size("x", 1, 1L << 31));
    }

    @ParameterizedTest
    @CsvSource({"9600, 9600", "10g, 1e10", "100mbit, 1e8", "2.5G, 2.5e9", "64kbit, 64000", "0, 0"})
    void rate_unitsOf1000_isBitsASecond(String text, double rate) throws InvalidOptionException {
        assertThat(with(text).rate("x")).isEqualTo(rate);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bit", "-1g", "10gb", "10tbit", "1e9"})
    void rate_other_isRefused(String text) throws InvalidOptionException {
        var options = with(text);

        assertThatExceptionOfType(InvalidOptionException.class).isThrownBy(() -> options.rate("x"));
    }
}
