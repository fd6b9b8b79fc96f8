package dev.jmtcp.packetdrill.script;

/**
 * The sequence numbers of a segment: {@code start:end(length)}.
 *
 * @param origin what the start is counted from
 * @param start the first sequence number
 * @param length how many bytes of data
 */
public record SequenceSpec(Origin origin, long start, int length) {

    /** What a sequence number is counted from. */
    public enum Origin {
        /** The sender's initial sequence number. */
        INITIAL,
        /** Zero: the number is that of the packet, {@code start:end(length)!}. */
        ZERO,
        /** Nothing: any will do, {@code ...(length)}. */
        ANY
    }

    @Override
    public String toString() {
        return switch (origin) {
            case INITIAL -> start + ":" + (start + length) + "(" + length + ")";
            case ZERO -> start + ":" + (start + length) + "(" + length + ")!";
            case ANY -> "...(" + length + ")";
        };
    }
}
