package dev.jmtcp.core.link;

import static dev.jmtcp.core.link.Host.GATEWAY;
import static dev.jmtcp.core.link.Host.OUR_MAC;
import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.PEER_MAC;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.arp;
import static dev.jmtcp.core.link.Packets.mac;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.Network;
import dev.jmtcp.core.tcp.Path;
import dev.jmtcp.core.wire.Arp;
import dev.jmtcp.core.wire.Ethernet;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** ARP as seen on the wire. */
class ArpTest {

    private static final long ALL = Ethernet.BROADCAST;
    private static final String ASKED = "to all: who has 10.0.0.2, tell 10.0.0.1";
    private static final String PROBED = "to 00:00:02: who has 10.0.0.2, tell 10.0.0.1";
    private static final String SEGMENT = "to 00:00:02: 10.0.0.1 > 10.0.0.2 tcp 80 > 4000 10 bytes";

    private final Host host = Host.builder().build();

    @Test
    void stranger_requestForUs_isAnswered() {
        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, PEER, 0, US));

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 is at 00:00:01, 10.0.0.2");
        assertThat(host.news()).containsOnlyKeys(Counter.ARP_REQUESTS_IN, Counter.ARP_REPLIES_OUT);
    }

    @Test
    void stranger_requestForUs_isLearnedFrom() {
        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, PEER, 0, US));
        host.sent();

        assertThat(host.send(host.path(PEER), PEER)).isZero();
        assertThat(host.sent()).containsExactly(SEGMENT);
    }

    @Test
    void stranger_requestForAnother_isIgnored() {
        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, PEER, 0, "10.0.0.3"));

        assertThat(host.sent()).isEmpty();
        assertThat(host.link.neighbourCount()).isZero();
    }

    @Test
    void stranger_requestForAddressOfOtherPort_isNotAnswered() {
        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, PEER, 0, "192.168.1.1"));

        assertThat(host.sent()).isEmpty();
    }

    @Test
    void stranger_requestForSecondAddressOfPort_isAnswered() {
        host.receive(1, arp(ALL, Arp.REQUEST, PEER_MAC, "192.168.2.9", 0, "192.168.2.1"), 0);

        assertThat(host.sent()).containsExactly("port 1 to 00:00:02: 192.168.2.1 is at 00:00:11, 192.168.2.9");
    }

    @Test
    void stranger_unsolicitedReply_isNotLearnedFrom() {
        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));

        assertThat(host.link.neighbourCount()).isZero();
        assertThat(host.send(host.path(PEER), PEER)).isEqualTo(Network.UNRESOLVED);
    }

    @Test
    void addressProbe_forUs_isAnsweredAndNotLearnedFrom() {
        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, "0.0.0.0", 0, US));

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 is at 00:00:01, 0.0.0.0");
        assertThat(host.link.neighbourCount()).isZero();
    }

    @Test
    void strangerOffLink_requestForUs_isAnsweredAndNotLearnedFrom() {
        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, "172.16.0.1", 0, US));
        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, "10.0.0.255", 0, US));

        assertThat(host.sent()).hasSize(2);
        assertThat(host.link.neighbourCount()).isZero();
    }

    @Test
    void unknown_segmentToSend_asksAndReportsReady() {
        Path path = host.path(PEER);

        assertThat(host.send(path, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.send(path, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.sent()).containsExactly(ASKED);

        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));
        assertThat(host.heard()).containsExactly("ready 10.0.0.2 on port 0");
        assertThat(host.send(path, PEER)).isZero();
        assertThat(host.sent()).containsExactly(SEGMENT);
    }

    @Test
    void unknown_routedSegmentToSend_asksForTheGateway() {
        Path path = host.path("172.16.0.1");

        assertThat(host.send(path, "172.16.0.1")).isEqualTo(Network.UNRESOLVED);
        assertThat(host.sent()).containsExactly("to all: who has 10.0.0.254, tell 10.0.0.1");
        host.receive(arp(OUR_MAC, Arp.REPLY, mac(0xfe), GATEWAY, OUR_MAC, US));
        assertThat(host.send(path, "172.16.0.1")).isZero();
        assertThat(host.sent()).containsExactly("to 00:00:fe: 10.0.0.1 > 172.16.0.1 tcp 80 > 4000 10 bytes");
    }

    @Test
    void incomplete_noAnswer_isAskedThreeTimesThenFails() {
        host.send(host.path(PEER), PEER);
        assertThat(host.sent()).containsExactly(ASKED);
        host.advance(Duration.ofMillis(1_100));
        assertThat(host.sent()).containsExactly(ASKED);
        host.advance(Duration.ofSeconds(1));
        assertThat(host.sent()).containsExactly(ASKED);
        assertThat(host.heard()).isEmpty();

        host.advance(Duration.ofSeconds(1));
        assertThat(host.sent()).isEmpty();
        assertThat(host.heard()).containsExactly("failed 10.0.0.2 on port 0");
    }

    @Test
    void failed_segmentToSend_asksAgainOnlyAfterHoldDown() {
        Path path = host.path(PEER);
        host.send(path, PEER);
        host.advance(Duration.ofMillis(3_100));
        host.sent();
        host.heard();

        assertThat(host.send(path, PEER)).isEqualTo(Network.UNRESOLVED);
        host.advance(Duration.ofMillis(4_800));
        assertThat(host.sent()).isEmpty();
        host.advance(Duration.ofMillis(200));
        assertThat(host.sent()).containsExactly(ASKED);
        host.advance(Duration.ofSeconds(3));
        assertThat(host.heard()).containsExactly("failed 10.0.0.2 on port 0");
    }

    @Test
    void failed_unusedDuringHoldDown_isAskedAtOnceAfterwards() {
        Path path = host.path(PEER);
        host.send(path, PEER);
        host.advance(Duration.ofSeconds(9));
        host.sent();

        assertThat(host.send(path, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.sent()).containsExactly(ASKED);
    }

    @Test
    void failed_neighbourSpeaks_isReachable() {
        Path path = host.path(PEER);
        host.send(path, PEER);
        host.advance(Duration.ofMillis(3_100));
        host.send(path, PEER);
        host.heard();
        host.sent();

        host.receive(arp(ALL, Arp.REQUEST, PEER_MAC, PEER, 0, PEER)); // gratuitous
        assertThat(host.heard()).containsExactly("ready 10.0.0.2 on port 0");
        assertThat(host.send(path, PEER)).isZero();
    }

    @Test
    void reachable_gratuitousArp_changesHardwareAddressInPlace() {
        host.acquaint();
        Path path = host.path(PEER);

        host.receive(arp(ALL, Arp.REQUEST, mac(0x77), PEER, 0, PEER));

        assertThat(host.send(path, PEER)).isZero();
        assertThat(host.sent()).containsExactly(SEGMENT.replace("to 00:00:02", "to 00:00:77"));
        assertThat(host.path(PEER)).isSameAs(path);
    }

    @Test
    void reachable_usedAndTimeUp_isProbedByUnicastAndUsedMeanwhile() {
        host.acquaint();
        Path path = host.path(PEER);
        host.send(path, PEER);
        host.sent();

        host.advance(Duration.ofMillis(60_100));
        assertThat(host.sent()).containsExactly(PROBED);
        assertThat(host.send(path, PEER)).isZero();
        assertThat(host.sent()).containsExactly(SEGMENT);

        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));
        host.advance(Duration.ofSeconds(59));
        assertThat(host.sent()).isEmpty();
    }

    @Test
    void probed_noAnswer_isAskedOfAllThenFails() {
        host.acquaint();
        Path path = host.path(PEER);
        host.send(path, PEER);
        host.sent();

        host.advance(Duration.ofMillis(62_500));
        assertThat(host.sent()).containsExactly(PROBED, PROBED, PROBED);
        host.advance(Duration.ofSeconds(1));
        assertThat(host.sent()).containsExactly(ASKED);
        assertThat(host.send(path, PEER)).isEqualTo(Network.UNRESOLVED);
        host.advance(Duration.ofSeconds(3));
        assertThat(host.sent()).containsExactly(ASKED, ASKED);
        assertThat(host.heard()).containsExactly("failed 10.0.0.2 on port 0");
    }

    @Test
    void reachable_unusedAndTimeUp_isLeftAlone() {
        host.acquaint();

        host.advance(Duration.ofSeconds(100));

        assertThat(host.sent()).isEmpty();
        assertThat(host.link.neighbourCount()).isEqualTo(2);
    }

    @Test
    void stale_used_isProbedAndUsedMeanwhile() {
        host.acquaint();
        Path path = host.path(PEER);
        host.advance(Duration.ofSeconds(100));

        assertThat(host.send(path, PEER)).isZero();
        assertThat(host.sent()).containsExactlyInAnyOrder(PROBED, SEGMENT);
        assertThat(host.send(path, PEER)).isZero();
        assertThat(host.sent()).containsExactly(SEGMENT);
    }

    @Test
    void stale_unusedForLong_isForgotten() {
        host.acquaint();

        host.advance(Duration.ofSeconds(662));

        assertThat(host.sent()).isEmpty();
        assertThat(host.link.neighbourCount()).isZero();
    }

    @Test
    void forgotten_pathUsedAgain_returns() {
        host.acquaint();
        Path path = host.path(PEER);
        host.advance(Duration.ofSeconds(662));

        assertThat(host.send(path, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.sent()).containsExactly(ASKED);
        assertThat(host.path(PEER)).isSameAs(path);
    }

    @Test
    void forgotten_otherPathInItsPlace_bothHear() {
        host.acquaint();
        Path old = host.path(PEER);
        host.advance(Duration.ofSeconds(662));
        Path young = host.path(PEER);
        assertThat(young).isNotSameAs(old);

        assertThat(host.send(young, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.send(old, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.sent()).containsExactly(ASKED);
        host.receive(arp(OUR_MAC, Arp.REPLY, PEER_MAC, PEER, OUR_MAC, US));

        assertThat(host.heard()).containsExactly("ready 10.0.0.2 on port 0", "ready 10.0.0.2 on port 0");
        assertThat(host.send(old, PEER)).isZero();
        assertThat(host.send(young, PEER)).isZero();
        assertThat(host.sent()).containsExactly(SEGMENT, SEGMENT);

        host.advance(Duration.ofSeconds(1300));
        assertThat(host.link.neighbourCount()).isZero();
        host.sent();
        assertThat(host.send(old, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.send(young, PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.sent()).containsExactly(ASKED);
    }

    @Test
    void reachable_doubt_isProbed() {
        host.acquaint();
        Path path = host.path(PEER);

        host.ip.doubt(path);
        host.ip.doubt(path);

        assertThat(host.sent()).containsExactly(PROBED);
        host.advance(Duration.ofMillis(3_100));
        assertThat(host.sent()).containsExactly(PROBED, PROBED, ASKED);
    }

    @Test
    void conflict_anotherClaimsOurAddress_isDefendedOnceASecond() {
        byte[] claim = arp(ALL, Arp.REQUEST, PEER_MAC, US, 0, US);

        host.receive(claim);
        host.receive(claim);
        host.advance(Duration.ofMillis(900));
        host.receive(claim);
        assertThat(host.sent()).containsExactly("to all: who has 10.0.0.1, tell 10.0.0.1");
        host.advance(Duration.ofMillis(200));
        host.receive(claim);
        assertThat(host.sent()).containsExactly("to all: who has 10.0.0.1, tell 10.0.0.1");

        assertThat(host.news()).isEqualTo(Map.of(Counter.ARP_CONFLICTS, 4L, Counter.ARP_REQUESTS_OUT, 2L));
        assertThat(host.link.neighbourCount()).isZero();
    }

    @Test
    void announce_atStart_tellsAllAddresses() {
        host.link.announce();

        assertThat(host.sent())
                .containsExactly(
                        "to all: who has 10.0.0.1, tell 10.0.0.1",
                        "port 1 to all: who has 192.168.1.1, tell 192.168.1.1",
                        "port 1 to all: who has 192.168.2.1, tell 192.168.2.1");
    }

    @Test
    void ownArp_comeBack_isNoConflict() {
        host.receive(arp(ALL, Arp.REQUEST, OUR_MAC, US, 0, US));

        assertThat(host.sent()).isEmpty();
        assertThat(host.news()).containsOnlyKeys(Counter.FRAME_NOT_FOR_US);
    }

    @Test
    void malformedArp_isCountedAndIgnored() {
        byte[] good = arp(ALL, Arp.REQUEST, PEER_MAC, PEER, 0, US);
        for (int length = Ethernet.HEADER_LENGTH; length < good.length; length++) {
            host.receive(Arrays.copyOf(good, length));
        }
        for (int i = 0; i < 6; i++) {
            byte[] other = good.clone();
            other[Ethernet.HEADER_LENGTH + i]++;
            host.receive(other);
        }
        host.receive(arp(ALL, 3, PEER_MAC, PEER, 0, US));
        host.receive(arp(ALL, Arp.REQUEST, ALL, PEER, 0, US));
        host.receive(arp(ALL, Arp.REQUEST, 0, PEER, 0, US));

        assertThat(host.news()).isEqualTo(Map.of(Counter.ARP_MALFORMED, Arp.LENGTH + 9L));
        assertThat(host.sent()).isEmpty();
        assertThat(host.link.neighbourCount()).isZero();
    }

    @Test
    void paddedArp_isTaken() {
        host.receive(Arrays.copyOf(arp(ALL, Arp.REQUEST, PEER_MAC, PEER, 0, US), 60));

        assertThat(host.sent()).hasSize(1);
    }

    @Test
    void request_ringFull_isCountedAndSentWithTheNextTry() {
        host.queue.limit(0);
        assertThat(host.send(host.path(PEER), PEER)).isEqualTo(Network.UNRESOLVED);
        assertThat(host.news()).isEqualTo(Map.of(Counter.TX_RING_FULL, 1L));

        host.queue.limit(10);
        host.advance(Duration.ofMillis(1_100));
        assertThat(host.sent()).containsExactly(ASKED);
    }

    @Test
    void reachable_ringFull_isToldToTcp() {
        host.acquaint();
        host.queue.limit(0);

        assertThat(host.send(host.path(PEER), PEER)).isEqualTo(Network.FULL);
        assertThat(host.news()).isEmpty();
    }
}
