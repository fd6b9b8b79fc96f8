package dev.jmtcp.packetdrill.script;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A TCP segment in a script.
 *
 * @param direction who sends it
 * @param ip what is said of the IP header
 * @param ports the source and destination port
 * @param flags the header's flags, the reserved ones and the ACK bit among them, as in {@link TcpFlags}
 * @param sequence the sequence numbers
 * @param ack the acknowledgment number, relative to the peer's initial sequence number
 * @param window the window field as it is in the header
 * @param urgent the urgent pointer
 * @param options the options in order; empty for any
 * @param encapsulation what the segment is wrapped into, as the script has it
 */
public record TcpSpec(
        Direction direction,
        IpSpec ip,
        Optional<Ports> ports,
        int flags,
        SequenceSpec sequence,
        OptionalLong ack,
        OptionalInt window,
        OptionalInt urgent,
        Optional<List<OptionSpec>> options,
        Optional<String> encapsulation) {

    /** Source and destination. */
    public record Ports(int source, int destination) {

        /** Those of the other direction. */
        public Ports reversed() {
            int from = destination;
            int to = source;
            return new Ports(from, to);
        }
    }

    /** Whether a flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * A part of this segment as a segment; PSH and FIN stay with the end.
     *
     * @param at where in the data it begins
     */
    public TcpSpec part(int at, int length) {
        boolean ends = at + length == sequence.length();
        return new TcpSpec(
                direction,
                ip,
                ports,
                ends ? flags : flags & ~(TcpFlags.PSH | TcpFlags.FIN),
                new SequenceSpec(sequence.origin(), sequence.start() + at, length),
                ack,
                window,
                urgent,
                options,
                encapsulation);
    }

    /** In the notation of scripts. */
    @Override
    public String toString() {
        var text = new StringBuilder(direction == Direction.INBOUND ? "< " : "> ");
        text.append(TcpFlags.toString(flags)).append(' ').append(sequence);
        ack.ifPresent(value -> text.append(" ack ").append(value));
        window.ifPresent(value -> text.append(" win ").append(value));
        urgent.ifPresent(value -> text.append(" urg ").append(value));
        if (options.isEmpty()) {
            text.append(" <...>");
        } else if (!options.get().isEmpty()) {
            text.append(options.get().stream().map(Object::toString).collect(Collectors.joining(",", " <", ">")));
        }
        return text.toString();
    }
}
