package dev.jmtcp.core.socket;

import dev.jmtcp.core.tcp.CongestionControls;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.Listener;
import java.net.SocketOption;
import java.time.Duration;

/** Reads and sets the options of sockets. On the stack's thread. */
final class OptionTable {

    private static final long SECOND = 1_000_000_000;

    /** The largest window there can be (RFC 7323 section 2.3). */
    private static final int MAX_BUFFER = 1 << 30;

    private static final int MIN_BUFFER = 64; // mTCP's least

    /** What Linux's TCP_MAXSEG takes. */
    private static final int MIN_SEGMENT = 88;

    private static final int MAX_SEGMENT = 32_767;

    private OptionTable() {}

    static <T> T read(SocketState s, SocketOption<T> option) throws MtcpException {
        s.checkOpen();
        ConnectionOptions o = current(s);
        SocketExtras extras = s.extras;
        Connection c = s.connection;
        Object value = switch (option.name()) {
            case "SO_SNDBUF" -> o.sendBuffer;
            case "SO_RCVBUF" -> o.receiveBuffer;
            case "SO_KEEPALIVE" -> o.keepAlive;
            case "SO_LINGER" -> o.linger < 0 ? -1 : (int) ((o.linger + SECOND - 1) / SECOND);
            case "SO_REUSEADDR" -> extras != null && extras.reuseAddress;
            case "SO_REUSEPORT" -> extras != null && extras.reusePort;
            case "SO_RCVTIMEO" -> Duration.ofNanos(extras == null ? 0 : extras.receiveTimeout);
            case "SO_SNDTIMEO" -> Duration.ofNanos(extras == null ? 0 : extras.sendTimeout);
            case "SO_ERROR" -> {
                Errno error = Streams.takeError(s);
                yield error == null ? 0 : error.number();
            }
            case "SO_ACCEPTCONN" -> s.listener() != null;
            case "SO_OOBINLINE" -> true;
            case "SO_TYPE" -> 1;
            case "SO_DOMAIN" -> 2;
            case "SO_PROTOCOL" -> 6;
            case "TCP_NODELAY" -> o.noDelay;
            case "TCP_CORK" -> o.cork;
            case "TCP_QUICKACK" -> o.quickAck;
            case "TCP_KEEPIDLE" -> (int) (o.keepAliveIdle / SECOND);
            case "TCP_KEEPINTVL", "TCP_KEEPINTERVAL" -> (int) (o.keepAliveInterval / SECOND);
            case "TCP_KEEPCNT", "TCP_KEEPCOUNT" -> o.keepAliveProbes;
            case "TCP_USER_TIMEOUT" -> Duration.ofNanos(o.userTimeout);
            case "TCP_MAXSEG" -> c != null && s.connected ? c.info().sendMss() : o.maxSegment;
            case "TCP_CONGESTION" -> o.congestionControl;
            case "TCP_SYNCNT" -> o.synRetries;
            case "TCP_INFO" -> {
                if (c == null) {
                    throw new MtcpException(Errno.ENOTCONN);
                }
                yield c.info();
            }
            case "IP_TOS" -> o.trafficClass;
            case "IP_TTL" -> o.hopLimit;
            default -> throw unknown(option);
        };
        if (!option.type().isInstance(value)) {
            throw unknown(option);
        }
        return option.type().cast(value);
    }

    static <T> void write(SocketState s, SocketOption<T> option, T value) throws MtcpException {
        s.checkOpen();
        switch (option.name()) {
            case "SO_REUSEADDR" -> s.extras().reuseAddress = flag(option, value);
            case "SO_REUSEPORT" -> s.extras().reusePort = flag(option, value);
            case "SO_RCVTIMEO" -> s.extras().receiveTimeout = nanos(option, value);
            case "SO_SNDTIMEO" -> s.extras().sendTimeout = nanos(option, value);
            case "SO_OOBINLINE" -> {
                if (!flag(option, value)) {
                    throw invalid(option, value);
                }
            }
            case "SO_ERROR", "SO_ACCEPTCONN", "SO_TYPE", "SO_DOMAIN", "SO_PROTOCOL", "TCP_INFO" ->
                throw new MtcpException(Errno.ENOPROTOOPT, option.name() + " cannot be set");
            default -> {
                ConnectionOptions changed = new ConnectionOptions(current(s));
                set(changed, option, value);
                apply(s, changed);
            }
        }
    }

