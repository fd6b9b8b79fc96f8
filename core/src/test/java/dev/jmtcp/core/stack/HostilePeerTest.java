package dev.jmtcp.core.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.tcp.Connection;
import dev.jmtcp.core.tcp.ConnectionOptions;
import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.core.wire.Checksum;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.driver.sim.Impairments;
import dev.jmtcp.driver.sim.SimPacketIo;
import dev.jmtcp.driver.sim.Simulation;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host with an established connection, and a third party on the wire that sends whatever it likes. */
class HostilePeerTest {

    private static final long SECOND = 1_000_000_000;
    private static final int BACKLOG = 256;
    private static final int FLOOD = 1_000_000;
    private static final int GARBAGE = 200;

    private final VirtualClock clock = new VirtualClock();
    private final Simulation simulation = new Simulation(clock);
    private final FrameBurst ignored = new FrameBurst(64);
    private Wire wire;
    private SimHost server;
    private SimHost client;
    private SimPacketIo attacker;
    private PacketQueue queue;
    private Exchange serving;
    private Exchange asking;

    @BeforeEach
    void connect() throws PacketIoException {
        wire = Wire.create();
        // Half-open connections and those that nobody closes are forgotten after a while.
        var settings = TcpSettings.DEFAULTS
                .with()
                .timeWait(SECOND)
                .idleTimeout(300 * SECOND)
                .build();
        server = new SimHost(wire, clock, 1, settings, 1);
        client = new SimHost(wire, clock, 2, settings, 2);
        attacker = wire.open("attacker", clock);
        queue = attacker.queue(0);
        simulation.add(wire);
        server.join(simulation);
        client.join(simulation);
        serving = new Exchange(server.stack(), 3, 1000);
        asking = new Exchange(client.stack(), 4, 1000);
        serving.listen(80, BACKLOG);
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
        attacker.close();
        wire.close();
    }

    /** An exchange of 100,000 bytes each way works, from the first SYN to the last ACK. */
    private void assertServes(int localPort) {
        serving.expect(localPort, 1, 2, 100_000, 100_000, false);
        asking.connect(server, 80, localPort, 2, 1, 100_000, 100_000, true);
        int before = serving.finished;
        assertThat(simulation.runUntil(() -> serving.finished == before + 1 && client.connections() == 0, 600 * SECOND))
                .isTrue();
    }

