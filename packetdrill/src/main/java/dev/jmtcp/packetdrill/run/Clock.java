package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.Direction;
import dev.jmtcp.packetdrill.script.Event;
import dev.jmtcp.packetdrill.script.EventTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When an event is to happen, in nanoseconds since the script began.
 *
 * @param from the earliest time
 * @param to the latest; Long.MAX_VALUE for any
 * @param origin what relative times are counted from
 */
record Clock(long from, long to, long origin) {

    private static final double SECOND = 1e9;

    /**
     * The time of an event. A relative one counts from the end of the event before; but packets of the peer that follow each other keep the distances that
     * the script gives them.
     *
     * @param before the event before, and when it was to happen
     * @param now the time at which the event before was over
     */
    static Clock of(Event event, @Nullable Event before, long scheduled, long now) {
        long origin = before != null && isInbound(before) && isInbound(event) ? scheduled : now;
        return switch (event.time()) {
            case EventTime.Absolute(long at) -> new Clock(at, at, 0);
            case EventTime.AbsoluteRange(long from, long to) -> new Clock(from, to, 0);
            case EventTime.Relative(long after) -> new Clock(origin + after, origin + after, origin);
            case EventTime.RelativeRange(long from, long to) -> new Clock(origin + from, origin + to, origin);
            case EventTime.Any() -> new Clock(0, Long.MAX_VALUE, origin);
        };
    }

    private static boolean isInbound(Event event) {
        return switch (event.action()) {
            case Action.Tcp(var segment) -> segment.direction() == Direction.INBOUND;
            case Action.Icmp message -> message.direction() == Direction.INBOUND;
            default -> false;
        };
    }

    /** The latest time with a tolerance added. */
    long limit(long tolerance) {
        return to == Long.MAX_VALUE ? to : to + tolerance;
    }

    /** Whether a time is early or late beyond a tolerance. */
    boolean misses(long time, long tolerance) {
        return time < from - tolerance || time > limit(tolerance);
    }

    /** The time as a message has it. */
    @Override
    public String toString() {
        if (to == Long.MAX_VALUE) {
            return "any time";
        }
        return from == to ? seconds(from) : seconds(from) + " to " + seconds(to);
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f s", nanos / SECOND);
    }
}
