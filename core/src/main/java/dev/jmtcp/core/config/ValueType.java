package dev.jmtcp.core.config;

import dev.jmtcp.spi.MacAddress;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How values of one kind are written.
 *
 * @param accepted what is accepted, in words
 * @param parser the value, or null if the text is not accepted
 */
record ValueType<T>(String accepted, Function<String, @Nullable T> parser) {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ns|us|µs|ms|s|m|h)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kKmMgG]?)");

    static ValueType<Integer> number(int minimum, int maximum, String unit) {
        return new ValueType<>(
                "a number%s from %d to %d".formatted(unit.isEmpty() ? "" : " of " + unit, minimum, maximum), text -> {
                    if (!NUMBER.matcher(text).matches()) {
                        return null;
                    }
                    long number = Long.parseLong(text);
                    return number >= minimum && number <= maximum ? (int) number : null;
                });
    }

    static ValueType<Long> anyNumber() {
        return new ValueType<>("a whole number of 64 bits", text -> {
            try {
                return Long.decode(text);
            } catch (NumberFormatException _) {
                return null;
            }
        });
    }

    static ValueType<Double> probability() {
        return new ValueType<>(
                "a probability: 0 to 1, or 0% to 100%",
                text -> {
                    boolean percent = text.endsWith("%");
                    String digits =
                            percent ? text.substring(0, text.length() - 1).strip() : text;
                    if (!DECIMAL.matcher(digits).matches()) {
                        return null;
                    }
                    double probability = Double.parseDouble(digits) / (percent ? 100 : 1);
                    return probability <= 1 ? (Double) probability : null;
                });
    }

    /** Nanoseconds. A number alone counts seconds, as in mTCP. */
    static ValueType<Long> duration(String minimum, String maximum) {
        long least = nanos(minimum, Long.MAX_VALUE);
        long most = nanos(maximum, 0);
        return new ValueType<>("a duration from %s to %s: 30, 30s, 200ms".formatted(minimum, maximum), text -> {
            long nanos = nanos(text, -1);
            return nanos >= least && nanos <= most ? (Long) nanos : null;
        });
    }

    /** Nanoseconds; 0 for off. */
    static ValueType<Long> durationOrOff(String minimum, String maximum, String... off) {
        ValueType<Long> duration = duration(minimum, maximum);
        return new ValueType<>(
                duration.accepted + "; " + String.join(" or ", off) + " for off",
                text -> Arrays.asList(off).contains(text) ? (Long) 0L : duration.parser.apply(text));
    }

    /** Bytes; k, m and g are powers of 1024. */
    static ValueType<Integer> size(int minimum, int maximum, String maximumText) {
        return new ValueType<>("a size in bytes from %d to %s: 8192, 64k, 1m".formatted(minimum, maximumText), text -> {
            var match = SIZE.matcher(text);
            if (!match.matches()) {
                return null;
            }
            int shift = switch (match.group(2).toLowerCase(Locale.ROOT)) {
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                default -> 0;
            };
            long count = Long.parseLong(match.group(1));
            return count <= maximum >> shift && count << shift >= minimum ? (int) (count << shift) : null;
        });
    }

    static ValueType<Boolean> flag() {
        return new ValueType<>("on or off", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> true;
            case "off", "false", "no", "0" -> false;
            default -> null;
        });
    }

    /** One of some words; words that mean the same value are synonyms. */
    static <T> ValueType<T> word(Map<String, T> words) {
        return new ValueType<>(
                "one of " + words.keySet().stream().sorted().collect(Collectors.joining(", ")), words::get);
    }

    static ValueType<String> text(String accepted) {
        return new ValueType<>(accepted, text -> text);
    }

    /** Words between blanks, tabs, equals signs or commas: mTCP's separators and the comma. */
    static ValueType<List<String>> names(String accepted) {
        return new ValueType<>(accepted, text -> {
            List<String> names = split(text);
            return names.isEmpty() ? null : names;
        });
    }

    static ValueType<Path> path() {
        return new ValueType<>("the name of a file", text -> {
            try {
                return Path.of(text);
            } catch (InvalidPathException _) {
                return null;
            }
        });
    }

    static ValueType<List<Integer>> cpuMask() {
        return new ValueType<>("a mask of CPUs in hexadecimal: f0 for CPUs 4 to 7", text -> {
            String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
            if (digits.isEmpty() || digits.length() > 256 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
                return null;
            }
            var mask = new java.math.BigInteger(digits, 16);
            List<Integer> cpus = java.util.stream.IntStream.range(0, mask.bitLength())
                    .filter(mask::testBit)
                    .boxed()
                    .toList();
            return cpus.isEmpty() ? null : cpus;
        });
    }

    static ValueType<byte[]> hexadecimal(int minimum) {
        return new ValueType<>("at least %d bytes in hexadecimal, with or without colons".formatted(minimum), text -> {
            try {
                byte[] bytes = HexFormat.of().parseHex(text.replace(":", ""));
                return bytes.length >= minimum ? bytes : null;
            } catch (IllegalArgumentException _) {
                return null;
            }
        });
    }

    /** A range of ports, lowest and highest. */
    static ValueType<int[]> portRange() {
        Pattern range = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");
        return new ValueType<>("a range of ports from 1 to 65535: 1025-65535", text -> {
            var match = range.matcher(text);
            if (!match.matches()) {
                return null;
            }
            int first = Integer.parseInt(match.group(1));
            int last = Integer.parseInt(match.group(2));
            return first >= 1 && first <= last && last <= 65535 ? new int[] {first, last} : null;
        });
    }

    /** Addresses that a host can have, with their prefixes. */
    static ValueType<List<Cidr>> hostAddresses() {
        return new ValueType<>("IPv4 addresses of a host with prefix lengths: 10.0.0.1/24", text -> {
            try {
                List<Cidr> addresses = split(text).stream().map(Cidr::parse).toList();
                return !addresses.isEmpty() && addresses.stream().allMatch(ValueType::isHost) ? addresses : null;
            } catch (IllegalArgumentException _) {
                return null;
            }
        });
    }

    static ValueType<InetAddress> address() {
        return new ValueType<>("the IPv4 address of a host: 10.0.0.254", text -> {
            try {
                Cidr address = new Cidr(Cidr.parseAddress(text), 32);
                return isHost(address) ? address.address() : null;
            } catch (IllegalArgumentException _) {
                return null;
            }
        });
    }

    static ValueType<MacAddress> mac() {
        return new ValueType<>("the hardware address of one station: 02:00:00:00:00:01", text -> {
            try {
                MacAddress mac = MacAddress.parse(text);
                return mac.isGroup() || mac.bits() == 0 ? null : mac;
            } catch (IllegalArgumentException _) {
                return null;
            }
        });
    }

    /** The words of a list. */
    static List<String> split(String text) {
        return Arrays.stream(text.split("[ \t=,]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static boolean isHost(Cidr cidr) {
        InetAddress address = cidr.address();
        int first = address.getAddress()[0] & 0xff;
        // RFC 1122 section 3.2.1.3: this network, loopback, multicast, reserved and broadcast are no host's address;
        // RFC 3021 for /31
        boolean ofHost = first != 0 && first != 127 && first < 224;
        boolean ofSubnet = cidr.prefixLength() >= 31 || !address.equals(cidr.network()) && !address.equals(cidr.last());
        return ofHost && ofSubnet && cidr.prefixLength() > 0;
    }

    private static long nanos(String text, long ifInvalid) {
        var match = DURATION.matcher(text);
        if (!match.matches()) {
            return ifInvalid;
        }
        double unit = switch (match.group(2) == null ? "s" : match.group(2)) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> 1e9;
        };
        return Math.round(Double.parseDouble(match.group(1)) * unit);
    }
}
