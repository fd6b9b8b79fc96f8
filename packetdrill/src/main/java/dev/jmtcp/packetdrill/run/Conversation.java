package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.TcpFlags;
import dev.jmtcp.packetdrill.script.TcpSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The packets of a script: injects the peer's, and takes the stack's in the order in which the script expects them. */
final class Conversation {

    private static final int FIRST_PEER_PORT = 40_000;

    private final Configuration configuration;
    private final Machine machine;
    private final PacketBuilder builder;
    private final Matcher matcher;
    private final Map<TcpSpec.Ports, Flow> flowsByPorts = new HashMap<>();
    private @Nullable Flow flow;
    private boolean listening;
    private int nextPeerPort = FIRST_PEER_PORT;

    /** What has been sent of a scripted segment so far: several real ones make it up. */
    private @Nullable LivePacket first;

    private int gathered;

    /** The segment that was looked at last, in the script's numbers. */
    private @Nullable LivePacket last;

    Conversation(Configuration configuration, Machine machine) {
        this.configuration = configuration;
        this.machine = machine;
        builder = new PacketBuilder(configuration.addresses());
        matcher = new Matcher(configuration.timestampTick(), configuration.tolerance(0));
    }

    /** The script's next connection is one to this port of the peer. */
    void connecting(int peerPort) {
        flow = new Flow(0, peerPort);
        listening = false;
    }

    /** Whether the stack's next connection is expected, its first packet not yet. */
    boolean isConnecting() {
        Flow current = flow;
        return current != null && current.isActive();
    }

    /** The script's next connection begins with the peer's next packet. */
    void listening() {
        listening = true;
    }

    /** Hands the stack a segment of the peer. */
    void inject(TcpSpec spec) {
        Flow flow = inboundFlow(spec);
        machine.deliver(
                parts(spec).stream().map(part -> builder.segment(part, flow)).toList());
    }

    /** Hands the stack an ICMP message. */
    void inject(Action.Icmp message) {
        Flow current = flow;
        if (current == null) {
            throw Failure.failed("an ICMP message before there is a connection that it could be about");
        }
        machine.deliver(List.of(builder.icmp(message, current)));
    }

    /** A packet that the device has put together: what it has made it of. */
    private List<TcpSpec> parts(TcpSpec spec) {
        int size = configuration.inboundSegment();
        int length = spec.sequence().length();
        if (size == 0 || length <= size) {
            return List.of(spec);
        }
        List<TcpSpec> parts = new ArrayList<>();
        for (int at = 0; at < length; at += size) {
            parts.add(spec.part(at, Math.min(size, length - at)));
        }
        return parts;
    }

    private Flow inboundFlow(TcpSpec spec) {
        if (spec.ports().isPresent()) {
            TcpSpec.Ports ports = spec.ports().get();
            return flowsByPorts.computeIfAbsent(ports, p -> new Flow(p.destination(), p.source()));
        }
        Flow current = flow;
        if (current == null || listening) {
            listening = false;
            current = new Flow(configuration.addresses().bindPort(), nextPeerPort++);
            flow = current;
        }
        return current;
    }

    private @Nullable Flow outboundFlow(TcpSpec spec) {
        return spec.ports().map(ports -> flowsByPorts.get(ports.reversed())).orElse(flow);
    }

    /** The segment that was looked at last, in the script's notation; null if there is none. */
    @Nullable
    LivePacket last() {
        return last;
    }

    /**
     * Looks whether the stack has sent a segment that the script expects.
     *
     * @return the time of the last of the segments that make it up; −1 if not all has been sent yet
     */
    long take(TcpSpec expected) {
        Flow current = outboundFlow(expected);
        if (current == null) {
            throw Failure.failed("a segment is expected before there is a connection");
        }
        for (LivePacket live = next(current); live != null; live = next(current)) {
            current.learn(expected.sequence(), live);
            LivePacket seen = current.inScript(live);
            last = seen;
            LivePacket before = first;
            if (before != null) {
                String problem = Matcher.fragments(before, seen, gathered);
                if (problem != null) {
                    first = null;
                    throw mismatch(problem);
                }
            }
            first = before == null ? seen : joined(before, seen);
            gathered += seen.payload().length;
            if (gathered < expected.sequence().length() && gathered > 0 && !configuration.strictSegments()) {
                continue;
            }
            LivePacket whole = first;
            first = null;
            gathered = 0;
            last = whole;
            String problem = matcher.compare(expected, whole, current, live.seq());
            if (problem != null) {
                throw mismatch(problem);
            }
            return live.time();
        }
        return -1;
    }

    private static Failure mismatch(String problem) {
        return Failure.failed("unexpected " + problem);
    }

    /** Two adjoining segments as if they were one. */
    private static LivePacket joined(LivePacket a, LivePacket b) {
        byte[] payload = new byte[a.payload().length + b.payload().length];
        System.arraycopy(a.payload(), 0, payload, 0, a.payload().length);
        System.arraycopy(b.payload(), 0, payload, a.payload().length, b.payload().length);
        int cwr = (a.flags() | b.flags()) & TcpFlags.CWR;
        return new LivePacket(
                b.time(),
                b.trafficClass(),
                b.hopLimit(),
                b.source(),
                b.destination(),
                b.sourcePort(),
                b.destinationPort(),
                a.seq(),
                b.ack(),
                b.flags() | cwr,
                b.window(),
                b.urgent(),
                b.options(),
                payload);
    }

    /** The next segment of this connection; those of others are dropped. */
    private @Nullable LivePacket next(Flow current) {
        for (Machine.Sent sent = machine.take(); sent != null; sent = machine.take()) {
            if (LivePacket.isTcp(sent.packet())) {
                LivePacket packet = LivePacket.read(sent.packet(), sent.time());
                if (current.owns(packet)) {
                    return packet;
                }
            }
        }
        return null;
    }
}
