package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.Toeplitz;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several queues a port: where frames go, and with which hash. */
class SteeringTest {

    private static final int QUEUES = 3;

    private final VirtualClock clock = new VirtualClock();
    private final Wire wire = Wire.create();
    private final SimPacketIo a;
    private final SimPacketIo b;
    private final Toeplitz toeplitz = new Toeplitz(Toeplitz.symmetricKey());

    SteeringTest() throws Exception {
        a = wire.open("a", clock);
        b = wire.open("b", QUEUES, clock);
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private record Arrival(int queue, int flags, int hash) {}

    private Arrival send(ByteBuffer packet, int type) {
        PacketQueue queue = a.queue(0);
        int length = 14 + packet.position();
        long at = queue.reserve(0, length);
        MemorySegment memory = queue.transmitMemory(0);
        MacAddress mac = b.port().mac();
        for (int i = 0; i < 6; i++) {
            memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) (mac.bits() >>> 40 - 8 * i));
        }
        memory.set(ValueLayout.JAVA_BYTE, at + 12, (byte) (type >> 8));
        memory.set(ValueLayout.JAVA_BYTE, at + 13, (byte) type);
        MemorySegment.copy(MemorySegment.ofBuffer(packet.duplicate().flip()), 0, memory, at + 14, packet.position());
        queue.commit(0, length, 0);
        queue.flush();
        Arrival arrival = null;
        var burst = new FrameBurst(2);
        for (int i = 0; i < QUEUES; i++) {
            if (b.queue(i).receive(0, burst) == 1) {
                assertThat(arrival).as("on one queue only").isNull();
                arrival = new Arrival(i, burst.flags(0), burst.hash(0));
            }
        }
        assertThat(arrival).isNotNull();
        return arrival;
    }

    private static ByteBuffer ipv4(
            int headerWords, int fragment, int protocol, int source, int destination, int ports) {
        ByteBuffer packet = ByteBuffer.allocate(200);
        packet.put(0, (byte) (0x40 | headerWords));
        packet.putShort(6, (short) fragment);
        packet.put(9, (byte) protocol);
        packet.putInt(12, source);
        packet.putInt(16, destination);
        packet.putInt(4 * headerWords, ports);
        return packet.position(4 * headerWords + 20);
    }

    private void assertHashed(Arrival arrival, int hash) {
        Rss rss = b.port().capabilities().rss().orElseThrow();
        assertThat(arrival).isEqualTo(new Arrival(rss.queueOf(hash), RxFlags.HASH_VALID, hash));
    }

    @Test
    void capabilities_severalQueues_listRssWithRoundRobinTable() {
        var capabilities = b.port().capabilities();
        assertThat(capabilities.offloads()).isEqualTo(Set.of(Offload.RSS));
        int[] table = capabilities.rss().orElseThrow().table();
        assertThat(table).hasSize(128);
        for (int i = 0; i < 128; i++) {
            assertThat(table[i]).isEqualTo(i % QUEUES);
        }
        assertThat(a.port().capabilities().has(Offload.RSS)).isFalse();
    }

    @Test
    void tcp_isHashedOverAddressesAndPorts() {
        var random = new SplittableRandom(1);
        Set<Integer> queues = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            int source = random.nextInt();
            int destination = random.nextInt();
            int ports = random.nextInt();
            Arrival arrival = send(ipv4(5 + i % 3, 0x4000, 6, source, destination, ports), 0x0800);
            assertHashed(arrival, toeplitz.hash(source, destination, ports >>> 16, ports & 0xffff));
            queues.add(arrival.queue);
        }
        assertThat(queues).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void fragmentsAndOtherProtocols_areHashedOverAddresses() {
        int hash = toeplitz.hash(0x0a000001, 0x0a000002);
        assertHashed(send(ipv4(5, 0x2000, 6, 0x0a000001, 0x0a000002, 0x12345678), 0x0800), hash);
        assertHashed(send(ipv4(5, 0x0005, 6, 0x0a000001, 0x0a000002, 0x12345678), 0x0800), hash);
        assertHashed(send(ipv4(5, 0, 1, 0x0a000001, 0x0a000002, 0x12345678), 0x0800), hash);
    }

    @Test
    void headerThatReachesBeyondTheFrame_isHashedOverAddresses() {
        ByteBuffer packet = ipv4(15, 0, 6, 1, 2, 3).position(40);
        assertHashed(send(packet, 0x0800), toeplitz.hash(1, 2));
    }

    @Test
    void ipv6_isHashedOverAddressesAndPorts() {
        ByteBuffer packet = ByteBuffer.allocate(100);
        packet.put(6, (byte) 6)
                .putLong(8, 1)
                .putLong(16, 2)
                .putLong(24, 3)
                .putLong(32, 4)
                .putInt(40, 0x00500051);
        assertHashed(send(packet.position(60), 0x86dd), toeplitz.hash(1, 2, 3, 4, 0x50, 0x51));
        packet.put(6, (byte) 58);
        assertHashed(send(packet.position(60), 0x86dd), toeplitz.hash(1, 2, 3, 4));
    }

    @Test
    void others_goToTheFirstQueueWithoutHash() {
        assertThat(send(ByteBuffer.allocate(50).position(46), 0x0806)).isEqualTo(new Arrival(0, 0, 0));
        assertThat(send(ByteBuffer.allocate(50).position(19), 0x0800)).isEqualTo(new Arrival(0, 0, 0));
        assertThat(send(ByteBuffer.allocate(50).position(39), 0x86dd)).isEqualTo(new Arrival(0, 0, 0));
    }

    @Test
    void broadcast_reachesOneQueue() throws Exception {
        Frames.send(a.queue(0), MacAddress.BROADCAST, 1);
        assertThat(Frames.drain(b.queue(0))).containsExactly(1L);
        Frames.send(b.queue(2), MacAddress.BROADCAST, 2);
        assertThat(Frames.drain(a.queue(0))).containsExactly(2L);
        assertThat(Frames.drain(b.queue(1))).isEmpty();
    }
}
