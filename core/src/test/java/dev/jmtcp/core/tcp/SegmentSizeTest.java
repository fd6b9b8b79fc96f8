package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.syn;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.SegmentInput.IcmpError;
import dev.jmtcp.testsupport.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** How large segments are: the MSS (RFC 9293 section 3.7.1), and path MTU discovery (RFC 1191, RFC 5927 section 7). */
class SegmentSizeTest extends TcpFixture {

    private static final long IPV6_HIGH = 0x2001_0db8_0000_0000L;

    /** The payload of the first segment of a large write. */
    private int firstSegment() {
        write(20_000);
        int length = next().length;
        network.sent.clear();
        return length;
    }

    // ---- MSS

    /** RFC 9293 section 3.7.1, SHLD-6 and MUST-67: what the interface takes, without the fixed headers. */
    @ParameterizedTest
    @CsvSource({"576, 536", "1500, 1460", "9000, 8960", "296, 256", "65535, 65495"})
    @Requirement("MUST-14")
    @Requirement("MUST-65")
    @Requirement("MUST-67")
    @Requirement("SHLD-5")
    @Requirement("SHLD-6")
    @Requirement("MAY-3")
    void announcedMss_isThatOfTheInterface(int mtu, int mss) {
        network.path.mtu = mtu;
        connect();
        expect(syn().mss(mss).sackOk().ts().scale(3));
        in(synAck().mss(1460));
        expect(ack());
        in(data(100));
        expectAfter(40, ack().ack(101)); // MUST-65: not on other segments
    }

    /** RFC 9293 section 3.7.1, MUST-15: no option: 536. */
    @Test
    @Requirement("MUST-15")
    void noMssOption_segmentsOf536() {
        established(syn());
        assertThat(firstSegment()).isEqualTo(536);
    }

    /** RFC 9293 section 3.7.1, MUST-15: 1220 for IPv6. */
    @Test
    @Requirement("MUST-15")
    void noMssOptionOverIpv6_segmentsOf1220() {
        overIpv6();
        established(syn());
        assertThat(firstSegment()).isEqualTo(1220);
    }

    /** RFC 9293 section 3.7.1, MUST-16: with the larger header of IPv6. */
    @Test
    @Requirement("MUST-16")
    void ipv6_segmentsLeaveRoomForItsHeader() {
        overIpv6();
        connect();
        expect(syn().mss(1440).sackOk().ts().scale(3));
        in(synAck().mss(9000));
        expect(ack());
        assertThat(firstSegment()).isEqualTo(1440);
    }

    private void overIpv6() {
        localHigh = IPV6_HIGH;
        localLow = 1;
        remoteHigh = IPV6_HIGH;
        remoteLow = 2;
        network = new FakeNetwork(localHigh, localLow);
        network.path.ipv4 = false;
    }

    /** RFC 9293 section 3.7.1, MUST-16: the smaller of what the peer takes and what the path lets through. */
    @ParameterizedTest
    @CsvSource({"1460, 1500, 1460", "1000, 1500, 1000", "9000, 1500, 1460", "65535, 9000, 8960", "1460, 576, 536"})
    @Requirement("MUST-14")
    @Requirement("MUST-16")
    @Requirement("SHLD-28")
    void segments_fitThePeerAndThePath(int peersMss, int mtu, int expected) {
        network.path.mtu = mtu;
        established(syn().mss(peersMss));
        assertThat(firstSegment()).isEqualTo(expected);
    }

    /** RFC 9293 section 3.7.1: the options of the segment come out of it. */
    @Test
    @Requirement("MUST-16")
    void timestamps_makeSegmentsShorter() {
        established(syn().mss(1460).ts());
        assertThat(firstSegment()).isEqualTo(1448);
    }

    /** RFC 9293 section 3.7.1: also options that come and go. */
    @Test
    @Requirement("MUST-16")
    void sackBlocks_makeSegmentsShorter() {
        established(modern());
        in(data(10).seq(11));
        expect(ack().sack(11, 21));
        write(4000);
        expect(data(1436).sack(11, 21), data(1436).seq(1437).sack(11, 21));
        in(data(10).ack(2873));
        // The holes are filled: full segments again.
        expect(ack().seq(2873).ack(21), data(1128).seq(2873).ack(21).push());
    }

