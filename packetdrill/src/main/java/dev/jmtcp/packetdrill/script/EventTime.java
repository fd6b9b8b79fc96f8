package dev.jmtcp.packetdrill.script;

/** When an event happens. Times in nanoseconds. */
public sealed interface EventTime {

    /** At a time since the script began. */
    record Absolute(long at) implements EventTime {}

    /** So long after the event before. */
    record Relative(long after) implements EventTime {}

    /** Between two times since the script began. */
    record AbsoluteRange(long from, long to) implements EventTime {}

    /** So long after the event before. */
    record RelativeRange(long from, long to) implements EventTime {}

    /** At any time: {@code *}. */
    record Any() implements EventTime {}

    /** Whether it holds for packets that are expected only. */
    default boolean isForExpectedPackets() {
        return switch (this) {
            case AbsoluteRange _, RelativeRange _, Any _ -> true;
            case Absolute _, Relative _ -> false;
        };
    }
}
