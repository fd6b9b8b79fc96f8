package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.TcpHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Segments that make sense, segments that almost do, and garbage, thrown at an engine with connections in all states, while applications do what they
 * like, time passes, the ring is full, the neighbour vanishes and routers complain. After every turn the {@link Invariants} hold; in the end all can be torn
 * down, and everything is back where it came from. Whatever is chosen is chosen by the given source of chance.
 */
final class Chaos {

    private static final long LOCAL = Address.ofIpv4(0x0a000001);
    private static final int FIRST_PORT = 80;
    private static final int PORTS = 2;
    private static final long MS = 1_000_000;

    /** Why a segment that has come may be dropped. */
    private static final List<Counter> INPUT_DROPS = Arrays.stream(Counter.values())
            .filter(counter -> counter.isDrop() && counter.name().startsWith("TCP_"))
            .toList();

    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 16);
    private final FakeNetwork network = new FakeNetwork(0, LOCAL);
    private final Counters counters = new Counters();
    private final List<Connection> mine = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Set<Connection> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<State> states = EnumSet.noneOf(State.class);
    private final RandomGenerator random;
    private final Tcp tcp;
    private final TimerWheel wheel;
    private final ChunkPool chunks;
    private long now = 3_600_000 * MS;
    private long injected;

    Chaos(RandomGenerator random) {
        this.random = random;
        network.path.maxSegmentation = random.nextBoolean() ? 0 : 20_000;
        TcpSettings settings = TcpSettings.DEFAULTS
                .with()
                .receiveBuffer(2000 + random.nextInt(200_000))
                .sendBuffer(2000 + random.nextInt(100_000))
                .maxConnections(24)
                .timeWait(random.nextInt(2000) * MS)
                .finTimeout(2000 * MS)
                .idleTimeout(random.nextBoolean() ? -1 : 20_000 * MS)
                .keepAlive(random.nextBoolean())
                .keepAliveIdle(3000 * MS)
                .keepAliveInterval(500 * MS)
                .keepAliveProbes(3)
                .noDelay(random.nextBoolean())
                .retries(4)
                .synRetries(3)
                .synAckRetries(2)
                .congestionControl(random.nextBoolean() ? "cubic" : "newreno")
                .timestamps(random.nextInt(4) > 0)
                .sack(random.nextInt(4) > 0)
                .build();
        wheel = new TimerWheel(now);
        chunks = new ChunkPool(512, 40_000 + random.nextInt(400_000));
        tcp = new Tcp(
                network, settings, counters, wheel, chunks, new SplittableRandom(random.nextLong()), LocalPorts.ANY);
        tcp.advance(now);
        for (int i = 0; i < PORTS; i++) {
            listeners.add(tcp.listen(0, 0, FIRST_PORT + i, 4, tcp.options()));
        }
    }

    /** One thing happens, and mostly a turn of the engine. */
    void step() {
        something();
        if (random.nextInt(3) > 0) {
            turn();
        }
    }

    /** The states that connections were in. */
    Set<State> states() {
        return states;
    }

    private void something() {
        int kind = random.nextInt(100);
        if (kind < 72) {
            segment();
        } else if (kind < 90) {
            application();
        } else if (kind < 95) {
            now += (random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(300)) * MS + random.nextInt(1000);
            tcp.advance(now);
        } else if (kind < 97) {
            icmp();
        } else {
            lowerLayers();
        }
    }

    // ---- Segments ---------------------------------------------------------------------------------------------------

    private void segment() {
        List<Connection> all = Invariants.connections(tcp);
        all.forEach(c -> states.add(c.state));
        Packet p = Packet.segment(flags());
        long source;
        if (all.isEmpty() || random.nextInt(12) == 0) {
            source = peer();
            p.ports(1000 + random.nextInt(8), FIRST_PORT + random.nextInt(PORTS + 1));
            if (random.nextInt(3) > 0) {
                p.flags = TcpHeader.SYN;
            }
            p.seq = random.nextInt();
            p.ack = p.has(TcpHeader.ACK) ? random.nextInt() : 0;
            synOptions(p);
        } else {
            Connection c = all.get(random.nextInt(all.size()));
            source = c.remoteLow;
            p.ports(c.remotePort, c.localPort);
            if (c.state == State.SYN_SENT && random.nextInt(3) > 0) {
                p.flags = random.nextInt(4) == 0 ? TcpHeader.SYN : TcpHeader.SYN | TcpHeader.ACK;
                synOptions(p);
            }
            p.seq = seq(c);
            p.ack = ack(c);
            options(c, p);
        }
        p.window = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(1 << 16);
            case 1 -> random.nextInt(10) * 100;
            case 2 -> 0xffff;
            default -> 5000;
        };
        p.urgent = random.nextInt(4) == 0 ? random.nextInt(1 << 16) : random.nextInt(100);
        int length = random.nextInt(5) < 2 ? 0 : random.nextInt(1461);
        byte[] content = new byte[length];
        if (random.nextInt(50) == 0) {
            byte[] garbage = new byte[random.nextInt(41)];
            random.nextBytes(garbage);
            p.rawOptions = garbage;
        }
        byte[] bytes = p.encode(content);
        if (random.nextInt(200) == 0) {
            random.nextBytes(bytes); // nothing but noise
        }
        inject(bytes, random.nextInt(300) == 0 ? random.nextInt(bytes.length) : bytes.length, source);
    }

    private void inject(byte[] bytes, int length, long source) {
        long at = random.nextInt(64);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
        long[] drops = drops();
        tcp.segment(memory, at, length, 0, source, 0, LOCAL, random.nextInt(256), now);
        injected++;
        long[] after = drops();
        List<Counter> reasons = new ArrayList<>();
        for (int i = 0; i < drops.length; i++) {
            for (long n = drops[i]; n < after[i]; n++) {
                reasons.add(INPUT_DROPS.get(i));
            }
        }
        assertThat(reasons).as("reasons counted for one segment").hasSizeLessThanOrEqualTo(1);
    }

    private long[] drops() {
        return INPUT_DROPS.stream().mapToLong(counters::value).toArray();
    }

    private long peer() {
        return Address.ofIpv4(0x0a000010 + random.nextInt(4));
    }

    private int flags() {
        if (random.nextInt(100) == 0) {
            return random.nextInt(256);
        }
        int flags = random.nextInt(50) == 0 ? 0 : TcpHeader.ACK;
        flags |= random.nextInt(5) == 0 ? TcpHeader.PSH : 0;
        flags |= random.nextInt(25) == 0 ? TcpHeader.FIN : 0;
        flags |= random.nextInt(60) == 0 ? TcpHeader.RST : 0;
        flags |= random.nextInt(40) == 0 ? TcpHeader.SYN : 0;
        flags |= random.nextInt(30) == 0 ? TcpHeader.URG : 0;
        return flags;
    }

    private int seq(Connection c) {
        return switch (random.nextInt(12)) {
            case 0 -> c.rcvNxt - 1;
            case 1 -> c.rcvNxt + 1;
            case 2, 3 -> c.rcvNxt + random.nextInt(Math.max(1, c.rcvAdv - c.rcvNxt));
            case 4 -> c.rcvNxt - random.nextInt(3000);
            case 5 -> c.rcvAdv - random.nextInt(3) + 1;
            case 6 -> random.nextInt(8) == 0 ? random.nextInt() : c.irs();
            default -> c.rcvNxt;
        };
    }

    private int ack(Connection c) {
        return switch (random.nextInt(10)) {
            case 0 -> c.sndUna;
            case 1, 2, 3 -> c.sndUna + random.nextInt(c.flight() + 1);
            case 4 -> random.nextInt(6) == 0 ? c.sndNxt + 1 + random.nextInt(100) : c.sndUna;
            case 5 -> random.nextInt(6) == 0 ? random.nextInt() : c.sndUna - random.nextInt(3000);
            default -> c.sndNxt;
        };
    }

    private void synOptions(Packet p) {
        if (random.nextInt(5) > 0) {
            p.mss(random.nextInt(6) == 0 ? random.nextInt(1 << 16) : 1460);
        }
        p.sackOk = random.nextInt(3) > 0;
        if (random.nextBoolean()) {
            p.scale(random.nextInt(16));
        }
        if (random.nextInt(3) > 0) {
            p.ts(random.nextInt(), 0);
        }
    }

    private void options(Connection c, Packet p) {
        if (c.timestampsOk && random.nextInt(30) > 0) {
            int age = random.nextInt(20) == 0 ? -random.nextInt(1000) : random.nextInt(3);
            p.ts(c.tsRecent + age, Timestamps.value(c, now) - random.nextInt(400));
        } else if (p.stamps != Packet.Stamps.GIVEN) {
            p.noTs();
        }
        int blocks = c.sackOk && c.flight() > 0 ? random.nextInt(4) : 0;
        for (int i = 0; i < blocks && !p.has(TcpHeader.SYN); i++) {
            int start = c.sndUna + random.nextInt(c.flight() + 200) - 100;
            p.sack(start, start + random.nextInt(6000) - 100);
        }
    }

    // ---- Applications -----------------------------------------------------------------------------------------------

    private void application() {
        switch (random.nextInt(8)) {
            case 0 -> open();
            case 1 -> {
                Connection c = tcp.accept(listeners.get(random.nextInt(PORTS)));
                if (c != null) {
                    c.attach(this);
                    mine.add(c);
                }
            }
            default -> {
                if (!mine.isEmpty()) {
                    use(mine.get(random.nextInt(mine.size())));
                }
            }
        }
    }

    private void open() {
        try {
            int localPort = random.nextBoolean() ? 0 : 50_000 + random.nextInt(3);
            Connection c = tcp.connect(
                    0, 0, localPort, 0, peer(), 1000 + random.nextInt(4), new ConnectionOptions(tcp.options()));
            c.attach(this);
            mine.add(c);
        } catch (ConnectFailure e) {
            assertThat(e.reason()).isIn(ConnectFailure.Reason.IN_USE, ConnectFailure.Reason.TOO_MANY);
        }
    }

    private void use(Connection c) {
        switch (random.nextInt(24)) {
            case 0 -> tcp.shutdownOutput(c);
            case 1 -> tcp.shutdownInput(c);
            case 2 -> {
                tcp.close(c);
                mine.remove(c);
            }
            case 3 -> {
                tcp.abort(c);
                c.detach();
                mine.remove(c);
            }
            case 4 -> tcp.markUrgent(c);
            case 5 -> changeOptions(c);
            case 6 -> {
                c.info();
                c.takeSoftError();
                assertThat(c.urgentAhead()).isNotNegative();
                assertThat(c.unacknowledged()).isNotNegative();
            }
            case 7, 8, 9, 10, 11, 12, 13 -> {
                int room = c.writable();
                int taken = tcp.write(c, memory, 0, random.nextInt(20_000));
                assertThat(taken).isBetween(0, room);
            }
            default -> {
                int readable = c.readable();
                int wanted = random.nextInt(20_000);
                assertThat(tcp.read(c, memory, 0, wanted)).isEqualTo(Math.min(readable, wanted));
            }
        }
    }

    private void changeOptions(Connection c) {
        ConnectionOptions options = new ConnectionOptions(c.options());
        switch (random.nextInt(8)) {
            case 0 -> options.noDelay = !options.noDelay;
            case 1 -> options.cork = !options.cork;
            case 2 -> options.quickAck = !options.quickAck;
            case 3 -> options.keepAlive = !options.keepAlive;
            case 4 -> options.userTimeout = random.nextInt(5000) * MS;
            case 5 -> options.maxSegment = random.nextInt(1500);
            case 6 -> options.congestionControl = random.nextBoolean() ? "cubic" : "newreno";
            default -> options.receiveBuffer += random.nextInt(10_000);
        }
        tcp.options(c, options);
    }

    // ---- Below ------------------------------------------------------------------------------------------------------

    private void icmp() {
        List<Connection> all = Invariants.connections(tcp);
        if (all.isEmpty()) {
            return;
        }
        Connection c = all.get(random.nextInt(all.size()));
        SegmentInput.IcmpError[] errors = SegmentInput.IcmpError.values();
        SegmentInput.IcmpError error = errors[random.nextInt(errors.length)];
        int mtu = random.nextInt(4) == 0 ? 0 : 300 + random.nextInt(1400);
        int seq = random.nextBoolean() ? c.sndUna : c.sndUna + random.nextInt(10_000);
        tcp.icmpError(error, mtu, 0, LOCAL, c.localPort, 0, c.remoteLow, c.remotePort, seq, now);
    }

    private void lowerLayers() {
        switch (random.nextInt(4)) {
            case 0 -> network.room = random.nextInt(6);
            case 1 -> network.room = FakeNetwork.UNLIMITED;
            case 2 -> network.unresolved = true;
            default -> {
                if (random.nextBoolean()) {
                    tcp.pathFailed(network.path, now);
                } else {
                    network.unresolved = false;
                    tcp.pathReady(network.path, now);
                }
            }
        }
    }

    // ---- Turns ------------------------------------------------------------------------------------------------------

    private void turn() {
        tcp.advance(now);
        wheel.advance(now);
        tcp.flush();
        while (!network.sent.isEmpty()) {
            FakeNetwork.Sent sent = network.sent.remove();
            Packet p = Packet.decode(sent.bytes());
            int onWire = sent.bytes().length - (sent.segmentSize() == 0 ? 0 : p.length - sent.segmentSize());
            assertThat(onWire).as("bytes of a segment").isLessThanOrEqualTo(1480);
        }
        for (Connection c = tcp.pollEvent(); c != null; c = tcp.pollEvent()) {
            int events = c.takeEvents();
            if ((events & Events.CLOSED) != 0) {
                assertThat(c.state()).isEqualTo(State.CLOSED);
                assertThat(c.error()).isNotEqualTo(CloseReason.NONE);
                if (random.nextBoolean()) {
                    mine.remove(c);
                    c.detach();
                }
            }
        }
        while (tcp.pollListener() != null) {
            // accepted at random
        }
        Invariants.check(tcp);
        seen.addAll(Invariants.connections(tcp));
        assertThat(counters.value(Counter.TCP_SEGMENTS_IN)).isEqualTo(injected);
        assertThat(counters.value(Counter.TCP_SEGMENTS_OUT)).isEqualTo(network.committed);
    }

    /** Closes everything; nothing is left. */
    void tearDown() {
        network.room = FakeNetwork.UNLIMITED;
        network.unresolved = false;
        tcp.pathReady(network.path, now);
        turn();
        if (random.nextBoolean()) {
            listeners.forEach(tcp::close);
            turn();
        }
        tcp.shutDown();
        turn();
        for (Connection c : mine) {
            c.detach();
        }
        turn();
        assertThat(tcp.connections()).as("connections").isZero();
        assertThat(wheel.size()).as("timers").isZero();
        assertThat(tcp.hasReady()).as("connections ready").isFalse();
        assertThat(chunks.bytesInUse()).as("bytes of buffers").isZero();
        assertThat(seen).as("records").allMatch(c -> c.pooled);
        chunks.close();
    }
}