    /** A peer that announces less than could be of use is not believed: as with Linux, 48. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 20, 47, 48})
    void tinyMss_isTakenFor48(int mss) {
        established(syn().mss(mss));
        assertThat(firstSegment()).isEqualTo(48);
    }

    /** The least MSS, and the most options: something is left, and all of it arrives. */
    @Test
    void tinyMssAndManyOptions_dataStillFlows() {
        established(syn().mss(1).sackOk().ts());
        in(data(10).seq(11), data(10).seq(31), data(10).seq(51));
        network.sent.clear();
        write(1000);
        flows(1000);
    }

    /** An interface with the least MTU there is, and the most options. */
    @Test
    void tinyMtuAndManyOptions_dataStillFlows() {
        network.path.mtu = 68; // RFC 791
        established(modern());
        in(data(10).seq(11), data(10).seq(31), data(10).seq(51));
        network.sent.clear();
        write(1000);
        flows(1000);
    }

    /** TCP_MAXSEG is an upper bound for both directions. */
    @Test
    void maxSegment_boundsWhatIsAnnouncedAndSent() {
        start();
        ConnectionOptions options = new ConnectionOptions(tcp.options());
        options.maxSegment = 500;
        c = tcp.connect(localHigh, localLow, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT, options);
        c.attach(this);
        turn();
        expect(syn().mss(500).sackOk().ts().scale(3));
        in(synAck().mss(1460).ts());
        expect(ack());
        assertThat(firstSegment()).isEqualTo(488);
    }

    /** TCP_MAXSEG on a connection that is there already. */
    @Test
    void maxSegment_setLater_boundsWhatIsSent() {
        established();
        options(o -> o.maxSegment = 700);
        assertThat(firstSegment()).isEqualTo(700);
    }

