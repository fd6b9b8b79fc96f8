package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.socket.Errno;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpOptions;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.packetdrill.Profile;
import dev.jmtcp.packetdrill.script.Expression;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The options of sockets by the names that the C library has for them. */
final class SocketOptions {

    private static final Map<String, SocketOption<Boolean>> FLAGS = Map.ofEntries(
            Map.entry("SO_REUSEADDR", StandardSocketOptions.SO_REUSEADDR),
            Map.entry("SO_REUSEPORT", StandardSocketOptions.SO_REUSEPORT),
            Map.entry("SO_KEEPALIVE", StandardSocketOptions.SO_KEEPALIVE),
            Map.entry("SO_OOBINLINE", MtcpOptions.SO_OOBINLINE),
            Map.entry("SO_ACCEPTCONN", MtcpOptions.SO_ACCEPTCONN),
            Map.entry("TCP_NODELAY", StandardSocketOptions.TCP_NODELAY),
            Map.entry("TCP_CORK", MtcpOptions.TCP_CORK),
            Map.entry("TCP_NOPUSH", MtcpOptions.TCP_CORK),
            Map.entry("TCP_QUICKACK", MtcpOptions.TCP_QUICKACK));

    private static final Map<String, SocketOption<Integer>> NUMBERS = Map.ofEntries(
            Map.entry("SO_SNDBUF", StandardSocketOptions.SO_SNDBUF),
            Map.entry("SO_RCVBUF", StandardSocketOptions.SO_RCVBUF),
            Map.entry("SO_ERROR", MtcpOptions.SO_ERROR),
            Map.entry("SO_TYPE", MtcpOptions.SO_TYPE),
            Map.entry("SO_DOMAIN", MtcpOptions.SO_DOMAIN),
            Map.entry("SO_PROTOCOL", MtcpOptions.SO_PROTOCOL),
            Map.entry("TCP_MAXSEG", MtcpOptions.TCP_MAXSEG),
            Map.entry("TCP_SYNCNT", MtcpOptions.TCP_SYNCNT),
            Map.entry("TCP_KEEPIDLE", MtcpOptions.TCP_KEEPIDLE),
            Map.entry("TCP_KEEPINTVL", MtcpOptions.TCP_KEEPINTVL),
            Map.entry("TCP_KEEPCNT", MtcpOptions.TCP_KEEPCNT),
            Map.entry("IP_TOS", StandardSocketOptions.IP_TOS),
            Map.entry("IP_TTL", MtcpOptions.IP_TTL));

    private final Profile profile;

    SocketOptions(Profile profile) {
        this.profile = profile;
    }

    /** Options that Linux doubles, half of it being for its own records. */
    private boolean isDoubled(String name) {
        return profile == Profile.LINUX && (name.equals("SO_SNDBUF") || name.equals("SO_RCVBUF"));
    }

    CallResult read(Descriptor.Socket descriptor, List<Expression> arguments) throws MtcpException {
        String name = Values.word(SystemCalls.argument(arguments, 2));
        Expression expected = SystemCalls.argument(arguments, 3);
        MtcpSocket socket = descriptor.socket();
        if (name.equals("SO_LINGER")) {
            return linger(socket, expected);
        }
        if (name.equals("TCP_CONGESTION")) {
            compareText(socket.option(MtcpOptions.TCP_CONGESTION), expected);
            return CallResult.of(0);
        }
        if (name.equals("TCP_INFO")) {
            socket.option(MtcpOptions.TCP_INFO);
            if (!Values.isAny(expected)) {
                throw Failure.unsupported("the bytes of TCP_INFO");
            }
            return CallResult.of(0);
        }
        long actual = number(descriptor, name);
        if (!Values.isAny(expected)) {
            long wanted = Values.number(expected);
            if (wanted != actual) {
                throw Failure.failed(name + ": expected " + Values.show(expected) + ", got " + shown(name, actual));
            }
        }
        return CallResult.of(0);
    }

