package dev.jmtcp.apps;

import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of options that are written as those of drivers are. */
final class Converters {

    private static final String VALUE = "value";

    private Converters() {}

    /** A number of bytes. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return read(text, "a size in bytes: 8192, 64k, 1m, 2g", value -> value.size(VALUE, 0, Long.MAX_VALUE));
        }
    }

    /** A duration in nanoseconds. */
    static final class Nanos implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return read(text, "a duration: 0, 10us, 1.5ms, 2s", value -> value.duration(VALUE));
        }
    }

    /** Bits a second. */
    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return read(text, "bits a second: 10g, 100mbit, 9600; 0 for no limit", value -> value.rate(VALUE));
        }
    }

    /** A probability. */
    static final class Probability implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return read(text, "a probability: 0 to 1, or 0% to 100%", value -> value.probability(VALUE));
        }
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(DriverOptions value) throws InvalidOptionException;
    }

    private static <T> T read(String text, String accepted, Reader<T> reader) {
        try {
            var declared = List.of(new DriverOption(VALUE, "", accepted, ""));
            return reader.read(new DriverOptions("", declared, Map.of(VALUE, text)));
        } catch (InvalidOptionException e) {
            var wrong = new TypeConversionException("bad value '" + text + "'; expected " + accepted);
            wrong.initCause(e);
            throw wrong;
        }
    }
}
