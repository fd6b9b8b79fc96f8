package dev.jmtcp.core.link;

import static dev.jmtcp.core.link.Host.OUR_MAC;
import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.PEER_MAC;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.arp;
import static dev.jmtcp.core.link.Packets.bytes;
import static dev.jmtcp.core.link.Packets.icmp;
import static dev.jmtcp.core.link.Packets.ipv4;
import static dev.jmtcp.core.link.Packets.mac;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.Network;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.core.wire.Icmpv4;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Offload;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Given neighbours, packets that wait, and a table that is full. */
class NeighbourLimitsTest {

    private static final String ASKED = "to all: who has 10.0.0.2, tell 10.0.0.1";
    private static final int LIMIT = 8;

    private final Host host = Host.builder().build();

    private static Host small() {
        Duration second = Duration.ofSeconds(1);
        Duration minute = Duration.ofMinutes(1);
        return Host.builder()
                .neighbours(new NeighbourConfig(List.of(), LIMIT, minute, minute, second, 3, second, 3, 4))
                .build();
    }

    /** An echo request from an address on the link whose hardware address we do not know: the answer must wait. */
    private static void ping(Host host, String source, int data) {
        host.receivePacket(ipv4(source, US, Ipv4.PROTOCOL_ICMP, icmp(Icmpv4.ECHO_REQUEST, 0, 7, bytes(data))));
    }

    @Test
    void given_isUsedWithoutAsking() {
        Host host = Host.builder()
                .neighbours(new NeighbourConfig(List.of(
                        new StaticNeighbour(new Prefix(Packets.ip("10.0.0.0"), 24), new MacAddress(mac(0x99))),
                        new StaticNeighbour(new Prefix(Packets.ip(PEER), 32), new MacAddress(mac(0x22))))))
                .build();

        assertThat(host.send(host.path(PEER), PEER)).isZero();
        assertThat(host.send(host.path("10.0.0.9"), "10.0.0.9")).isZero();
        assertThat(host.sent())
                .containsExactly(
                        "to 00:00:22: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 10 bytes",
                        "to 00:00:99: 10.0.0.1 > 10.0.0.9 tcp 80 > 4000 10 bytes");

        host.receive(arp(Ethernet.BROADCAST, Arp.REQUEST, PEER_MAC, PEER, 0, US));
        host.ip.doubt(host.path(PEER));
        host.advance(Duration.ofHours(1));
        host.sent();
        assertThat(host.send(host.path(PEER), PEER)).isZero();
        assertThat(host.sent()).containsExactly("to 00:00:22: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 10 bytes");
    }

    @Test
    void given_strangerBecomesKnown_keepsItsAddress() {
        Host host = Host.builder()
                .neighbours(new NeighbourConfig(
                        List.of(new StaticNeighbour(new Prefix(Packets.ip(PEER), 32), new MacAddress(mac(0x22))))))
                .build();

        host.receive(arp(Ethernet.BROADCAST, Arp.REQUEST, PEER_MAC, PEER, 0, US));
        host.sent();

        assertThat(host.send(host.path(PEER), PEER)).isZero();
        assertThat(host.sent()).containsExactly("to 00:00:22: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 10 bytes");
    }

