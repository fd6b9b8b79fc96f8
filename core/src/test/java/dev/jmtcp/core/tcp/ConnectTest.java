package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.timer.TimerWheel;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.testsupport.Requirement;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What connect refuses, and how it chooses addresses, ports and initial sequence numbers. */
class ConnectTest extends TcpFixture {

    private void refused(ConnectFailure.Reason reason, long localLow, int localPort, long remoteLow, int remotePort) {
        start();
        int before = tcp.connections();
        assertThatExceptionOfType(ConnectFailure.class)
                .isThrownBy(() -> tcp.connect(0, localLow, localPort, 0, remoteLow, remotePort, tcp.options()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(tcp.connections()).isEqualTo(before);
        turn();
        expectNothing();
    }

    /** RFC 9293 section 3.9.2.3 and RFC 1122 section 4.2.3.10, MUST-46. */
    @ParameterizedTest
    @ValueSource(ints = {0, 0x7f000001, 0xe0000001, 0xffffffff})
    @Requirement("MUST-46")
    void connect_addressOfNoHost_isRefused(int address) {
        refused(ConnectFailure.Reason.BAD_REMOTE_ADDRESS, 0, 0, Address.ofIpv4(address), REMOTE_PORT);
    }

    /** RFC 9293 section 3.10.1: "remote socket unspecified". */
    @Test
    void connect_portZero_isRefused() {
        refused(ConnectFailure.Reason.BAD_REMOTE_ADDRESS, 0, 0, remoteLow, 0);
    }

    @Test
    void connect_noRoute_isRefused() {
        network.noRoute = true;
        refused(ConnectFailure.Reason.NO_ROUTE, 0, 0, remoteLow, REMOTE_PORT);
    }

    @Test
    void connect_foreignLocalAddress_isRefused() {
        refused(ConnectFailure.Reason.BAD_LOCAL_ADDRESS, remoteLow, 0, remoteLow, REMOTE_PORT);
    }

    /** RFC 9293 section 3.10.1: "connection already exists". */
    @Test
    void connect_sameAddressesAndPorts_isRefused() {
        synSent();
        refused(ConnectFailure.Reason.IN_USE, localLow, LOCAL_PORT, remoteLow, REMOTE_PORT);
    }

    @Test
    void connect_allConnectionsTaken_isRefused() {
        settings.maxConnections(1);
        synSent();
        refused(ConnectFailure.Reason.TOO_MANY, 0, 0, remoteLow, REMOTE_PORT);
    }

    @Test
    void connect_segmentsWouldArriveElsewhere_isRefused() {
        wheel = new TimerWheel(now);
        chunks = new ChunkPool(1 << 20);
        LocalPorts none = (_, _, _, _, _, _) -> false;
        tcp = new Tcp(network, TcpSettings.DEFAULTS, new Counters(), wheel, chunks, () -> 1, none);
        refused(ConnectFailure.Reason.OTHER_CORE, localLow, LOCAL_PORT, remoteLow, REMOTE_PORT);
        refused(ConnectFailure.Reason.NO_PORT, localLow, 0, remoteLow, REMOTE_PORT);
    }

    /** RFC 9293 section 3.9.2, MUST-44: the IP layer is asked for the local address, and MUST-45: it stays. */
    @Test
    @Requirement("MUST-44")
    @Requirement("MUST-45")
    void connect_addressNotGiven_isThatOfTheRoute() {
        start();
        c = tcp.connect(0, 0, LOCAL_PORT, remoteHigh, remoteLow, REMOTE_PORT, tcp.options());
        c.attach(this);
        turn();
        assertThat(c.localLow()).isEqualTo(localLow);
        expect(ourSyn());
        in(synAck());
        expect(ack());
    }

    /** RFC 6056 section 3.1: ephemeral ports from the range given, each once for a destination; then none is left. */
    @Test
    void connect_portsNotGiven_areDifferentUntilNoneIsLeft() {
        settings.portLow(50_000).portHigh(50_009);
        start();
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            ports.add(tcp.connect(0, 0, 0, remoteHigh, remoteLow, REMOTE_PORT, tcp.options())
                    .localPort());
        }
        assertThat(ports).hasSize(10).allMatch(port -> port >= 50_000 && port <= 50_009);
        refused0(ConnectFailure.Reason.NO_PORT);
        // For another destination the same ports are free.
        assertThat(tcp.connect(0, 0, 0, remoteHigh, remoteLow, REMOTE_PORT + 1, tcp.options())
                        .localPort())
                .isBetween(50_000, 50_009);
        for (Connection each : Invariants.connections(tcp)) {
            tcp.close(each);
        }
    }

    private void refused0(ConnectFailure.Reason reason) {
        assertThatExceptionOfType(ConnectFailure.class)
                .isThrownBy(() -> tcp.connect(0, 0, 0, remoteHigh, remoteLow, REMOTE_PORT, tcp.options()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** RFC 9293 section 3.9.1.1, MUST-42: a port listened on can be connected from. */
    @Test
    @Requirement("MUST-42")
    void connect_fromPortListenedOn_works() {
        listen();
        synSent();
        in(synAck());
        expect(ack());
        inState(State.ESTABLISHED);
    }

    /** RFC 9293 section 3.9.1.1, MUST-42: and the other way round. */
    @Test
    @Requirement("MUST-42")
    void listen_onPortConnectedFrom_works() {
        synSent();
        listen();
        in(synAck());
        expect(ack());
        inState(State.ESTABLISHED);
    }

    /** RFC 9293 section 3.4.1, MUST-8: the clock of initial sequence numbers ticks every 4 µs or so, so that they grow for the same addresses. */
    @Test
    @Requirement("MUST-8")
    @Requirement("SHLD-1")
    void connect_againAfterASecond_beginsAQuarterMillionHigher() {
        synSent();
        int first = c.iss();
        close();
        advance(1000);
        connect();
        expect(ourSyn());
        assertThat(c.iss() - first).isEqualTo(250_000);
    }

    /** RFC 6528 section 3: for other ports they begin elsewhere. */
    @Test
    @Requirement("SHLD-1")
    void connect_toAnotherPort_beginsElsewhere() {
        start();
        Connection one = tcp.connect(0, 0, LOCAL_PORT, remoteHigh, remoteLow, 1, tcp.options());
        Connection two = tcp.connect(0, 0, LOCAL_PORT, remoteHigh, remoteLow, 2, tcp.options());
        assertThat(Math.abs(one.iss() - two.iss())).isGreaterThan(1_000_000);
        assertThat(one.tsOffset).isNotEqualTo(two.tsOffset); // RFC 7323 section 5.4
        tcp.close(one);
        tcp.close(two);
    }
}
