package dev.jmtcp.core.ip;

import static dev.jmtcp.core.link.Host.PEER;
import static dev.jmtcp.core.link.Host.US;
import static dev.jmtcp.core.link.Packets.bytes;
import static dev.jmtcp.core.link.Packets.icmp;
import static dev.jmtcp.core.link.Packets.ipv4;
import static dev.jmtcp.core.link.Packets.payload;
import static dev.jmtcp.core.link.Packets.tcp;
import static dev.jmtcp.core.link.Packets.withHeaderChecksum;
import static dev.jmtcp.core.link.Packets.withOptions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.link.FakeQueue.Sent;
import dev.jmtcp.core.link.Host;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Icmpv4;
import dev.jmtcp.core.wire.Ipv4;
import dev.jmtcp.spi.RxFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReassemblyTest {

    private static final int TCP = Ipv4.PROTOCOL_TCP;
    private static final int UDP = Ipv4.PROTOCOL_UDP;
    private static final int ID = 99;

    private final Host host = Host.acquainted();
    private final byte[] segment = tcp(PEER, US, 4000, 80, 1, bytes(80)); // 100 bytes

    private static Host limited(int datagrams, int fragments, int perDatagram) {
        return Host.builder()
                .reassembly(new ReassemblyLimits(datagrams, fragments, perDatagram, Duration.ofSeconds(30)))
                .build()
                .acquaint();
    }

    private byte[] piece(int start, int end) {
        return Fragmenter.piece(PEER, US, TCP, ID, segment, start, end);
    }

    private void receive(byte[]... fragments) {
        for (byte[] fragment : fragments) {
            host.receivePacket(fragment);
        }
    }

    private void assertHeardWhole() {
        assertThat(host.heard()).containsExactly("10.0.0.2 > 10.0.0.1 segment of 100 bytes");
        assertThat(host.segment).isEqualTo(segment);
    }

    @Test
    void fragments_inOrder_areHeardAsOne() {
        receive(piece(0, 40), piece(40, 80), piece(80, 100));

        assertHeardWhole();
        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENTS_IN, 3L, Counter.IP_REASSEMBLED, 1L));
    }

    @Test
    void fragments_inReverse_areHeardAsOne() {
        receive(piece(80, 100), piece(40, 80), piece(0, 40));

        assertHeardWhole();
    }

    @Test
    void fragments_ofTwoDatagramsMixed_areHeardAsTwo() {
        byte[] other = tcp(PEER, US, 4001, 80, 1, bytes(30));
        receive(piece(0, 40));
        receive(Fragmenter.piece(PEER, US, TCP, ID + 1, other, 24, 50));
        receive(piece(40, 100));
        assertHeardWhole();

        receive(Fragmenter.piece(PEER, US, TCP, ID + 1, other, 0, 24));
        assertThat(host.segment).isEqualTo(other);
    }

    @Test
    void fragments_thatDifferInSourceDestinationOrProtocol_areKeptApart() {
        receive(piece(0, 40));
        receive(Fragmenter.piece("10.0.0.3", US, TCP, ID, segment, 40, 100));
        receive(Fragmenter.piece(PEER, "192.168.1.1", TCP, ID, segment, 40, 100));
        receive(Fragmenter.piece(PEER, US, UDP, ID, segment, 40, 100));
        assertThat(host.heard()).isEmpty();

        receive(piece(40, 100));
        assertHeardWhole();
    }

    @Test
    void fragments_badSegmentChecksum_isFoundWhateverTheDeviceSays() {
        segment[50] ^= 1;
        host.receivePacket(piece(0, 40), RxFlags.TCP_CHECKSUM_GOOD);
        host.receivePacket(piece(40, 100), RxFlags.TCP_CHECKSUM_GOOD);

        assertThat(host.heard()).isEmpty();
        assertThat(host.news()).containsEntry(Counter.TCP_BAD_CHECKSUM, 1L);
    }

    @Test
    void fragments_withIpOptions_useTheFirstHeader() {
        receive(withOptions(piece(40, 80), bytes(8)), withOptions(piece(0, 40), bytes(20)), piece(80, 100));

        assertHeardWhole();
    }

    @Test
    void fragments_congestionMetByOne_isHeardOfTheWhole() {
        byte[][] pieces = {piece(0, 40), piece(40, 80), piece(80, 100)};
        for (int i = 0; i < 3; i++) {
            pieces[i][1] = (byte) (i == 1 ? 3 : 2);
            receive(withHeaderChecksum(pieces[i]));
        }

        assertThat(host.heard()).containsExactly("10.0.0.2 > 10.0.0.1 segment of 100 bytes, class 3");
    }

    @Test
    void duplicate_exact_isIgnored() {
        receive(piece(40, 80), piece(40, 80), piece(80, 100), piece(80, 100), piece(0, 40));

        assertHeardWhole();
        assertThat(host.news())
                .isEqualTo(Map.of(
                        Counter.IP_FRAGMENTS_IN, 5L,
                        Counter.IP_REASSEMBLED, 1L,
                        Counter.IP_FRAGMENT_DUPLICATE, 2L));
    }

    @Test
    void overlap_ofAnyKind_condemnsTheDatagram() {
        int[][] overlaps = {{32, 48}, {40, 72}, {40, 88}, {48, 72}, {72, 88}, {32, 88}, {0, 40}, {0, 96}};
        for (int[] overlap : overlaps) {
            Host host = Host.acquainted();
            host.receivePacket(piece(0, 32));
            host.receivePacket(piece(40, 80));
            host.receivePacket(piece(overlap[0], overlap[1]));
            assertThat(host.news())
                    .as("%d to %d", overlap[0], overlap[1])
                    .isEqualTo(Map.of(Counter.IP_FRAGMENTS_IN, 3L, Counter.IP_FRAGMENT_OVERLAP, 3L));
            host.receivePacket(piece(32, 40));
            host.receivePacket(piece(80, 100));
            assertThat(host.heard()).isEmpty();
            assertThat(host.news()).containsEntry(Counter.IP_FRAGMENT_OVERLAP, 2L);
        }
    }

    @Test
    void overlap_condemnedDatagramTimedOut_identificationIsGoodAgain() {
        receive(piece(0, 32), piece(24, 40));
        host.advance(Duration.ofSeconds(31));
        assertThat(host.sent()).isEmpty();
        receive(piece(0, 40), piece(40, 100));

        assertHeardWhole();
    }

    @Test
    void lastFragment_contradictsWhatCame_condemnsTheDatagram() {
        byte[] shorter = Fragmenter.piece(PEER, US, TCP, ID, new byte[72], 40, 72);
        byte[] beyondEnd = Fragmenter.piece(PEER, US, TCP, ID, new byte[200], 104, 112);
        byte[] toTheEnd = Fragmenter.piece(PEER, US, TCP, ID, new byte[200], 40, 104);
        byte[] otherEnd = Fragmenter.piece(PEER, US, TCP, ID, new byte[120], 104, 120);
        for (List<byte[]> pair : List.of(
                List.of(piece(80, 100), shorter),
                List.of(piece(80, 100), beyondEnd),
                List.of(beyondEnd, piece(80, 100)),
                List.of(piece(80, 100), otherEnd),
                List.of(Fragmenter.piece(PEER, US, TCP, ID, new byte[104], 80, 104), toTheEnd))) {
            Host host = Host.acquainted();
            pair.forEach(host::receivePacket);
            assertThat(host.news()).containsEntry(Counter.IP_FRAGMENT_OVERLAP, 2L);
        }
    }

    @Test
    void fragment_ofNoEights_isMalformed() {
        for (int length = 1; length < 8; length++) {
            receive(ipv4(PEER, US, UDP, ID, Ipv4.MF, bytes(16 + length)));
            assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENTS_IN, 1L, Counter.IP_MALFORMED, 1L));
        }
    }

    @Test
    void fragment_withoutPayload_isMalformed() {
        receive(ipv4(PEER, US, UDP, ID, Ipv4.MF, bytes(0)), ipv4(PEER, US, UDP, ID, 5, bytes(0)));

        assertThat(host.news()).containsEntry(Counter.IP_MALFORMED, 2L);
    }

    @Test
    void fragment_beyondTheLongestPacket_isMalformed() {
        receive(ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, ID, 0x1fff, bytes(8)));
        receive(ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, ID, 8189, bytes(4)));
        assertThat(host.news()).containsEntry(Counter.IP_MALFORMED, 2L);

        receive(ipv4(PEER, US, Ipv4.PROTOCOL_ICMP, ID, 8189, bytes(3)));
        assertThat(host.news()).doesNotContainKey(Counter.IP_MALFORMED);
    }

    @Test
    void wholeTooLongWithTheFirstHeadersOptions_isMalformed() {
        byte[] message = icmp(Icmpv4.ECHO_REQUEST, 0, 1, bytes(65_507));
        List<byte[]> fragments = Fragmenter.cut(PEER, US, Ipv4.PROTOCOL_ICMP, ID, message, 1456);
        fragments.set(0, withOptions(fragments.getFirst(), bytes(4)));
        fragments.forEach(host::receivePacket);

        assertThat(host.sent()).isEmpty();
        assertThat(host.news()).containsEntry(Counter.IP_MALFORMED, (long) fragments.size());
    }

    @Test
    void tcpHeader_cut_isMalformed() {
        receive(piece(0, 16), piece(8, 100), piece(16, 100));

        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENTS_IN, 3L, Counter.IP_MALFORMED, 3L));
    }

    @Test
    void incomplete_after30Seconds_isGivenUpWithTimeExceeded() {
        receive(piece(0, 40), piece(80, 100));
        host.advance(Duration.ofMillis(29_900));
        assertThat(host.sent()).isEmpty();

        host.advance(Duration.ofMillis(200));
        List<Sent> sent = host.queue.take();
        assertThat(sent).singleElement().asString().isEqualTo("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 11/1 60 bytes");
        assertThat(payload(sent.getFirst().frame())).isEqualTo(icmp(11, 1, 0, piece(0, 40)));
        assertThat(host.news())
                .isEqualTo(Map.of(
                        Counter.IP_FRAGMENTS_IN, 2L,
                        Counter.IP_FRAGMENT_TIMEOUT, 2L,
                        Counter.ICMP_ERRORS_OUT, 1L));

        receive(piece(40, 80));
        assertThat(host.heard()).isEmpty();
    }

    @Test
    void incomplete_timerIsThatOfTheFirstFragment() {
        receive(piece(0, 40));
        host.advance(Duration.ofSeconds(20));
        receive(piece(40, 80));
        host.advance(Duration.ofSeconds(11));
        receive(piece(80, 100));

        assertThat(host.heard()).isEmpty();
        assertThat(host.news()).containsEntry(Counter.IP_FRAGMENT_TIMEOUT, 2L);
    }

    @Test
    void incomplete_eachGivenUpInItsTime() {
        for (int i = 0; i < 10; i++) {
            receive(Fragmenter.piece(PEER, US, UDP, i, bytes(100), 8, 16));
            host.advance(Duration.ofSeconds(1));
        }
        host.news();
        host.advance(Duration.ofMillis(20_500));
        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENT_TIMEOUT, 1L));
        host.advance(Duration.ofSeconds(4));
        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENT_TIMEOUT, 4L));
        host.advance(Duration.ofSeconds(60));
        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENT_TIMEOUT, 5L));
        assertThat(host.sent()).isEmpty();
    }

    @Test
    void incomplete_withoutFirstFragmentOrOfIcmpError_givenUpInSilence() {
        receive(piece(40, 80));
        byte[] error = icmp(Icmpv4.DESTINATION_UNREACHABLE, 1, 0, bytes(40));
        receive(Fragmenter.piece(PEER, US, Ipv4.PROTOCOL_ICMP, ID, error, 0, 24));
        host.advance(Duration.ofSeconds(31));

        assertThat(host.sent()).isEmpty();
        assertThat(host.news()).containsEntry(Counter.IP_FRAGMENT_TIMEOUT, 2L);
    }

    @Test
    void incompleteEchoRequest_isGivenUpWithTimeExceeded() {
        byte[] ping = icmp(Icmpv4.ECHO_REQUEST, 0, 0, bytes(40));
        receive(Fragmenter.piece(PEER, US, Ipv4.PROTOCOL_ICMP, ID, ping, 0, 24));
        host.advance(Duration.ofSeconds(31));

        assertThat(host.sent()).containsExactly("to 00:00:02: 10.0.0.1 > 10.0.0.2 icmp 11/1 44 bytes");
    }

    @Test
    void tooManyDatagrams_oldestMakesRoom() {
        Host host = limited(4, 100, 100);
        for (int i = 0; i < 5; i++) {
            host.receivePacket(Fragmenter.piece(PEER, US, TCP, i, segment, 0, 40));
            host.advance(Duration.ofMillis(10));
        }
        assertThat(host.news()).containsEntry(Counter.IP_FRAGMENT_LIMIT, 1L);

        for (int i = 1; i < 5; i++) {
            host.receivePacket(Fragmenter.piece(PEER, US, TCP, i, segment, 40, 100));
        }
        assertThat(host.heard()).hasSize(4);
        host.receivePacket(Fragmenter.piece(PEER, US, TCP, 0, segment, 40, 100));
        assertThat(host.heard()).isEmpty();
    }

    @Test
    void tooManyFragments_oldestDatagramMakesRoom() {
        Host host = limited(10, 6, 6);
        host.receivePacket(Fragmenter.piece(PEER, US, UDP, 1, bytes(100), 0, 8));
        host.receivePacket(Fragmenter.piece(PEER, US, UDP, 1, bytes(100), 8, 16));
        host.advance(Duration.ofMillis(10));
        host.receivePacket(Fragmenter.piece(PEER, US, UDP, 2, bytes(100), 0, 8));
        host.advance(Duration.ofMillis(10));
        host.news();
        for (byte[] fragment : Fragmenter.cut(PEER, US, TCP, ID, segment, 24)) { // five
            host.receivePacket(fragment);
        }

        assertThat(host.heard()).containsExactly("10.0.0.2 > 10.0.0.1 segment of 100 bytes");
        assertThat(host.news()).containsEntry(Counter.IP_FRAGMENT_LIMIT, 2L);
    }

    @Test
    void tooManyFragments_ofOneDatagramAlone_areDropped() {
        Host host = limited(10, 3, 10);
        for (byte[] fragment : Fragmenter.cut(PEER, US, TCP, ID, segment, 24)) {
            host.receivePacket(fragment);
        }

        assertThat(host.heard()).isEmpty();
        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENTS_IN, 5L, Counter.IP_FRAGMENT_LIMIT, 2L));
    }

    @Test
    void tooManyFragments_ofADatagram_condemnIt() {
        Host host = limited(10, 100, 4);
        List<byte[]> fragments = Fragmenter.cut(PEER, US, TCP, ID, segment, 24);
        fragments.forEach(host::receivePacket);

        assertThat(host.heard()).isEmpty();
        assertThat(host.news()).isEqualTo(Map.of(Counter.IP_FRAGMENTS_IN, 5L, Counter.IP_FRAGMENT_LIMIT, 5L));
        host.receivePacket(fragments.getFirst());
        assertThat(host.news()).containsEntry(Counter.IP_FRAGMENT_OVERLAP, 1L);
    }

    @Test
    void room_isFreedByEveryEnd() {
        Host host = limited(3, 7, 6);
        for (int i = 0; i < 1000; i++) {
            int id = 10 * i;
            host.receivePacket(Fragmenter.piece(PEER, US, TCP, id, segment, 0, 40)); // overlap
            host.receivePacket(Fragmenter.piece(PEER, US, TCP, id, segment, 32, 64));
            host.receivePacket(Fragmenter.piece(PEER, US, TCP, id + 1, segment, 40, 80)); // timeout
            for (byte[] fragment : Fragmenter.cut(PEER, US, TCP, id + 2, segment, 24)) {
                host.receivePacket(fragment);
            }
            assertThat(host.heard()).hasSize(1);
            host.advance(Duration.ofSeconds(31));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fragments_randomPermutationsWithDuplicates_areHeardAsOne(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] whole = tcp(PEER, US, 4000, 80, i, randomBytes(random, 40 + random.nextInt(4000)));
            List<byte[]> fragments = new ArrayList<>();
            for (int at = 0; at < whole.length; ) {
                int length = 24 + 8 * random.nextInt(170);
                int end = Math.min(whole.length, at + length);
                fragments.add(Fragmenter.piece(PEER, US, TCP, i, whole, at, end));
                at = end;
            }
            boolean fragmented = fragments.size() > 1;
            Collections.shuffle(fragments, random);
            byte[] missing = fragments.removeLast();
            if (!fragments.isEmpty()) {
                fragments.add(fragments.get(random.nextInt(fragments.size())));
            }
            fragments.forEach(host::receivePacket);
            assertThat(host.heard()).as("seed %d, case %d", seed, i).isEmpty();
            host.receivePacket(missing);
            assertThat(host.heard()).as("seed %d, case %d", seed, i).hasSize(1);
            assertThat(host.segment).isEqualTo(whole);
            assertThat(host.news().getOrDefault(Counter.IP_FRAGMENT_DUPLICATE, 0L))
                    .isEqualTo(fragmented ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void fragments_randomStorm_neverYieldAMixture(long seed) {
        Random random = new Random(seed);
        Host host = limited(8, 40, 10);
        for (int i = 0; i < 30_000; i++) {
            int id = random.nextInt(20);
            byte[] whole = new byte[8 * (1 + random.nextInt(20))];
            Arrays.fill(whole, (byte) (id + 1));
            int start = 8 * random.nextInt(whole.length / 8);
            int end = start + 8 * (1 + random.nextInt((whole.length - start) / 8));
            host.receivePacket(Fragmenter.piece(PEER, US, UDP, id, whole, start, end));
            for (Sent sent : host.queue.take()) {
                byte[] quoted = payload(sent.frame());
                for (int at = 8 + 20; at < quoted.length; at++) {
                    assertThat(quoted[at]).as("seed %d, step %d", seed, i).isEqualTo(quoted[28]);
                }
            }
            if (random.nextInt(50) == 0) {
                host.advance(Duration.ofMillis(random.nextInt(20_000)));
                host.queue.take();
            }
        }
        Map<Counter, Long> news = host.news();
        assertThat(news).containsKeys(Counter.IP_REASSEMBLED, Counter.IP_FRAGMENT_OVERLAP, Counter.IP_FRAGMENT_TIMEOUT);
    }

    private static byte[] randomBytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
