package dev.jmtcp.packetdrill.script;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What happens in an event. */
public sealed interface Action {

    /**
     * A call of the socket API.
     *
     * @param end for a call that waits, {@code ...end}: when it returns, in nanoseconds; counted as the event's own time is
     * @param name the call's name
     * @param result what it returns
     * @param error the errno with which it fails
     */
    record SystemCall(
            OptionalLong end,
            String name,
            List<Expression> arguments,
            Expression result,
            @Nullable String error) implements Action {
        public SystemCall {
            arguments = List.copyOf(arguments);
        }
    }

    /** A shell command in back quotes. */
    record Command(int line, String text) implements Action {}

    /** Code between <code>%{</code> and <code>}%</code>. */
    record Code(int line, String text) implements Action {}

    /** A TCP segment. */
    record Tcp(TcpSpec segment) implements Action {}

    /**
     * An ICMP message.
     *
     * @param direction who sends it
     * @param ip what is said of the IP header
     * @param type its type, for example {@code unreachable}
     * @param code its code, for example {@code frag_needed}
     * @param mtu the MTU of the next hop
     * @param quoted the protocol of the packet that it is about, of which it carries the beginning
     * @param echoed the sequence numbers of that packet, if it is a segment
     */
    record Icmp(
            Direction direction,
            IpSpec ip,
            String type,
            Optional<String> code,
            OptionalLong mtu,
            String quoted,
            Optional<SequenceSpec> echoed)
            implements Action {}

    /** A packet that can be read but is of no protocol that the stack has. */
    record OtherPacket(Direction direction, String protocol) implements Action {}
}
