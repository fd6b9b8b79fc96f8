package dev.jmtcp.apps.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field (RFC 9110 section 5.6.7), written anew once a second. Belongs to one thread. */
public final class HttpDate {

    /** The length of every date. */
    static final int LENGTH = 29;

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private long second = Long.MIN_VALUE;
    private byte[] text = new byte[0];

    /**
     * @param epochMillis the time of day, in milliseconds since 1970
     * @return {@code Sun, 06 Nov 1994 08:49:37 GMT}; the same array for the same second, not to be changed
     */
    byte[] at(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            text = Ascii.bytes(FORMAT.format(Instant.ofEpochSecond(now)));
            second = now;
        }
        return text;
    }
}
