package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.OptionSpec;
import dev.jmtcp.packetdrill.script.SequenceSpec;
import dev.jmtcp.packetdrill.script.TcpFlags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connection that a script is about: its ports, and what the script's numbers are in packets. Scripts count sequence numbers from 0 and
 * timestamps as they like; the stack chooses its own.
 */
final class Flow {

    /**
     * What is added to the peer's sequence numbers: so near to their end that every script of more than 4 KB crosses it.
     */
    static final int PEER_OFFSET = 0xffff_f000;

    private static final long MASK = 0xffff_ffffL;

    private final int remotePort;
    private final boolean active;
    private int localPort;

    /** Whether the stack's SYN or SYN-ACK has been seen. */
    private boolean opened;

    /** What is added to the script's sequence numbers of the stack. */
    private int localOffset;

    /** Timestamps of the stack: in the script, in packets. */
    private final Map<Long, Long> timestamps = new HashMap<>();

    private long firstScriptTimestamp = -1;
    private long firstLiveTimestamp;

    /**
     * A flow.
     *
     * @param localPort 0 if the stack is still to choose it
     */
    Flow(int localPort, int remotePort) {
        this.localPort = localPort;
        active = localPort == 0;
        this.remotePort = remotePort;
    }

    /** Whether the stack opens it. */
    boolean isActive() {
        return active;
    }

    int localPort() {
        return localPort;
    }

    int remotePort() {
        return remotePort;
    }

    private boolean begins(LivePacket packet) {
        return active && packet.has(TcpFlags.SYN) && !packet.has(TcpFlags.ACK);
    }

    /** Whether a packet of the stack belongs to this. */
    boolean owns(LivePacket packet) {
        return packet.destinationPort() == remotePort && (begins(packet) || packet.sourcePort() == localPort);
    }

    /** A packet that the script expects first tells the numbers behind its own. */
    void learn(SequenceSpec script, LivePacket packet) {
        if (begins(packet) && localPort != packet.sourcePort()) {
            localPort = packet.sourcePort();
            opened = false; // another attempt, from another port
        }
        if (!opened && packet.has(TcpFlags.SYN)) {
            opened = true;
            localOffset = packet.seq() - (int) script.start();
        }
    }

    // ---- The stack's numbers

    /** A sequence number of the stack as the script counts. */
    int toScript(int seq) {
        return seq - localOffset;
    }

    /** A sequence number of the stack as it is in packets. */
    int toLive(long seq) {
        return (int) seq + localOffset;
    }

    // ---- The peer's numbers

    static int peerToScript(int seq) {
        return seq - PEER_OFFSET;
    }

    static int peerToLive(long seq) {
        return (int) seq + PEER_OFFSET;
    }

    // ---- Timestamps

    /** Remembers which of the stack's timestamps the script means. */
    void learnTimestamp(long script, long live) {
        if (firstScriptTimestamp < 0) {
            firstScriptTimestamp = script;
            firstLiveTimestamp = live;
        }
        timestamps.put(script, live);
    }

    boolean knowsTimestamps() {
        return firstScriptTimestamp >= 0;
    }

    /** The stack's timestamp that the script means; one not seen yet is as far from the first as in the script. */
    long timestampToLive(long script) {
        if (script == 0 || firstScriptTimestamp < 0) {
            return script;
        }
        Long live = timestamps.get(script);
        return live == null ? script - firstScriptTimestamp + firstLiveTimestamp & MASK : live;
    }

    /** The time since the first timestamp, in the stack's ticks. */
    long ticksSinceFirst(long live) {
        return (int) (live - firstLiveTimestamp);
    }

    /** The same as the script has it. */
    long scriptTicksSinceFirst(long script) {
        return (int) (script - firstScriptTimestamp);
    }

    /** A packet of the stack as the script would write it. */
    LivePacket inScript(LivePacket packet) {
        List<OptionSpec> options = packet.options().stream()
                .map(option -> switch (option) {
                    case OptionSpec.Sack(List<OptionSpec.Block> blocks) ->
                        new OptionSpec.Sack(blocks.stream()
                                .map(block -> new OptionSpec.Block(
                                        peerToScript((int) block.left()) & MASK,
                                        peerToScript((int) block.right()) & MASK))
                                .toList());
                    default -> option;
                })
                .toList();
        return new LivePacket(
                packet.time(),
                packet.trafficClass(),
                packet.hopLimit(),
                packet.source(),
                packet.destination(),
                packet.sourcePort(),
                packet.destinationPort(),
                toScript(packet.seq()),
                packet.has(TcpFlags.ACK) ? peerToScript(packet.ack()) : packet.ack(),
                packet.flags(),
                packet.window(),
                packet.urgent(),
                options,
                packet.payload());
    }
}
