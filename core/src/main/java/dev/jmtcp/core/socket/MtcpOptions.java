package dev.jmtcp.core.socket;

import dev.jmtcp.core.tcp.TcpInfo;
import java.net.SocketOption;
import java.time.Duration;

/**
 * The options of a {@link MtcpSocket} that {@link java.net.StandardSocketOptions} does not have. Options are known by their names, so the constants of the
 * JDK ({@code StandardSocketOptions}, {@code jdk.net.ExtendedSocketOptions}) can be used as well.
 *
 * <p>Of {@code StandardSocketOptions} there are {@code SO_SNDBUF}, {@code SO_RCVBUF}, {@code SO_KEEPALIVE}, {@code SO_LINGER}, {@code SO_REUSEADDR},
 * {@code SO_REUSEPORT}, {@code TCP_NODELAY} and {@code IP_TOS}.
 */
public final class MtcpOptions {

    /** The number of the pending error, which is not pending any more, or 0; see also {@link MtcpSocket#takeError()}. Read only. */
    public static final SocketOption<Integer> SO_ERROR = of("SO_ERROR", Integer.class);

    /** How long a blocking read or accept waits; zero for as long as it takes. */
    public static final SocketOption<Duration> SO_RCVTIMEO = of("SO_RCVTIMEO", Duration.class);

    /** How long a blocking write or connect waits; zero for as long as it takes. */
    public static final SocketOption<Duration> SO_SNDTIMEO = of("SO_SNDTIMEO", Duration.class);

    /** Whether it listens. Read only. */
    public static final SocketOption<Boolean> SO_ACCEPTCONN = of("SO_ACCEPTCONN", Boolean.class);

    /** Urgent data is in line: always true (RFC 6093). */
    public static final SocketOption<Boolean> SO_OOBINLINE = of("SO_OOBINLINE", Boolean.class);

    /** SOCK_STREAM: 1. Read only. */
    public static final SocketOption<Integer> SO_TYPE = of("SO_TYPE", Integer.class);

    /** AF_INET: 2. Read only. */
    public static final SocketOption<Integer> SO_DOMAIN = of("SO_DOMAIN", Integer.class);

    /** IPPROTO_TCP: 6. Read only. */
    public static final SocketOption<Integer> SO_PROTOCOL = of("SO_PROTOCOL", Integer.class);

    /** The seconds that nothing must have arrived before the first keep-alive probe. */
    public static final SocketOption<Integer> TCP_KEEPIDLE = of("TCP_KEEPIDLE", Integer.class);

    /** The seconds between keep-alive probes. */
    public static final SocketOption<Integer> TCP_KEEPINTVL = of("TCP_KEEPINTVL", Integer.class);

    /** How many keep-alive probes go unanswered before the connection is given up. */
    public static final SocketOption<Integer> TCP_KEEPCNT = of("TCP_KEEPCNT", Integer.class);

    /** Only full segments leave until it is taken away. */
    public static final SocketOption<Boolean> TCP_CORK = of("TCP_CORK", Boolean.class);

    /** No acknowledgement is delayed. Unlike Linux's, stays until it is taken away. */
    public static final SocketOption<Boolean> TCP_QUICKACK = of("TCP_QUICKACK", Boolean.class);

    /** The largest segment announced and used, in bytes; 0 for what the path allows. With a connection, reads what is used. */
    public static final SocketOption<Integer> TCP_MAXSEG = of("TCP_MAXSEG", Integer.class);

    /** How long data may stay unacknowledged before the connection is given up; zero for what the stack's retries come to. */
    public static final SocketOption<Duration> TCP_USER_TIMEOUT = of("TCP_USER_TIMEOUT", Duration.class);

    /** The name of the congestion control. */
    public static final SocketOption<String> TCP_CONGESTION = of("TCP_CONGESTION", String.class);

    /** How often a SYN is sent again. */
    public static final SocketOption<Integer> TCP_SYNCNT = of("TCP_SYNCNT", Integer.class);

    /** The state of the connection. Read only. */
    public static final SocketOption<TcpInfo> TCP_INFO = of("TCP_INFO", TcpInfo.class);

    /** The TTL of what is sent, 1 to 255. */
    public static final SocketOption<Integer> IP_TTL = of("IP_TTL", Integer.class);

    private MtcpOptions() {}

    private static <T> SocketOption<T> of(String name, Class<T> type) {
        return new Option<>(name, type);
    }

    private record Option<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }
}
