package dev.jmtcp.core.stack;

import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.ip.Ipv4Layer;
import dev.jmtcp.core.link.Link;
import dev.jmtcp.core.link.Siblings;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.tcp.LocalPorts;
import dev.jmtcp.core.tcp.Tcp;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One core's TCP/IP: everything between one {@link PacketQueue} and the applications of that core. Shares nothing with the stacks of other cores.
 *
 * <p>Belongs to one thread, that of its queue. {@link #step} is one turn: receive, timers, the client's turn, send. It never blocks, never reads a
 * clock, and allocates nothing once warm. Everything else, threads, sleep, virtual time, is a matter of who calls it.
 *
 * <pre>
 *   PacketQueue.receive → Link → Ipv4Layer → Tcp → events → client
 *   PacketQueue.flush   ← Link ← Ipv4Layer ← Tcp ← calls  ←
 * </pre>
 */
public final class Stack implements AutoCloseable {

    /** How often memory that is spare is given back. */
    private static final long TRIM_INTERVAL = 1_000_000_000;

    private static final int MAX_FRAME = 65_535 + 14;

    /** For so many turns timers wait while more frames are there: the ACK that a timer waits for may be among them. */
    private static final int PATIENT_TURNS = 64;

    private final PacketQueue queue;
    private final int ports;
    private final FrameBurst burst;
    private final Counters counters = new Counters();
    private final TimerWheel wheel;
    private final ChunkPool chunks;
    private final Link link;
    private final Tcp tcp;
    private CoreGroup.@Nullable Member member;
    private final MemorySegment passedOn = Arena.ofAuto().allocate(MAX_FRAME);
    private @Nullable StackClient client;
    private long now;
    private long nextTrim;
    private boolean unsent;
    private int turnsWithoutTimers;

    /**
     * @param queue the core's queue; used by the thread that calls {@link #step} only
     * @param ports how many ports the queue has
     * @param random where chance comes from: sequence numbers, ports, identifications
     * @param localPorts which local ports a connection of this stack may use
     * @param group the stacks of the other cores on the same ports; null if there are none
     * @param now the time in nanoseconds, on the clock that {@link #step} will be given
     */
    public Stack(
            StackConfig config,
            PacketQueue queue,
            int ports,
            RandomGenerator random,
            LocalPorts localPorts,
            @Nullable CoreGroup group,
            long now) {
        this.queue = queue;
        this.ports = ports;
        this.now = now;
        nextTrim = now + TRIM_INTERVAL;
        burst = new FrameBurst(config.burst());
        wheel = new TimerWheel(now);
        chunks = new ChunkPool(config.bufferBytes());
        link = new Link(queue, config.ip().interfaces(), config.neighbours(), wheel, counters);
        var ip = new Ipv4Layer(config.ip(), link, wheel, random, counters);
        tcp = new Tcp(ip, config.tcp(), counters, wheel, chunks, random, localPorts);
        tcp.advance(now);
        ip.start(tcp, localPorts);
        member = group == null ? null : group.join(queue::wakeup);
        link.start(ip, member == null ? Siblings.NONE : member);
        link.begin(now);
        if (member == null || member.isFirst()) {
            link.announce();
        }
    }

    /** Who uses this stack from its own thread. */
    public void client(StackClient client) {
        this.client = client;
    }

    public Tcp tcp() {
        return tcp;
    }

    /** What this stack counts; from any thread. */
    public Counters counters() {
        return counters;
    }

    public PacketQueue queue() {
        return queue;
    }

    /** The time of the turn under way, or of the last one. */
    public long now() {
        return now;
    }

    /** Memory in bytes that the data of connections takes now. */
    public long bufferBytesInUse() {
        return chunks.bytesInUse();
    }

    /** Timers that are running now: of connections, neighbours, reassembly. */
    public int timers() {
        return wheel.size();
    }

    /**
     * One turn.
     *
     * @param now the time in nanoseconds, never less than the turn before
     * @return whether anything was done; if not, the stack may rest until {@link #nextDeadline()} or until a frame comes
     */
    public boolean step(long now) {
        this.now = now;
        tcp.advance(now);
        link.begin(now);
        boolean busy = false;
        boolean more = false;
        for (int port = 0; port < ports; port++) {
            int count = queue.receive(port, burst);
            if (count > 0) {
                link.receive(port, burst, now);
                busy = true;
                more |= count == burst.capacity();
            }
        }
        busy |= member != null && !member.inbox.isEmpty() && takePassedOn(member);
        if (!more || ++turnsWithoutTimers > PATIENT_TURNS) {
            turnsWithoutTimers = 0;
            if (now >= wheel.nextDeadline()) {
                busy |= wheel.advance(now) > 0;
            }
        }
        if (client != null) {
            busy |= client.turn(now);
        }
        boolean sending = tcp.hasReady();
        tcp.flush();
        unsent = queue.flush() > 0;
        if (now >= nextTrim) {
            chunks.trim();
            nextTrim = now + TRIM_INTERVAL;
        }
        return busy || sending && !tcp.hasReady();
    }

    private boolean takePassedOn(CoreGroup.Member member) {
        for (int i = 0; i < burst.capacity(); i++) {
            CoreGroup.Mail mail = member.inbox.poll();
            if (mail == null) {
                break;
            }
            byte[] frame = mail.frame();
            MemorySegment.copy(frame, 0, passedOn, ValueLayout.JAVA_BYTE, 0, frame.length);
            link.receivePassedOn(mail.port(), passedOn, 0, frame.length, now);
        }
        return true;
    }

    /**
     * When {@link #step} must be called again at the latest, if no frame comes and the client asks for nothing; the present or past if there is something
     * left to send; {@link Long#MAX_VALUE} if never.
     */
    public long nextDeadline() {
        return unsent || tcp.hasReady() || (member != null && !member.inbox.isEmpty()) ? now : wheel.nextDeadline();
    }

    /** Resets all connections, sends what that takes as far as there is room, and gives the memory back. The queue stays open. */
    @Override
    public void close() {
        if (member != null) {
            member.leave();
        }
        try {
            tcp.shutDown();
            queue.flush();
        } finally {
            chunks.close();
        }
    }
}