    private static void set(ConnectionOptions o, SocketOption<?> option, Object value) throws MtcpException {
        switch (option.name()) {
            case "SO_SNDBUF" -> o.sendBuffer = number(option, value, MIN_BUFFER, MAX_BUFFER);
            case "SO_RCVBUF" -> o.receiveBuffer = number(option, value, MIN_BUFFER, MAX_BUFFER);
            case "SO_KEEPALIVE" -> o.keepAlive = flag(option, value);
            case "SO_LINGER" -> {
                int seconds = number(option, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
                o.linger = seconds < 0 ? -1 : seconds * SECOND;
            }
            case "TCP_NODELAY" -> o.noDelay = flag(option, value);
            case "TCP_CORK" -> o.cork = flag(option, value);
            case "TCP_QUICKACK" -> o.quickAck = flag(option, value);
            // The bounds of these three are Linux's.
            case "TCP_KEEPIDLE" -> o.keepAliveIdle = number(option, value, 1, 32_767) * SECOND;
            case "TCP_KEEPINTVL", "TCP_KEEPINTERVAL" -> o.keepAliveInterval = number(option, value, 1, 32_767) * SECOND;
            case "TCP_KEEPCNT", "TCP_KEEPCOUNT" -> o.keepAliveProbes = number(option, value, 1, 127);
            case "TCP_USER_TIMEOUT" -> o.userTimeout = nanos(option, value);
            case "TCP_MAXSEG" ->
                o.maxSegment = Integer.valueOf(0).equals(value) ? 0 : number(option, value, MIN_SEGMENT, MAX_SEGMENT);
            case "TCP_CONGESTION" -> {
                String name = String.valueOf(value);
                if (!CongestionControls.names().contains(name)) {
                    throw new MtcpException(Errno.ENOENT, "no congestion control " + name);
                }
                o.congestionControl = name;
            }
            case "TCP_SYNCNT" -> o.synRetries = number(option, value, 1, 127);
            case "IP_TOS" -> o.trafficClass = number(option, value, 0, 255) & 0xfc; // ECN is not the application's
            case "IP_TTL" -> o.hopLimit = number(option, value, 1, 255);
            default -> throw unknown(option);
        }
    }

    private static ConnectionOptions current(SocketState s) {
        Connection c = s.connection;
        Listener listener = s.listener();
        if (c != null) {
            return c.options();
        }
        if (listener != null) {
            return listener.options();
        }
        ConnectionOptions own = s.options();
        return own == null ? s.context.tcp.options() : own;
    }

    private static void apply(SocketState s, ConnectionOptions changed) {
        Connection c = s.connection;
        Listener listener = s.listener();
        if (c != null) {
            s.context.tcp.options(c, changed);
            s.changed(EpollEvent.WRITE); // the send buffer may have grown
        } else if (listener != null) {
            listener.options(changed);
        } else {
            s.extras().options = changed;
        }
    }

    private static boolean flag(SocketOption<?> option, Object value) throws MtcpException {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw invalid(option, value);
    }

    private static int number(SocketOption<?> option, Object value, int minimum, int maximum) throws MtcpException {
        if (value instanceof Integer number && number >= minimum && number <= maximum) {
            return number;
        }
        throw invalid(option, value);
    }

    private static long nanos(SocketOption<?> option, Object value) throws MtcpException {
        if (value instanceof Duration duration && !duration.isNegative()) {
            try {
                return duration.toNanos();
            } catch (ArithmeticException _) {
                return 0; // centuries
            }
        }
        throw invalid(option, value);
    }

    private static MtcpException unknown(SocketOption<?> option) {
        return new MtcpException(Errno.ENOPROTOOPT, option.name());
    }

    private static MtcpException invalid(SocketOption<?> option, Object value) {
        return new MtcpException(Errno.EINVAL, option.name() + " = " + value);
    }
}