    @Test
    void unknown_answersToSend_waitAndGoOutInOrder() {
        ping(host, PEER, 1);
        ping(host, PEER, 2);
        ping(host, PEER, 3);
        assertThat(host.sent()).containsExactly(ASKED);

        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));

        assertThat(host.sent())
                .containsExactly(
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 1 bytes",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 2 bytes",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 3 bytes");
        assertThat(host.heard()).isEmpty();
    }

    /** A segment that nobody sends again waits too, finished without the device, since it is copied. */
    @Test
    void unknown_segmentThatNobodySendsAgain_waits() {
        Set<Offload> offloads = Set.of(Offload.TX_TCP_CHECKSUM, Offload.TX_IPV4_CHECKSUM);
        Host host = Host.builder()
                .capabilities(new Capabilities(offloads, 1, 0, Optional.empty()))
                .build();
        Path path = host.path(PEER);
        long at = host.ip.reserveQueued(path, 20);
        TcpHeader.write(host.ip.memory(path), at, 80, 4000, 1, 2, 20, TcpHeader.RST, 0);
        host.ip.commit(path, 0, host.ip.sourceLow(path), 0, Address.ofIpv4(Packets.ip(PEER)), 20, 0, 64, 0);
        assertThat(host.sent()).containsExactly(ASKED);

        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 0 bytes");
        assertThat(host.heard()).isEmpty();
        assertThat(host.send(path, PEER)).isZero();
        assertThat(host.sent())
                .containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 10 bytes, checksum offloaded");
    }

    @Test
    void unknown_tooManyAnswersToSend_oldestGiveWay() {
        for (int i = 1; i <= 5; i++) {
            ping(host, PEER, i);
        }
        host.sent();
        assertThat(host.news()).containsEntry(Counter.ARP_PENDING_FULL, 2L);

        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));

        assertThat(host.sent())
                .containsExactly(
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 3 bytes",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 4 bytes",
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 5 bytes");
    }

    @Test
    void unknown_noRoomToWait_isDroppedAndCounted() {
        Host host = small(); // four wait in all
        ping(host, "10.0.0.2", 2);
        ping(host, "10.0.0.3", 3);
        ping(host, "10.0.0.4", 4);
        ping(host, "10.0.0.5", 5);
        ping(host, "10.0.0.6", 6);
        assertThat(host.news()).containsEntry(Counter.ARP_PENDING_FULL, 1L);
        ping(host, "10.0.0.5", 55);
        assertThat(host.news()).containsEntry(Counter.ARP_PENDING_FULL, 1L);
        host.sent();

        host.receive(arp(OUR_MAC, Arp.REPLY, mac(5), "10.0.0.5", OUR_MAC, US));
        host.receive(arp(OUR_MAC, Arp.REPLY, mac(6), "10.0.0.6", OUR_MAC, US));

        assertThat(host.sent()).containsExactly("to 00:00:05: 10.0.0.1 > 10.0.0.5 icmp 0/0 55 bytes");
    }

    @Test
    void unknown_noAnswer_dropsWhatWaitsAndFreesIt() {
        for (int round = 0; round < 100; round++) {
            ping(host, PEER, 1);
            ping(host, PEER, 2);
            host.advance(Duration.ofMillis(3_100));
            assertThat(host.news()).containsEntry(Counter.ARP_FAILED, 2L);
            ping(host, PEER, 3);
            assertThat(host.news()).containsEntry(Counter.ARP_FAILED, 1L);
            host.advance(Duration.ofSeconds(6));
        }
    }

    @Test
    void unknown_ringFullWhenAnswered_dropsAndCounts() {
        ping(host, PEER, 1);
        ping(host, PEER, 2);
        host.sent();
        host.news();
        host.queue.limit(1);

        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 1 bytes");
        assertThat(host.news()).containsEntry(Counter.TX_RING_FULL, 1L);
    }

    @Test
    void stale_answerToSend_goesOutBeforeTheProbe() {
        host.acquaint();
        host.advance(Duration.ofSeconds(100));

        ping(host, PEER, 1);

        assertThat(host.sent())
                .containsExactly(
                        "to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 0/0 1 bytes",
                        "to 00:00:02: who has 10.0.0.2, tell 10.0.0.1");
    }

    @Test
    void tableFull_floodOfRequests_keepsThoseInUse() {
        Host host = small().acquaint();
        Path path = host.path(PEER);
        Random random = new Random(826);
        for (int i = 0; i < 20_000; i++) {
            String stranger = "10.0.0." + (3 + random.nextInt(250));
            host.receive(arp(Ethernet.BROADCAST, Arp.REQUEST, mac(random.nextInt(1 << 24)), stranger, 0, US));
            assertThat(host.link.neighbourCount()).isLessThanOrEqualTo(LIMIT);
            host.queue.take();
        }

        assertThat(host.path(PEER)).isSameAs(path);
        assertThat(host.send(path, PEER)).isZero();
        assertThat(host.timers.size()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void tableFull_ofAwaitedNeighbours_tellsFullUntilTheyFail() {
        Host host = small();
        for (int i = 0; i < LIMIT; i++) {
            assertThat(host.send(host.path("10.0.0." + (10 + i)), "10.0.0." + (10 + i)))
                    .isEqualTo(Network.UNRESOLVED);
        }
        Path path = host.path(PEER);
        assertThat(host.send(path, PEER)).isEqualTo(Network.FULL);
        assertThat(host.link.neighbourCount()).isEqualTo(LIMIT);
        ping(host, PEER, 1);
        assertThat(host.news()).containsEntry(Counter.ARP_PENDING_FULL, 1L);

        host.advance(Duration.ofMillis(3_100));
        assertThat(host.heard()).hasSize(LIMIT);
        host.sent();

        long outcome = Network.FULL;
        for (int turn = 0; turn < 2 && outcome == Network.FULL; turn++) {
            outcome = host.send(path, PEER);
        }
        assertThat(outcome).isEqualTo(Network.UNRESOLVED);
        assertThat(host.sent()).containsExactly(ASKED);
    }

    @Test
    void tableFull_pathsInUse_allReachTheirNeighbours() {
        Host host = small();
        int peers = 3 * LIMIT;
        Path[] paths = new Path[peers];
        for (int i = 0; i < peers; i++) {
            String address = "10.0.0." + (10 + i);
            paths[i] = host.path(address);
        }
        // Each in turn drives out another, and finds back.
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < peers; i++) {
                String address = "10.0.0." + (10 + i);
                long outcome = Network.FULL;
                for (int turn = 0; turn < 2 && outcome == Network.FULL; turn++) {
                    outcome = host.send(paths[i], address);
                }
                assertThat(outcome).isEqualTo(Network.UNRESOLVED);
                host.receive(arp(OUR_MAC, Arp.REPLY, mac(10 + i), address, OUR_MAC, US));
                assertThat(host.heard()).containsExactly("ready " + address + " on port 0");
                host.sent();
                assertThat(host.send(paths[i], address)).isZero();
                assertThat(host.sent())
                        .singleElement()
                        .asString()
                        .isEqualTo("to 00:00:%02x: 10.0.0.1 > %s tcp 80 > 4000 10 bytes", 10 + i, address);
                assertThat(host.link.neighbourCount()).isLessThanOrEqualTo(LIMIT);
            }
        }
        assertThat(host.timers.size()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void forgotten_neighbourLearnedOfAgain_pathFollowsIt() {
        host.acquaint();
        Path path = host.path(PEER);
        host.advance(Duration.ofSeconds(662));
        assertThat(host.link.neighbourCount()).isZero();
        host.introduce(PEER, mac(0x77));

        assertThat(host.send(path, PEER)).isZero();

        assertThat(host.sent()).containsExactly("to 00:00:77: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 10 bytes");
        assertThat(host.link.neighbourCount()).isEqualTo(1);
    }

    @Test
    void nextHop_onPortWithoutAddress_isRefused() {
        Link bare = new Link(
                host.queue, List.of(host.config(1)), new NeighbourConfig(List.of()), host.timers, host.counters);

        assertThatIllegalArgumentException().isThrownBy(() -> bare.nextHop(0, Packets.ip(PEER)));
    }

    @Test
    void config_belowOne_isRefused() {
        int[] good = {1, 1, 1, 1, 1, 1, 1, 1};
        assertThat(config(good).limit()).isEqualTo(1);
        for (int i = 0; i < good.length; i++) {
            int[] bad = good.clone();
            bad[i] = 0;
            assertThatIllegalArgumentException().as("value %d", i).isThrownBy(() -> config(bad));
        }
    }

    private static NeighbourConfig config(int[] v) {
        Duration reachable = Duration.ofSeconds(v[1]);
        Duration unused = Duration.ofSeconds(v[2]);
        Duration retry = Duration.ofSeconds(v[3]);
        Duration holdDown = Duration.ofSeconds(v[5]);
        return new NeighbourConfig(List.of(), v[0], reachable, unused, retry, v[4], holdDown, v[6], v[7]);
    }

    @Test
    void table_randomAddsAndRemoves_findsWhatIsThere() {
        Host host = Host.builder().build();
        var random = new Random(1964);
        var table = new NeighbourTable(64);
        var model = new HashMap<String, Neighbour>();
        for (int i = 0; i < 200_000; i++) {
            String address = "10.0." + random.nextInt(4) + "." + random.nextInt(50);
            Neighbour known = model.get(address);
            assertThat(table.find(0, Packets.ip(address)))
                    .as("seed 1964, step %d", i)
                    .isSameAs(known);
            if (known != null) {
                table.remove(known);
                model.remove(address);
            } else if (!table.isFull()) {
                Neighbour neighbour = new Neighbour(host.config(0), Packets.ip(address), null);
                table.add(neighbour);
                model.put(address, neighbour);
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        assertThat(Map.copyOf(model)).isNotEmpty();
    }
}
