package dev.jmtcp.apps.client;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An http URL. The scheme may be missing, as mTCP's epwget has it.
 *
 * @param host a name or an IPv4 address
 * @param port the TCP port
 * @param path what to ask for, from its slash on, query included
 */
public record HttpUrl(String host, int port, String path) {

    public static final int DEFAULT_PORT = 80;

    private static final String SCHEME = "http://";

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException with a message for people if it is none
     */
    public static HttpUrl parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("://") && !lower.startsWith(SCHEME)) {
            throw new IllegalArgumentException("'" + text + "': only http is spoken");
        }
        URI uri;
        try {
            uri = new URI(lower.startsWith(SCHEME) ? text : SCHEME + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no URL: " + e.getReason().toLowerCase(Locale.ROOT), e);
        }
        String host = uri.getHost();
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        if (host == null || uri.getRawUserInfo() != null || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is no URL of the form [http://]HOST[:PORT][/PATH]");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new HttpUrl(host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    /** The server's address; of a name the one that this machine's resolver knows, if it knows one. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** The request for it, that of mTCP's epwget. */
    public byte[] request() {
        String authority = port == DEFAULT_PORT ? host : host + ":" + port;
        return ("GET " + path + " HTTP/1.0\r\nUser-Agent: jmtcp\r\nAccept: */*\r\nHost: " + authority
                        + "\r\nConnection: Close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
