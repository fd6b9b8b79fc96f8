package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ANY;
import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.syn;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A conversation between TCP and a peer played by the test, in virtual time: {@link #in} hands segments to TCP, {@link #expect} says what must leave,
 * {@link #advance} lets time pass. Nothing may leave that is not expected. The payload is always the pattern of {@link Streams}, checked in both
 * directions. After every step the {@link Invariants} are checked, and at the end that everything has gone back to its pool.
 *
 * <p>One connection at a time is followed, {@link #c}; numbers are relative to its initial ones, see {@link Packet}. Initial sequence numbers are those
 * in {@link #iss} and {@link #irs}: the former comes true by choosing the time at which the engine starts.
 */
abstract class TcpFixture {

    static final long MS = 1_000_000;

    /** What a timer may be late, since the wheel counts time in ticks of 2^16 ns. */
    static final long TICK = 1 << 16;

    static final int LOCAL_PORT = 8080;
    static final int REMOTE_PORT = 40_000;

    /** The payload of full segments from a peer with MSS 1460 and none but the fixed header. */
    static final int MSS = 1460;

    /** All random numbers that the engine gets. */
    private static final long RANDOM = 0x0000_0001_9e37_79b9L;

    private static final int SCRATCH = 1 << 20;

    /** Where what arrives and what applications handle lies for the moment; one for all tests, which is quicker than one for each. */
    private static final MemorySegment MEMORY = Arena.global().allocate(SCRATCH);

    long localHigh = 0;
    long localLow = Address.ofIpv4(0x0a000001);
    long remoteHigh = 0;
    long remoteLow = Address.ofIpv4(0x0a000002);

    /** Our initial sequence number; that of later connections is learnt from their SYN. */
    int iss = 1_000_000;

    /** The peer's initial sequence number. */
    int irs = 5_000_000;

    /** To be changed before anything else. */
    TcpSettings.Builder settings = TcpSettings.DEFAULTS.with();

    /** The bytes of the buffer pool; to be changed before anything else. */
    long poolBytes = 64 << 20;

    int chunkSize = ChunkPool.DEFAULT_CHUNK_SIZE;

    /** The window field of segments that say nothing of it. */
    int peerWindow = 0xffff;

    /** The first timestamp of the peer. */
    int peerTs = 0x7000_0000;

    long now;
    FakeNetwork network = new FakeNetwork(localHigh, localLow);
    Counters counters = new Counters();

    @Nullable
    Listener listener;

    Tcp tcp;
    TimerWheel wheel;
    ChunkPool chunks;

    /** The connection that the test is about. */
    Connection c;

    private long started;
    private int ourTs;
    private int lastTsVal;
    private int events;
    private long written;
    private long read;

    // ---- Beginning and end

    /** Builds the engine; what a test wants to be different must be said before. */
    void start() {
        if (tcp != null) {
            return;
        }
        // The clock of RFC 6528 is what iss depends on: it ticks every 4 µs.
        long secret = new IsnGenerator(RANDOM, RANDOM)
                .secret(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT);
        int atZero = IsnGenerator.isn(secret, 0);
        now = Integer.toUnsignedLong(iss - atZero) * 4000 + 1_234;
        started = now;
        wheel = new TimerWheel(now);
        chunks = new ChunkPool(chunkSize, poolBytes);
        tcp = new Tcp(network, settings.build(), counters, wheel, chunks, () -> RANDOM, LocalPorts.ANY);
        tcp.advance(now);
    }

    @AfterEach
    void nothingLeft() {
        if (tcp == null) {
            return;
        }
        expectNothing();
        network.room = FakeNetwork.UNLIMITED;
        network.unresolved = false;
        tcp.pathReady(network.path, now);
        tcp.shutDown();
        tcp.flush();
        for (Connection ended = tcp.pollEvent(); ended != null; ended = tcp.pollEvent()) {
            ended.takeEvents();
        }
        assertThat(tcp.connections()).as("connections").isZero();
        assertThat(wheel.size()).as("timers").isZero();
        assertThat(tcp.hasReady()).as("connections ready").isFalse();
        if (c != null && c.user() != null) {
            c.detach();
        }
        assertThat(chunks.bytesInUse()).as("bytes of buffers").isZero();
        chunks.close();
        // What connections share that have none of their own.
        assertThat(LossState.NONE).usingRecursiveComparison().isEqualTo(new LossState());
        assertThat(Seldom.NOTHING).usingRecursiveComparison().isEqualTo(new Seldom());
    }

    // ---- Stimuli

    /** Segments arrive, all in one turn. */
    void in(Packet... packets) {
        expectNothing();
        for (Packet packet : packets) {
            receive(packet);
        }
        turn();
    }

    private void receive(Packet packet) {
        start();
        int first = packet.has(TcpHeader.SYN) ? packet.seq : packet.seq - 1; // the SYN comes before the first byte
        byte[] content = Streams.TO_US.bytes(first, packet.length);
        byte[] bytes = absolute(packet).encode(content);
        // Each time at another place, and gone afterwards: nobody may rely on it.
        long at = 64L + bytes.length % 7;
        MemorySegment.copy(bytes, 0, MEMORY, ValueLayout.JAVA_BYTE, at, bytes.length);
        // To look ahead changes nothing, in any state.
        tcp.expect(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT);
        tcp.lookAhead();
        tcp.segment(
                MEMORY,
                at,
                bytes.length,
                remoteHigh,
                remoteLow,
                localHigh,
                localLow,
                packet.trafficClass == ANY ? 0 : packet.trafficClass,
                now);
        MEMORY.asSlice(at, bytes.length).fill((byte) 0xcc);
    }

    /** The packet with numbers as they are on the wire. */
    private Packet absolute(Packet p) {
        Packet copy = Packet.segment(p.flags).seq(p.seq + irs).length(p.length);
        copy.ack = p.has(TcpHeader.ACK) ? p.ack + iss : p.ack;
        copy.window = p.window == ANY ? peerWindow : p.window;
        copy.urgent = p.urgent;
        copy.mss = p.mss;
        copy.scale = p.scale;
        copy.sackOk = p.sackOk;
        copy.rawOptions = p.rawOptions;
        copy.headerWords = p.headerWords;
        copy.sourcePort = p.sourcePort == ANY ? REMOTE_PORT : p.sourcePort;
        copy.destinationPort = p.destinationPort == ANY ? LOCAL_PORT : p.destinationPort;
        for (int edge : p.sacks) {
            copy.sacks.add(edge + iss);
        }
        boolean negotiated = c != null && c.timestampsOk && !p.has(TcpHeader.RST | TcpHeader.SYN);
        if (p.stamps == Packet.Stamps.GIVEN || (p.stamps == Packet.Stamps.AS_NEGOTIATED && negotiated)) {
            copy.stamps = Packet.Stamps.GIVEN;
            copy.tsVal = peerTs + (p.tsVal == ANY ? (int) ((now - started) / MS) : p.tsVal);
            boolean echoes = p.has(TcpHeader.ACK);
            copy.tsEcr = p.tsEcr == ANY ? (echoes ? lastTsVal : 0) : p.tsEcr + ourTs;
        } else {
            copy.stamps = Packet.Stamps.NONE;
        }
        return copy;
    }

    /** An ICMP error arrives about the segment with a sequence number. */
    void icmp(SegmentInput.IcmpError error, int mtu, int seq) {
        expectNothing();
        tcp.icmpError(error, mtu, localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT, seq + iss, now);
        turn();
    }

    /** Lets milliseconds pass; what leaves meanwhile is to be expected afterwards. */
    void advance(long millis) {
        expectNothing();
        start();
        long until = now + millis * MS;
        step(until, false);
        now = until;
        turn();
    }

    /** Lets milliseconds pass in which nothing leaves. */
    void quiet(long millis) {
        advance(millis);
        expectNothing();
    }

    /** Nothing leaves for so many milliseconds, and then these segments, in time but for a tick of the wheel. */
    void expectAfter(long millis, Packet... packets) {
        expectAfterNanos(millis * MS, packets);
    }

    void expectAfterNanos(long nanos, Packet... packets) {
        expectNothing();
        long from = now;
        step(now + nanos + TICK, true);
        assertThat(network.sent).as("segments after " + nanos / 1e6 + " ms").isNotEmpty();
        assertThat(now - from).as("nanoseconds until the next segment").isGreaterThanOrEqualTo(nanos);
        expect(packets);
    }

    /** Nothing leaves for so many milliseconds, and then the connection is gone, without a segment. */
    void expectGoneAfter(long millis) {
        expectNothing();
        long from = now;
        while (c.state() != State.CLOSED && now - from <= millis * MS + TICK) {
            fire(Math.max(now, wheel.nextDeadline()));
        }
        assertThat((now - from) / 1e6)
                .as("milliseconds until the connection is gone")
                .isBetween((double) millis, millis + TICK / 1e6);
        expectNothing();
    }

    /** Fires timers up to a time, or until something leaves. */
    private void step(long until, boolean untilSent) {
        for (int i = 0; wheel.nextDeadline() <= until; i++) {
            fire(Math.max(now, wheel.nextDeadline()));
            if (untilSent && !network.sent.isEmpty()) {
                return;
            }
            assertThat(i).as("timers fired in one step").isLessThan(1_000_000);
        }
    }

    private void fire(long at) {
        now = at;
        tcp.advance(now);
        wheel.advance(now);
        turn();
    }

    /** What the stack does at the end of each turn. */
    void turn() {
        start();
        tcp.advance(now);
        wheel.advance(now);
        tcp.flush();
        for (Connection told = tcp.pollEvent(); told != null; told = tcp.pollEvent()) {
            int bits = told.takeEvents();
            events |= told == c ? bits : 0;
        }
        Invariants.check(tcp);
        assertThat(counters.value(Counter.TCP_SEGMENTS_OUT))
                .as("segments counted")
                .isEqualTo(network.committed);
    }

    // ---- Expectations

    /** These segments leave next, in this order; there may be more. */
    void expect(Packet... packets) {
        for (Packet expected : packets) {
            assertThat(network.sent)
                    .as("segments left, when expecting " + expected.describe(expected))
                    .isNotEmpty();
            Packet actual = next();
            assertThat(actual.describe(expected)).isEqualTo(normalized(expected).describe(expected));
        }
    }

    void expectNothing() {
        if (!network.sent.isEmpty()) {
            List<Packet> rest = new ArrayList<>();
            while (!network.sent.isEmpty()) {
                rest.add(next());
            }
            fail("nobody expected " + rest);
        }
    }

    /** The segment that left next, with relative numbers; its form and payload are checked. */
    Packet next() {
        FakeNetwork.Sent sent = network.sent.remove();
        Packet p = Packet.decode(sent.bytes());
        assertThat(sent.localLow()).as("source address").isEqualTo(localLow);
        assertThat(sent.localHigh()).as("source address").isEqualTo(localHigh);
        assertThat(sent.remoteLow()).as("destination address").isEqualTo(remoteLow);
        assertThat(sent.remoteHigh()).as("destination address").isEqualTo(remoteHigh);
        assertThat(p.sourcePort).as("source port").isEqualTo(LOCAL_PORT);
        assertThat(p.destinationPort).as("destination port").isEqualTo(REMOTE_PORT);
        p.trafficClass = sent.trafficClass();
        p.hopLimit = sent.hopLimit();
        p.segmentSize = sent.segmentSize();
        if (p.has(TcpHeader.SYN)) {
            if (iss != p.seq || !p.has(TcpHeader.ACK)) {
                written = 0;
                read = 0;
            }
            iss = p.seq;
            if (p.stamps == Packet.Stamps.GIVEN && counters.value(Counter.TCP_SEGMENTS_OUT) == 1) {
                ourTs = p.tsVal;
            }
        }
        int size = sent.bytes().length - p.length;
        int onWire = sent.segmentSize() == 0 ? sent.bytes().length : size + sent.segmentSize();
        assertThat(onWire + network.path.ipHeaderLength()).as("IP packet").isLessThanOrEqualTo(network.path.mtu);
        p.seq -= iss;
        if (p.has(TcpHeader.ACK)) {
            p.ack -= irs;
        } else {
            assertThat(p.ack).as("ack field without ACK").isZero();
        }
        if (!p.has(TcpHeader.URG)) {
            assertThat(p.urgent).as("urgent pointer without URG").isZero();
        }
        p.sacks.replaceAll(edge -> edge - irs);
        if (p.stamps == Packet.Stamps.GIVEN) {
            lastTsVal = p.tsVal;
            p.tsVal -= ourTs;
            p.tsEcr = p.has(TcpHeader.ACK) ? p.tsEcr - peerTs : p.tsEcr;
        }
        Streams.FROM_US.check(p.payload, p.seq - 1L);
        return p;
    }

    /** The expected packet, with timestamps where they were negotiated. */
    private Packet normalized(Packet expected) {
        // RFC 7323 section 3.2: a RST that ends a connection has them, too; one that answers an ACK knows of none.
        boolean may = expected.has(TcpHeader.RST) ? expected.has(TcpHeader.ACK) : !expected.has(TcpHeader.SYN);
        boolean negotiated = c != null && c.timestampsOk && may;
        if (expected.stamps == Packet.Stamps.AS_NEGOTIATED) {
            expected.stamps = negotiated ? Packet.Stamps.GIVEN : Packet.Stamps.NONE;
        }
        return expected;
    }

    /** What the connection's user has been told since the last call. */
    int takeEvents() {
        int taken = events;
        events = 0;
        return taken;
    }

    long count(Counter counter) {
        return counters.value(counter);
    }

    // ---- The application

    /** Hands over the next bytes of our stream, all of which are taken; sends what is due. */
    void write(int length) {
        assertThat(tryWrite(length)).as("bytes taken").isEqualTo(length);
        turn();
    }

    /** Hands over the next bytes, as many as are taken, but sends nothing yet. */
    int tryWrite(int length) {
        expectNothing();
        int most = Math.min(length, SCRATCH);
        Streams.FROM_US.fill(MEMORY, 0, written, most);
        int taken = tcp.write(c, MEMORY, 0, most);
        MEMORY.asSlice(0, most).fill((byte) 0xcc);
        written += taken;
        return taken;
    }

    /** Takes received bytes, so many at most, and checks them. */
    int read(int length) {
        expectNothing();
        int taken = readQuietly(length);
        turn();
        return taken;
    }

    /** Takes received bytes and checks them; sends nothing yet. */
    int readQuietly(int length) {
        int taken = tcp.read(c, MEMORY, 0, Math.min(length, SCRATCH));
        Streams.TO_US.check(MEMORY.asSlice(0, taken).toArray(ValueLayout.JAVA_BYTE), read);
        read += taken;
        return taken;
    }

    void close() {
        expectNothing();
        tcp.close(c);
        turn();
    }

    void shutdownOutput() {
        expectNothing();
        tcp.shutdownOutput(c);
        turn();
    }

    void abort() {
        expectNothing();
        tcp.abort(c);
        turn();
    }

    /** Changes options of the connection. */
    void options(java.util.function.Consumer<ConnectionOptions> change) {
        expectNothing();
        ConnectionOptions changed = new ConnectionOptions(c.options());
        change.accept(changed);
        tcp.options(c, changed);
        turn();
    }

    // ---- Places to begin at

    /** A peer that knows nothing but the MSS. */
    static Packet plain() {
        return syn().mss(MSS);
    }

    /** A peer that offers all options that there are, with a shift of 7. */
    static Packet modern() {
        return syn().mss(MSS).sackOk().ts().scale(7);
    }

    /** The SYN that an engine with the options offered by default sends. */
    Packet ourSyn() {
        TcpSettings s = tcp.settings;
        Packet p = syn().mss(announcedMss());
        p.sackOk = s.sack();
        p.scale = s.windowScaling() ? shift() : ANY;
        return s.timestamps() ? p.ts() : p.noTs();
    }

    /** The answer to the peer's SYN. */
    Packet ourSynAck(Packet syn) {
        TcpSettings s = tcp.settings;
        Packet p = synAck().mss(announcedMss());
        p.sackOk = syn.sackOk && s.sack();
        p.scale = syn.scale != ANY && s.windowScaling() ? shift() : ANY;
        return syn.stamps == Packet.Stamps.GIVEN && s.timestamps() ? p.ts() : p.noTs();
    }

    private int announcedMss() {
        return network.path.mtu - network.path.ipHeaderLength() - 20;
    }

    private int shift() {
        int shift = 0;
        while (shift < 14 && tcp.settings.receiveBuffer() >> shift > 0xffff) {
            shift++;
        }
        return shift;
    }

    void listen(int backlog) {
        start();
        listener = tcp.listen(0, 0, LOCAL_PORT, backlog, new ConnectionOptions(tcp.defaultOptions));
        assertThat(listener).as("listener").isNotNull();
    }

    void listen() {
        if (listener == null) {
            listen(16);
        }
    }

    /** Takes the next connection of the listener. */
    void accept() {
        c = tcp.accept(listener);
        assertThat(c).as("connection to be accepted").isNotNull();
        c.attach(this);
    }

    /** The connection with the peer, in whatever state. */
    Connection find() {
        return (Connection) tcp.flows.find(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT);
    }

    /** Opens actively; the SYN is still to be expected. */
    void connect() {
        start();
        expectNothing();
        c = tcp.connect(
                localHigh,
                localLow,
                LOCAL_PORT,
                remoteHigh,
                remoteLow,
                REMOTE_PORT,
                new ConnectionOptions(tcp.defaultOptions));
        c.attach(this);
        turn();
    }

    void synSent() {
        connect();
        expect(ourSyn());
        takeEvents();
    }

    /** By a passive open: {@link #c} is not accepted yet. */
    void synReceived() {
        synReceived(plain());
    }

    void synReceived(Packet syn) {
        listen();
        in(syn);
        c = find();
        expect(ourSynAck(syn));
    }

    /** By a simultaneous open. */
    void synReceivedByBoth() {
        synSent();
        in(plain());
        expect(ourSynAck(plain()));
        assertThat(c.state()).isEqualTo(State.SYN_RECEIVED);
    }

    void established() {
        established(plain());
    }

    /** By a passive open, with the options of the peer's SYN. */
    void established(Packet syn) {
        synReceived(syn);
        in(ack());
        accept();
        assertThat(c.state()).isEqualTo(State.ESTABLISHED);
        takeEvents();
    }

    /** By an active open, with the options of the peer's SYN-ACK. */
    void connected(Packet synAck) {
        synSent();
        in(synAck);
        expect(ack());
        assertThat(c.state()).isEqualTo(State.ESTABLISHED);
        takeEvents();
    }

    void closeWait() {
        established();
        in(fin());
        expect(ack().ack(2));
        inState(State.CLOSE_WAIT);
    }

    void lastAck() {
        closeWait();
        shutdownOutput();
        expect(fin().ack(2));
        inState(State.LAST_ACK);
    }

    void finWait1() {
        established();
        shutdownOutput();
        expect(fin());
        inState(State.FIN_WAIT_1);
    }

    void finWait2() {
        finWait1();
        in(ack().ack(2));
        inState(State.FIN_WAIT_2);
    }

    void closing() {
        finWait1();
        in(fin());
        expect(ack().seq(2).ack(2));
        inState(State.CLOSING);
    }

    void timeWait() {
        finWait2();
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        inState(State.TIME_WAIT);
    }

    /** Brings a connection into a state; that of {@link State#SYN_RECEIVED} is passive. */
    void toState(State state) {
        switch (state) {
            case CLOSED -> start();
            case SYN_SENT -> synSent();
            case SYN_RECEIVED -> synReceived();
            case ESTABLISHED -> established();
            case FIN_WAIT_1 -> finWait1();
            case FIN_WAIT_2 -> finWait2();
            case CLOSE_WAIT -> closeWait();
            case CLOSING -> closing();
            case LAST_ACK -> lastAck();
            case TIME_WAIT -> timeWait();
        }
        takeEvents();
    }

    /** What the peer acknowledges when it has all that we have sent in a state. */
    static int sndNxt(State state) {
        return switch (state) {
            case CLOSED -> 0;
            case SYN_SENT, SYN_RECEIVED, ESTABLISHED, CLOSE_WAIT -> 1;
            case FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT -> 2;
        };
    }

    /** What we have of the peer in a state. */
    static int rcvNxt(State state) {
        return switch (state) {
            case CLOSED, SYN_SENT -> 0;
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> 1;
            case CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> 2;
        };
    }

    void inState(State state) {
        assertThat(c.state()).isEqualTo(state);
    }
}