    /** An absurd TCP_MAXSEG must not stop the stream. */
    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 13, 40})
    void tinyMaxSegment_dataStillFlows(int size) {
        established(modern());
        in(data(10).seq(11), data(10).seq(31), data(10).seq(51));
        network.sent.clear();
        options(o -> o.maxSegment = size);
        write(200);
        flows(200);
    }

    /** The peer acknowledges whatever comes, until all has come. */
    private void flows(int total) {
        int next = 1;
        for (int i = 0; next <= total; i++) {
            assertThat(i).as("rounds").isLessThan(10_000);
            if (network.sent.isEmpty()) {
                advance(250);
            }
            while (!network.sent.isEmpty()) {
                Packet p = next();
                if (p.length > 0 && p.seq == next) {
                    next += p.length;
                }
            }
            in(ack().ack(next));
        }
        network.sent.clear();
        assertThat(c.unacknowledged()).isZero();
    }

    // ---- Path MTU

    /** RFC 1191 section 6.3: what was too large goes again at once, smaller; section 6.4: this is no congestion. */
    @Test
    @Requirement("MUST-16")
    void tooBig_segmentsGoAgainSmaller() {
        established();
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        int window = c.info().congestionWindow();
        icmp(IcmpError.PACKET_TOO_BIG, 1000, 1);
        expect(
                data(960),
                data(500).seq(961),
                data(960).seq(1461),
                data(500).seq(2421).push());
        assertThat(c.info().pathMtu()).isEqualTo(1000);
        assertThat(c.info().slowStartThreshold()).isEqualTo(1 << 30);
        assertThat(c.info().congestionWindow()).isBetween(window * 960 / 1460 - 960, window);
        in(ack().ack(2921));
        write(1920);
        expect(data(960).seq(2921), data(960).seq(3881).push());
    }

    /** RFC 1191 section 5: each segment of a flight brings such a message: one reaction. */
    @Test
    void tooBigForEachOfAFlight_isHeededOnce() {
        established();
        write(2920);
        expect(data(1460), data(1460).seq(1461).push());
        icmp(IcmpError.PACKET_TOO_BIG, 1000, 1);
        network.sent.clear();
        icmp(IcmpError.PACKET_TOO_BIG, 1000, 1461);
        expectNothing();
        assertThat(count(Counter.ICMP_IGNORED)).isEqualTo(1);
    }

    /** RFC 1191 section 7.1: a router that does not tell its MTU: the next lower plateau. */
    @Test
    void tooBigWithoutMtu_triesThePlateaus() {
        network.path.mtu = 9000;
        established(syn().mss(8960));
        int[] plateaus = {8166, 4352, 2002, 1492, 1006, 508, 296};
        write(8960);
        expect(data(8960).push());
        for (int plateau : plateaus) {
            icmp(IcmpError.PACKET_TOO_BIG, 0, 1);
            assertThat(c.info().pathMtu()).isEqualTo(plateau);
            assertThat(next().length).isEqualTo(plateau - 40);
            network.sent.clear();
        }
        icmp(IcmpError.PACKET_TOO_BIG, 0, 1);
        assertThat(c.info().pathMtu()).isEqualTo(296);
        expectNothing();
    }

    /** RFC 1191 section 3: an MTU that is no smaller is a lie. */
    @ParameterizedTest
    @ValueSource(ints = {1500, 1501, 9000, 65_535})
    void tooBigWithLargerMtu_isIgnored(int mtu) {
        established();
        write(1460);
        expect(data(1460).push());
        icmp(IcmpError.PACKET_TOO_BIG, mtu, 1);
        expectNothing();
        assertThat(c.info().pathMtu()).isEqualTo(1500);
    }

    /** RFC 5927 section 7.2: an absurdly small one must not turn each byte into a packet. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20, 40, 41, 67, 68, 100})
    void tooBigWithAbsurdMtu_isBounded(int mtu) {
        established();
        write(1460);
        expect(data(1460).push());
        icmp(IcmpError.PACKET_TOO_BIG, mtu, 1);
        assertThat(next().length).isEqualTo(256);
        network.sent.clear();
    }

    /** RFC 5927 section 4.1: only what quotes a segment in flight is believed. */
    @ParameterizedTest
    @ValueSource(ints = {0, -1000, 1461, 100_000, Integer.MIN_VALUE})
    void tooBigForWhatIsNotInFlight_isIgnored(int seq) {
        established();
        write(1460);
        expect(data(1460).push());
        icmp(IcmpError.PACKET_TOO_BIG, 1000, seq);
        expectNothing();
        assertThat(c.info().pathMtu()).isEqualTo(1500);
        assertThat(count(Counter.ICMP_IGNORED)).isEqualTo(1);
    }

    @Test
    void tooBigAndNothingInFlight_isIgnored() {
        established();
        icmp(IcmpError.PACKET_TOO_BIG, 1000, 1);
        expectNothing();
        assertThat(c.info().pathMtu()).isEqualTo(1500);
    }

    /** What the peer has selectively acknowledged has passed, and does not go again. */
    @Test
    void tooBig_whatIsSackedDoesNotGoAgain() {
        settings.rack(false);
        established(plain().sackOk());
        write(4380);
        expect(data(1460), data(1460).seq(1461), data(1460).seq(2921).push());
        in(ack().sack(1461, 2921));
        icmp(IcmpError.PACKET_TOO_BIG, 1000, 1);
        expect(
                data(960),
                data(500).seq(961),
                data(960).seq(2921),
                data(500).seq(3881).push());
    }

    /** The SYN is small enough for any path; it changes nothing but what is sent later. */
    @Test
    void tooBigForASyn_holdsForTheData() {
        synSent();
        icmp(IcmpError.PACKET_TOO_BIG, 1000, 0);
        expectNothing();
        in(synAck().mss(1460));
        expect(ack());
        assertThat(firstSegment()).isEqualTo(960);
    }

    // ---- Other ICMP errors

    /** RFC 9293 section 3.9.2.2, SHLD-26: hard errors end a connection attempt. */
    @ParameterizedTest
    @CsvSource({"PORT_UNREACHABLE, REFUSED", "PROTOCOL_UNREACHABLE, PROTOCOL_UNREACHABLE"})
    @Requirement("SHLD-26")
    @Requirement("MUST-54")
    void synSent_hardError_ends(IcmpError error, CloseReason reason) {
        synSent();
        icmp(error, 0, 0);
        inState(State.CLOSED);
        assertThat(c.error()).isEqualTo(reason);
        assertThat(takeEvents() & Events.ERROR).isNotZero();
        assertThat(count(Counter.TCP_CONNECT_FAILED)).isEqualTo(1);
    }

    /** RFC 9293 section 3.9.2.2, SHLD-26; RFC 5927 section 5.2 exempts the synchronized states, and SYN-RECEIVED is none. */
    @ParameterizedTest
    @EnumSource(names = {"PORT_UNREACHABLE", "PROTOCOL_UNREACHABLE"})
    @Requirement("SHLD-26")
    void synReceived_hardError_ends(IcmpError error) {
        synReceived();
        icmp(error, 0, 0);
        expectNothing();
        assertThat(tcp.connections()).isZero();
    }

    /** RFC 9293 section 3.9.2.2, MUST-56 and SHLD-25: soft errors never end a connection, but can be asked for. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"PORT_UNREACHABLE", "PROTOCOL_UNREACHABLE", "PACKET_TOO_BIG"})
    @Requirement("MUST-56")
    @Requirement("SHLD-25")
    void synSent_softError_isNoted(IcmpError error) {
        synSent();
        icmp(error, 0, 0);
        expectNothing();
        inState(State.SYN_SENT);
        assertThat(c.takeSoftError())
                .isEqualTo(
                        error == IcmpError.NETWORK_UNREACHABLE
                                ? CloseReason.NETWORK_UNREACHABLE
                                : CloseReason.HOST_UNREACHABLE);
        assertThat(c.takeSoftError()).isNull();
        in(synAck());
        expect(ack());
    }

    /** RFC 5927 section 5.2: in synchronized states even hard errors are soft. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "PACKET_TOO_BIG")
    @Requirement("MUST-56")
    @Requirement("SHLD-26")
    void established_anyError_isNoted(IcmpError error) {
        established();
        write(100);
        expect(data(100).push());
        icmp(error, 0, 1);
        inState(State.ESTABLISHED);
        assertThat(c.takeSoftError()).isNotNull();
        expectAfter(200, data(100).push());
    }

    /** RFC 9293 section 3.9.1.8, SHLD-20: who does not ask is told nothing. */
    @Test
    @Requirement("SHLD-20")
    void established_softError_disturbsNobodyWhoDoesNotAsk() {
        established();
        write(100);
        expect(data(100).push());
        icmp(IcmpError.HOST_UNREACHABLE, 0, 1);
        assertThat(takeEvents()).isZero();
        in(data(10).ack(101));
        assertThat(takeEvents()).isEqualTo(Events.READABLE);
        assertThat(read(100)).isEqualTo(10);
        expectAfter(40, ack().seq(101).ack(11));
        assertThat(c.takeSoftError()).isEqualTo(CloseReason.HOST_UNREACHABLE);
    }

    /** RFC 5927 section 5.2: the same after our FIN, while it is in flight. */
    @ParameterizedTest
    @EnumSource(names = {"FIN_WAIT_1", "CLOSING", "LAST_ACK"})
    void ourFinInFlight_hardError_isNoted(State state) {
        toState(state);
        icmp(IcmpError.PORT_UNREACHABLE, 0, 1);
        inState(state);
        assertThat(c.takeSoftError()).isEqualTo(CloseReason.REFUSED);
    }

    /** RFC 5927 section 4.1: and only if it quotes what is in flight. */
    @Test
    void established_errorForWhatIsNotInFlight_isIgnored() {
        established();
        write(100);
        expect(data(100).push());
        icmp(IcmpError.HOST_UNREACHABLE, 0, 101);
        icmp(IcmpError.HOST_UNREACHABLE, 0, 0);
        assertThat(c.takeSoftError()).isNull();
        assertThat(count(Counter.ICMP_IGNORED)).isEqualTo(2);
    }

    /** RFC 9293 section 3.9.2.2, MUST-54: for no connection of ours. */
    @Test
    @Requirement("MUST-54")
    void noConnection_error_isIgnored() {
        start();
        icmp(IcmpError.PORT_UNREACHABLE, 0, 0);
        icmp(IcmpError.PACKET_TOO_BIG, 576, 0);
        assertThat(count(Counter.ICMP_IGNORED)).isEqualTo(2);
    }
}
