package dev.jmtcp.core.link;

import static dev.jmtcp.core.link.Host.OUR_MAC;
import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.PEER_MAC;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.spi.RxFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames of any length and content: no exception, no read beyond the frame, bounded memory, and each counted under one reason. */
class GarbageTest {

    private static final long SEED = 20_250_916;
    private static final int LONGEST = 1600;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** What becomes of a frame that arrives, if TCP does not hear of it and it is no fragment. */
    static final Set<Counter> FATES = EnumSet.of(
            Counter.FRAME_TOO_SHORT,
            Counter.FRAME_NOT_FOR_US,
            Counter.ETHERTYPE_UNKNOWN,
            Counter.ARP_MALFORMED,
            Counter.ARP_CONFLICTS,
            Counter.ARP_REQUESTS_IN,
            Counter.ARP_REPLIES_IN,
            Counter.IP_MALFORMED,
            Counter.IP_BAD_CHECKSUM,
            Counter.IP_BAD_SOURCE,
            Counter.IP_NOT_FOR_US,
            Counter.IP_PROTOCOL_UNKNOWN,
            Counter.ICMP_MALFORMED,
            Counter.ICMP_BAD_CHECKSUM,
            Counter.ICMP_IGNORED,
            Counter.ICMP_ECHO_IN,
            Counter.TCP_MALFORMED,
            Counter.TCP_BAD_CHECKSUM);

    private final Random random = new Random(SEED);
    private final Host host = Host.acquainted();
    private int frames;

    @BeforeEach
    void quiet() {
        host.queue.recording(false);
    }

    private void receive(byte[] frame, int flags) {
        long fragments = host.counters.value(Counter.IP_FRAGMENTS_IN);
        long before = fates();
        host.receive(0, frame, flags);
        if (host.counters.value(Counter.IP_FRAGMENTS_IN) == fragments) {
            assertThat(fates() - before + host.heard().size())
                    .as("seed %d, frame %d: %s", SEED, frames, Arrays.toString(frame))
                    .isEqualTo(1);
        } else {
            host.heard();
        }
        host.queue.flush();
        if (++frames % 500 == 0) {
            host.advance(Duration.ofMillis(random.nextInt(5_000)));
            assertThat(host.link.neighbourCount()).isLessThanOrEqualTo(1024);
            assertThat(host.timers.size()).isLessThanOrEqualTo(1024 + 1);
        }
    }

    private long fates() {
        long sum = 0;
        for (Counter counter : FATES) {
            sum += host.counters.value(counter);
        }
        return sum;
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private int goodChecksums() {
        return random.nextBoolean() ? RxFlags.IP_CHECKSUM_GOOD | RxFlags.TCP_CHECKSUM_GOOD : 0;
    }

    /** Makes of the beginning of a frame, as far as it goes, an Ethernet header to us. */
    private static void address(byte[] frame, int type) {
        byte[] header = Packets.ethernet(OUR_MAC, PEER_MAC, type, new byte[0]);
        System.arraycopy(header, 0, frame, 0, Math.min(header.length, frame.length));
    }

    @Test
    void randomFrames_ofEveryLength_areCounted() {
        for (int round = 0; round < 4; round++) {
            for (int length = 0; length <= LONGEST; length++) {
                receive(random(length), random.nextInt(64));
            }
        }
    }

    @Test
    void randomArp_ofEveryLength_isCounted() {
        for (int round = 0; round < 4; round++) {
            for (int length = 0; length <= LONGEST; length++) {
                byte[] frame = random(length);
                address(frame, Ethernet.TYPE_ARP);
                receive(frame, 0);
            }
        }
    }

    @Test
    void randomIp_ofEveryLength_isCounted() {
        for (int round = 0; round < 4; round++) {
            for (int length = 0; length <= LONGEST; length++) {
                byte[] frame = random(length);
                address(frame, Ethernet.TYPE_IPV4);
                receive(frame, goodChecksums());
            }
        }
    }

    @Test
    void randomPayload_behindAPlausibleHeader_isCounted() {
        int[] protocols = {1, 1, 6, 6, 17, 99};
        for (int i = 0; i < 40_000; i++) {
            int length = random.nextInt(LONGEST);
            byte[] packet = Packets.ipv4(
                    "10.0.0." + (2 + random.nextInt(200)),
                    US,
                    protocols[random.nextInt(protocols.length)],
                    random.nextInt(4),
                    random.nextInt(3) == 0 ? random.nextInt(200) | random.nextInt(2) << 13 : 0,
                    random(length));
            if (random.nextInt(4) == 0) {
                packet[0] = (byte) (0x40 | random.nextInt(16));
            }
            if (random.nextInt(4) == 0) {
                packet[3] += (byte) random.nextInt(20);
            }
            receive(Packets.ethernet(OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, packet), RxFlags.IP_CHECKSUM_GOOD);
        }
    }

    @Test
    void icmpErrors_quotingNonsense_areCounted() {
        byte[] ours = Packets.ipv4(US, PEER, Ipv4.PROTOCOL_TCP, Packets.tcp(US, PEER, 80, 4000, 1, bytes(20)));
        for (int i = 0; i < 40_000; i++) {
            byte[] quoted = Arrays.copyOf(ours, random.nextInt(ours.length + 1));
            for (int flips = random.nextInt(4); flips > 0 && quoted.length > 0; flips--) {
                quoted[random.nextInt(quoted.length)] = (byte) random.nextInt();
            }
            byte[] message = Packets.icmp(
                    new int[] {3, 4, 5, 11, 12}[random.nextInt(5)], random.nextInt(18), random.nextInt(), quoted);
            receive(
                    Packets.ethernet(
                            OUR_MAC, PEER_MAC, Ethernet.TYPE_IPV4, Packets.ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, message)),
                    0);
        }
    }

    @Test
    void goodFrames_withBitsTurned_areCounted() {
        List<byte[]> good = List.of(
                Packets.arp(Ethernet.BROADCAST, Arp.REQUEST, PEER_MAC, PEER, 0, US),
                Packets.ethernet(
                        OUR_MAC, PEER_MAC, 0x0800, Packets.ipv4(PEER, US, 1, Packets.icmp(8, 0, 1, bytes(50)))),
                Packets.ethernet(
                        OUR_MAC,
                        PEER_MAC,
                        0x0800,
                        Packets.ipv4(PEER, US, 6, Packets.tcp(PEER, US, 4000, 80, 1, bytes(50)))));
        for (int i = 0; i < 60_000; i++) {
            byte[] frame = good.get(random.nextInt(good.size())).clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            }
            receive(random.nextInt(4) == 0 ? Arrays.copyOf(frame, random.nextInt(90)) : frame, goodChecksums());
        }
    }

    @Test
    void arpFlood_fromEverywhere_keepsTheTableBounded() {
        byte[] request = Packets.arp(Ethernet.BROADCAST, Arp.REQUEST, PEER_MAC, PEER, 0, "192.168.1.1");
        MemorySegment memory = MemorySegment.ofArray(request);
        for (int i = 0; i < 100_000; i++) {
            memory.set(SHORT, 14 + 12, (short) random.nextInt());
            memory.set(SHORT, 14 + 16, (short) (0x0100 | random.nextInt(256)));
            memory.set(SHORT, 14 + 14, (short) 0xc0a8);
            host.receive(1, request, 0);
            host.queue.flush();
        }
        // A /24 holds no more than this many neighbours, and the table no more than its limit.
        assertThat(host.link.neighbourCount()).isBetween(250, 256);
        assertThat(host.timers.size()).isEqualTo(host.link.neighbourCount());
    }
}
