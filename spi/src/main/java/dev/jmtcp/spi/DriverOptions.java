package dev.jmtcp.spi;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Typed reading of a driver's options, with errors that name the option and what it takes. A driver makes one from the map it was
 * opened with and the list it declared; that refuses unknown options at once.
 */
public final class DriverOptions {

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s)");
    private static final Pattern SIZE = Pattern.compile("(\\d+)([kKmMgG]?)");
    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)([kKmMgG]?)(?:bit)?");

    private final String prefix;
    private final Map<String, DriverOption> declared;
    private final Map<String, String> values;

    /**
     * @param prefix what stands before an option's name in messages: empty, or {@code port.<name>.}
     * @throws InvalidOptionException if a value is given for an option that is not declared
     */
    public DriverOptions(String prefix, List<DriverOption> declared, Map<String, String> values)
            throws InvalidOptionException {
        this.prefix = prefix;
        this.declared = declared.stream().collect(Collectors.toMap(DriverOption::name, option -> option));
        this.values = Map.copyOf(values);
        for (String name : values.keySet()) {
            if (!this.declared.containsKey(name)) {
                throw new InvalidOptionException(
                        prefix + name,
                        "unknown option",
                        declared.isEmpty()
                                ? "none: there are no options here"
                                : "one of "
                                        + declared.stream()
                                                .map(DriverOption::name)
                                                .collect(Collectors.joining(", ")));
            }
        }
    }

    /** Whether a value was given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value given, or the declared default. */
    public String text(String name) {
        return values.getOrDefault(name, declaration(name).defaultValue());
    }

    /** A whole number within bounds, decimal or, after {@code 0x}, hexadecimal. */
    public long number(String name, long minimum, long maximum) throws InvalidOptionException {
        String text = text(name);
        try {
            long number = text.startsWith("0x") ? Long.parseLong(text, 2, text.length(), 16) : Long.parseLong(text);
            if (number >= minimum && number <= maximum) {
                return number;
            }
        } catch (NumberFormatException _) {
            // falls through to the error that says what is accepted
        }
        throw invalid(name);
    }

    /** {@code true}, {@code on}, {@code yes}, {@code 1} or their opposites. */
    public boolean flag(String name) throws InvalidOptionException {
        return switch (text(name)) {
            case "true", "on", "yes", "1" -> true;
            case "false", "off", "no", "0" -> false;
            default -> throw invalid(name);
        };
    }

    /** A probability: {@code 0.01} or {@code 1%}. */
    public double probability(String name) throws InvalidOptionException {
        String text = text(name);
        try {
            double value = text.endsWith("%")
                    ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                    : Double.parseDouble(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException _) {
            // falls through to the error that says what is accepted
        }
        throw invalid(name);
    }

    /** A duration with its unit, {@code 10us}, {@code 1.5ms}, {@code 2s}; plain {@code 0} too. In nanoseconds. */
    public long duration(String name) throws InvalidOptionException {
        String text = text(name);
        if (text.equals("0")) {
            return 0;
        }
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            throw invalid(name);
        }
        double unit = switch (match.group(2)) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            default -> 1e9;
        };
        return Math.round(Double.parseDouble(match.group(1)) * unit);
    }

    /** A size in bytes, {@code 4096}, {@code 64k}, {@code 1m}, {@code 2g} (powers of 1024), within bounds. */
    public long size(String name, long minimum, long maximum) throws InvalidOptionException {
        var match = SIZE.matcher(text(name));
        if (!match.matches() || match.group(1).length() > 15) {
            throw invalid(name);
        }
        long bytes = Long.parseLong(match.group(1));
        long unit = switch (match.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 1L << 10;
            case "m" -> 1L << 20;
            case "g" -> 1L << 30;
            default -> 1;
        };
        if (bytes > maximum / unit || bytes * unit < minimum) {
            throw invalid(name);
        }
        return bytes * unit;
    }

    /** A rate in bits a second, {@code 10g}, {@code 100mbit}, {@code 9600} (powers of 1000). */
    public double rate(String name) throws InvalidOptionException {
        var match = RATE.matcher(text(name));
        if (!match.matches()) {
            throw invalid(name);
        }
        double unit = switch (match.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "k" -> 1e3;
            case "m" -> 1e6;
            case "g" -> 1e9;
            default -> 1;
        };
        return Double.parseDouble(match.group(1)) * unit;
    }

    /** The error for an option whose value does not fit, for a driver's own checks. */
    public InvalidOptionException invalid(String name) {
        return new InvalidOptionException(
                prefix + name,
                "bad value '" + text(name) + "'",
                declaration(name).accepted());
    }

    private DriverOption declaration(String name) {
        DriverOption option = declared.get(name);
        if (option == null) {
            throw new IllegalArgumentException("option not declared: " + name);
        }
        return option;
    }
}