    @Test
    void garbageFrames_everyLength_areCountedAndHarmNothing() {
        assertServes(1000);
        long seed = 42;
        System.out.println("garbage frames, seed " + seed);
        var random = new SplittableRandom(seed);
        MemorySegment memory = queue.transmitMemory(0);
        long addressed = 0;
        for (int length = 1; length <= 1514; length++) {
            for (int kind = 0; kind < 8; kind++) {
                long at = reserve(length);
                for (int i = 0; i < length; i++) {
                    memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) random.nextInt());
                }
                // Nothing right; then more and more right, so that garbage reaches every layer.
                if (kind >= 1 && length >= Ethernet.HEADER_LENGTH) {
                    addressed++;
                    int type = kind == 1 ? 0x0806 : Ethernet.TYPE_IPV4;
                    Ethernet.write(
                            memory,
                            at,
                            server.io.port().mac().bits(),
                            attacker.port().mac().bits(),
                            type);
                }
                int ip = length - Ethernet.HEADER_LENGTH;
                if (kind >= 3 && ip >= Ipv4.HEADER_LENGTH) {
                    int protocol = kind == 3 ? Ipv4.PROTOCOL_ICMP : Ipv4.PROTOCOL_TCP;
                    long header = at + Ethernet.HEADER_LENGTH;
                    int fragment = kind == 4 ? random.nextInt(0x4000) : 0;
                    ipv4(memory, header, ip, protocol, fragment, SimHost.NETWORK | 9);
                    int segment = ip - Ipv4.HEADER_LENGTH;
                    if (kind >= 6 && segment >= TcpHeader.MIN_LENGTH) {
                        long tcp = header + Ipv4.HEADER_LENGTH;
                        memory.set(ValueLayout.JAVA_BYTE, tcp + 2, (byte) 0);
                        memory.set(ValueLayout.JAVA_BYTE, tcp + 3, (byte) 80);
                        tcpChecksum(memory, tcp, segment, SimHost.NETWORK | 9);
                    }
                }
                queue.commit(0, length, 0);
            }
            settle();
        }
        simulation.runFor(600 * SECOND);
        assertThat(server.stack().counters().value(Counter.RX_FRAMES)).isGreaterThanOrEqualTo(addressed);
        assertThat(server.connections()).isLessThanOrEqualTo(BACKLOG);
        assertServes(1001);
    }

    @Test
    void synFlood_aMillion_memoryIsBoundedAndAnEstablishedConnectionGoesOn() {
        serving.expect(2000, 1, 2, 2_000_000, 2_000_000, false);
        Connection c = asking.connect(server, 80, 2000, 2, 1, 2_000_000, 2_000_000, true);
        assertThat(simulation.runUntil(() -> c.state() == State.ESTABLISHED, SECOND))
                .isTrue();
        MemorySegment memory = queue.transmitMemory(0);
        int length = Ethernet.HEADER_LENGTH + Ipv4.HEADER_LENGTH + TcpHeader.MIN_LENGTH;
        int most = 0;
        for (int i = 0; i < FLOOD; i++) {
            long at = reserve(length);
            Ethernet.write(
                    memory,
                    at,
                    server.io.port().mac().bits(),
                    attacker.port().mac().bits(),
                    Ethernet.TYPE_IPV4);
            int source = SimHost.NETWORK | 100 + i % 100;
            long header = at + Ethernet.HEADER_LENGTH;
            ipv4(memory, header, length - Ethernet.HEADER_LENGTH, Ipv4.PROTOCOL_TCP, 0, source);
            long tcp = header + Ipv4.HEADER_LENGTH;
            TcpHeader.write(memory, tcp, 1 + i % 65_000, 80, i * 7, 0, TcpHeader.MIN_LENGTH, TcpHeader.SYN, 1000);
            tcpChecksum(memory, tcp, TcpHeader.MIN_LENGTH, source);
            queue.commit(0, length, 0);
            if (i % 64 == 63) {
                settle();
                most = Math.max(most, server.connections());
            }
        }
        settle();
        Counters counted = server.stack().counters();
        assertThat(counted.value(Counter.TCP_PASSIVE_OPENS) + counted.value(Counter.TCP_COOKIES_SENT))
                .as("SYNs answered")
                .isGreaterThan(FLOOD / 2);
        assertThat(most).as("connections at a time").isLessThanOrEqualTo(BACKLOG + 1);
        assertThat(server.stack().bufferBytesInUse()).as("buffers").isLessThan(1 << 20);
        assertThat(simulation.runUntil(() -> serving.finished == 1, 600 * SECOND))
                .as("the established connection goes on to its end")
                .isTrue();
        assertThat(serving.aborted + asking.aborted).isZero();
        assertServes(2001);
    }

    @Test
    void peersThatNeverCloseOrNeverFinishTheHandshake_areForgottenInTime() {
        var tcp = client.tcp();
        for (int i = 0; i < GARBAGE; i++) {
            serving.expect(3000 + i, 1, 2, 0, 0, false);
            tcp.connect(0, 0, 3000 + i, 0, server.low(), 80, new ConnectionOptions(tcp.options()));
        }
        simulation.runFor(SECOND);
        assertThat(server.connections()).isEqualTo(GARBAGE);
        // The clients' host vanishes; the server is left with connections on which nothing will ever come.
        client.io.impair(0, Impairments.NONE.withLoss(1));
        simulation.runFor(301 * SECOND);
        assertThat(server.connections()).isZero();
        assertThat(server.stack().bufferBytesInUse()).isZero();
    }

    private void settle() {
        queue.flush();
        simulation.runFor(1000);
        queue.receive(0, ignored);
    }

    private long reserve(int length) {
        long at = queue.reserve(0, length);
        for (int tries = 0; at == PacketQueue.FULL && tries < 100; tries++) {
            settle();
            at = queue.reserve(0, length);
        }
        assertThat(at).isNotEqualTo(PacketQueue.FULL);
        return at;
    }

    private void ipv4(MemorySegment memory, long at, int total, int protocol, int fragmentation, int source) {
        Ipv4.write(memory, at, 0, total, 77, fragmentation, 64, protocol, source, server.address, true);
    }

    private void tcpChecksum(MemorySegment memory, long at, int length, int source) {
        TcpHeader.checksum(memory, at, 0);
        long sum = Checksum.pseudoHeader(source, server.address, Ipv4.PROTOCOL_TCP, length)
                + Checksum.sum(memory, at, length);
        TcpHeader.checksum(memory, at, Checksum.finish(sum));
    }
}
