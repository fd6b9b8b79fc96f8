package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.IpSpec;
import dev.jmtcp.packetdrill.script.OptionSpec;
import dev.jmtcp.packetdrill.script.SequenceSpec;
import dev.jmtcp.packetdrill.script.TcpFlags;
import dev.jmtcp.packetdrill.script.TcpSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what the stack has sent with what the script expects. All methods answer null if it fits, or else what does not. */
final class Matcher {

    private static final int FRAGMENT_FLAGS = TcpFlags.FIN | TcpFlags.PSH | TcpFlags.CWR;

    /** The length of a tick of the stack's timestamps in microseconds; 0 if the script does not compare their values. */
    private final int tick;

    private final long tolerance;

    /**
     * @param tick what the script says of the ticks of timestamps, in microseconds
     * @param tolerance of times, in nanoseconds
     */
    Matcher(int tick, long tolerance) {
        this.tick = tick;
        this.tolerance = tolerance;
    }

    /** Whether a segment can follow another one as a part of the same scripted segment: the device's segmentation would make them so. */
    static @Nullable String fragments(LivePacket first, LivePacket next, int before) {
        if (next.seq() != first.seq() + before) {
            return "does not follow the part before it";
        }
        if ((first.flags() & ~FRAGMENT_FLAGS) != (next.flags() & ~FRAGMENT_FLAGS)) {
            return "has other flags than the part before it";
        }
        if (first.ack() != next.ack() || first.window() != next.window()) {
            return "has another ack or window than the part before it";
        }
        return first.options().equals(next.options()) ? null : "has other options than the part before it";
    }

    /**
     * Compares a segment with a script's.
     *
     * @param actual in the script's numbers
     */
    @Nullable
    String compare(TcpSpec expected, LivePacket actual, Flow flow, int liveSeq) {
        if (expected.encapsulation().isPresent()) {
            throw Failure.unsupported(
                    "packets wrapped into " + expected.encapsulation().get());
        }
        String problem = ip(expected.ip(), actual);
        if (problem == null) {
            problem = header(expected, actual, liveSeq);
        }
        if (problem == null && expected.options().isPresent()) {
            problem = options(expected.options().get(), actual.options(), flow, actual.has(TcpFlags.ACK));
        }
        return problem;
    }

    private static @Nullable String header(TcpSpec expected, LivePacket actual, int liveSeq) {
        if (expected.flags() != actual.flags()) {
            return "flags";
        }
        SequenceSpec sequence = expected.sequence();
        if (sequence.length() != actual.payload().length) {
            return "length";
        }
        boolean sequenceFits = switch (sequence.origin()) {
            case INITIAL -> (int) sequence.start() == actual.seq();
            case ZERO -> (int) sequence.start() == liveSeq;
            case ANY -> true;
        };
        if (!sequenceFits) {
            return "sequence number";
        }
        if ((expected.has(TcpFlags.ACK) || expected.ack().isPresent())
                && (int) expected.ack().orElse(0) != actual.ack()) {
            return "ack";
        }
        if (expected.window().isPresent() && expected.window().getAsInt() != actual.window()) {
            return "window";
        }
        if (expected.urgent().orElse(0) != actual.urgent()) {
            return "urgent pointer";
        }
        for (byte b : actual.payload()) {
            if (b != 0) {
                return "payload: not the bytes that were written";
            }
        }
        return null;
    }

    private static @Nullable String ip(IpSpec expected, LivePacket actual) {
        if (expected.flowLabel().isPresent()) {
            throw Failure.unsupported("flow labels, which are IPv6's");
        }
        String name = expected.ecn();
        int ecn = actual.trafficClass() & 3;
        boolean ecnFits = name == null
                || switch (name) {
                    case "noecn" -> ecn == 0;
                    case "ect1" -> ecn == 1;
                    case "ect0" -> ecn == 2;
                    case "ce" -> ecn == 3;
                    default -> ecn == 1 || ecn == 2;
                };
        if (!ecnFits) {
            return "ECN field " + ecn;
        }
        if (expected.trafficClass().isPresent() && expected.trafficClass().getAsInt() != actual.trafficClass()) {
            return "TOS 0x" + Integer.toHexString(actual.trafficClass());
        }
        return expected.hopLimit().isPresent() && expected.hopLimit().getAsInt() != actual.hopLimit()
                ? "TTL " + actual.hopLimit()
                : null;
    }

    private @Nullable String options(
            List<OptionSpec> expected, List<OptionSpec> actual, Flow flow, boolean acknowledges) {
        if (expected.size() != actual.size()) {
            return "options";
        }
        for (int i = 0; i < expected.size(); i++) {
            OptionSpec wanted = expected.get(i);
            OptionSpec found = actual.get(i);
            if (wanted instanceof OptionSpec.Timestamps a && found instanceof OptionSpec.Timestamps b) {
                String problem = timestamps(a, b, flow, acknowledges);
                if (problem != null) {
                    return problem;
                }
            } else if (wanted instanceof OptionSpec.Raw a && found instanceof OptionSpec.Raw b) {
                if (a.kind() != b.kind() || !a.hex().equals(b.hex())) {
                    return "options";
                }
            } else if (!wanted.equals(found)) {
                return "options";
            }
        }
        return null;
    }

    /** The value is compared only if the script tells how long a tick is. The echo is the peer's value: exactly that. */
    private @Nullable String timestamps(
            OptionSpec.Timestamps expected, OptionSpec.Timestamps actual, Flow flow, boolean acknowledges) {
        if (acknowledges && expected.echo() != actual.echo()) {
            return "timestamp echo";
        }
        if (tick != 0 && flow.knowsTimestamps()) {
            long wanted = flow.scriptTicksSinceFirst(expected.value()) * tick;
            // The stack's ticks are milliseconds.
            long found = flow.ticksSinceFirst(actual.value()) * 1_000;
            if (Math.abs(wanted - found) * 1_000 > tolerance) {
                return "timestamp value: " + found + " µs after the first instead of " + wanted;
            }
        }
        flow.learnTimestamp(expected.value(), actual.value());
        return null;
    }
}