    private static String shown(String name, long value) {
        if (name.equals("SO_ERROR")) {
            for (Errno errno : Errno.values()) {
                if (errno.number() == value) {
                    return value + " (" + errno + ")";
                }
            }
        }
        return Long.toString(value);
    }

    private long number(Descriptor.Socket descriptor, String name) throws MtcpException {
        MtcpSocket socket = descriptor.socket();
        SocketOption<Boolean> flag = FLAGS.get(name);
        if (flag != null) {
            return socket.option(flag) ? 1 : 0;
        }
        SocketOption<Integer> number = NUMBERS.get(name);
        if (number != null) {
            Integer set = descriptor.set().get(name);
            if (set != null && isDoubled(name)) {
                return 2L * set;
            }
            return socket.option(number);
        }
        if (name.equals("TCP_USER_TIMEOUT")) {
            return socket.option(MtcpOptions.TCP_USER_TIMEOUT).toMillis();
        }
        throw Failure.unsupported("the option " + name);
    }

    private static CallResult linger(MtcpSocket socket, Expression expected) throws MtcpException {
        int seconds = socket.option(StandardSocketOptions.SO_LINGER);
        if (expected instanceof Expression.Struct struct) {
            long on = struct.field("onoff").map(Values::number).orElse(0L);
            long wanted = struct.field("linger").map(Values::number).orElse(0L);
            if ((on != 0) != (seconds >= 0) || on != 0 && wanted != seconds) {
                throw Failure.failed("SO_LINGER: expected " + Values.show(expected) + ", got " + seconds + " s");
            }
        }
        return CallResult.of(0);
    }

    private static void compareText(String actual, Expression expected) {
        boolean equal = switch (expected) {
            case Expression.Text(String value, boolean open) -> open ? actual.startsWith(value) : actual.equals(value);
            default -> Values.isAny(expected);
        };
        if (!equal) {
            throw Failure.failed("expected " + Values.show(expected) + ", got \"" + actual + '"');
        }
    }

    CallResult write(Descriptor.Socket descriptor, List<Expression> arguments) throws MtcpException {
        String name = Values.word(SystemCalls.argument(arguments, 2));
        Expression value = SystemCalls.argument(arguments, 3);
        MtcpSocket socket = descriptor.socket();
        SocketOption<Boolean> flag = FLAGS.get(name);
        SocketOption<Integer> number = NUMBERS.get(name);
        if (flag != null) {
            socket.option(flag, Values.number(value) != 0);
        } else if (number != null) {
            int set = Values.integer(value);
            socket.option(number, isDoubled(name) ? 2 * set : set);
            descriptor.set().put(name, set);
        } else {
            other(socket, name, value);
        }
        return CallResult.of(0);
    }

    private static void other(MtcpSocket socket, String name, Expression value) throws MtcpException {
        switch (name) {
            case "SO_LINGER" -> {
                if (!(value instanceof Expression.Struct struct)) {
                    throw Failure.unsupported("SO_LINGER of " + Values.show(value));
                }
                boolean on = struct.field("onoff").map(Values::number).orElse(0L) != 0;
                int seconds = struct.field("linger").map(Values::integer).orElse(0);
                socket.option(StandardSocketOptions.SO_LINGER, on ? seconds : -1);
            }
            case "TCP_CONGESTION" -> {
                if (!(value instanceof Expression.Text(String algorithm, boolean _))) {
                    throw Failure.unsupported("TCP_CONGESTION of " + Values.show(value));
                }
                String known = algorithm.equals("reno") ? "newreno" : algorithm;
                if (!known.equals("newreno") && !known.equals("cubic")) {
                    throw Failure.unsupported("the congestion control " + algorithm);
                }
                socket.option(MtcpOptions.TCP_CONGESTION, known);
            }
            case "TCP_USER_TIMEOUT" ->
                socket.option(MtcpOptions.TCP_USER_TIMEOUT, Duration.ofMillis(Values.number(value)));
            // Fragments of TCP are never made, and that is what these ask for or allow.
            case "IP_MTU_DISCOVER" -> {}
            default -> throw Failure.unsupported("the option " + name);
        }
    }
}
