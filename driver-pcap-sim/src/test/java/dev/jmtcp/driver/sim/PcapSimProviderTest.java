package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opening by configuration: names of wires, options of the driver and of ports. */
class PcapSimProviderTest {

    private final VirtualClock clock = new VirtualClock();
    private final PcapSimProvider provider = new PcapSimProvider();

    private SimPacketIo open(Map<String, String> options, PortConfig... ports) throws PacketIoException {
        return provider.open(config(1, options, ports));
    }

    private DriverConfig config(int queues, Map<String, String> options, PortConfig... ports) {
        return new DriverConfig(queues, List.of(ports), options, Toeplitz.symmetricKey(), clock);
    }

    private static PortConfig port(String name, Map<String, String> options) {
        return new PortConfig(name, Optional.empty(), OptionalInt.empty(), options);
    }

    private static PortConfig port(String name, int mtu) {
        return new PortConfig(name, Optional.empty(), OptionalInt.of(mtu), Map.of());
    }

    @Test
    void open_sameWireByName_meet() throws Exception {
        try (var a = open(Map.of("wire", "x"), PortConfig.of("a"));
                var b = open(Map.of("wire", "x"), PortConfig.of("b"));
                var elsewhere = open(Map.of("wire", "y"), PortConfig.of("c"))) {
            Frames.send(a.queue(0), dev.jmtcp.spi.MacAddress.BROADCAST, 1);
            assertThat(Frames.drain(b.queue(0))).containsExactly(1L);
            assertThat(Frames.drain(elsewhere.queue(0))).isEmpty();
        }
    }

    @Test
    void open_nothingSaid_meetOnTheDefaultWire() throws Exception {
        try (var a = open(Map.of(), PortConfig.of("a"));
                var b = open(Map.of(), PortConfig.of("b"))) {
            Frames.send(a.queue(0), b.port().mac(), 1);
            assertThat(Frames.drain(b.queue(0))).containsExactly(1L);
        }
    }

    @Test
    void close_ofTheLast_endsTheWire() throws Exception {
        open(Map.of("wire", "x", "ring", "16"), PortConfig.of("a")).close();
        try (var a = open(Map.of("wire", "x", "ring", "32"), PortConfig.of("a"))) {
            assertThat(a.port().mtu()).isEqualTo(1500);
        }
    }

    @Test
    void open_ofAPortOptionRefused_leavesNoWire() throws Exception {
        assertThatThrownBy(() ->
                        open(Map.of("wire", "x", "ring", "16"), PortConfig.of("a"), port("b", Map.of("loss", "often"))))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        e -> assertThat(e.option()).isEqualTo("port.b.loss"));
        open(Map.of("wire", "x", "ring", "32"), PortConfig.of("a")).close();
    }

    @Test
    void open_wireOfAnotherMake_isRefusedNamingTheOption() throws Exception {
        try (var a = open(Map.of("wire", "x", "ring", "16", "places", "3"), PortConfig.of("a"))) {
            assertThat(a.ports()).hasSize(1);
            assertThatThrownBy(() -> open(Map.of("wire", "x", "ring", "32"), PortConfig.of("b")))
                    .isInstanceOfSatisfying(
                            InvalidOptionException.class,
                            e -> assertThat(e.option()).isEqualTo("ring"));
            open(Map.of("wire", "x", "ring", "16"), PortConfig.of("b")).close();
            open(Map.of("wire", "x"), PortConfig.of("b")).close();
            assertThatThrownBy(() -> open(Map.of("wire", "x"), port("b", 9000)))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("MTU 9000 does not fit");
        }
    }

    @Test
    void open_jumboPort_makesAWireThatFits() throws Exception {
        try (var io = open(Map.of(), port("a", 9000), port("b", 576), PortConfig.of("c"))) {
            assertThat(io.ports()).extracting(p -> p.mtu()).containsExactly(9000, 576, 1500);
            Frames.send(io.queue(0), io.ports().get(2).mac(), 1, 9014);
            assertThat(Frames.drain(io.queue(0), 2)).containsExactly(1L);
        }
        assertThatThrownBy(() -> open(Map.of(), port("a", 575)))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        e -> assertThat(e.option()).isEqualTo("port.a.mtu"));
    }

    @Test
    void open_impairmentsOfDriverAndPort_thePortsOwnCount() throws Exception {
        var options = Map.of("delay", "5ms", "jitter", "1us", "bandwidth", "10g", "queue", "50", "loss", "1%");
        try (var io = open(options, PortConfig.of("a"), port("b", Map.of("delay", "0", "corrupt", "0.5")))) {
            assertThat(io.impairments(0))
                    .isEqualTo(new Impairments(5_000_000, 1_000, 10e9, 50, 0.01, 0, 0, 1_000_000, 0));
            assertThat(io.impairments(1)).isEqualTo(new Impairments(0, 1_000, 10e9, 50, 0.01, 0, 0, 1_000_000, 0.5));
            assertThat(io.ports().get(0).bitsPerSecond()).isEqualTo(10_000_000_000L);
        }
    }

    @Test
    void open_all_isOnePort() throws Exception {
        try (var io = open(Map.of(), PortConfig.of("all"))) {
            assertThat(io.ports()).hasSize(1);
            assertThat(io.port().name()).isEqualTo("sim0");
        }
    }

    @Test
    void open_manyQueues_makesAWireWithRoom() throws Exception {
        try (var a = provider.open(config(16, Map.of("ring", "16"), PortConfig.of("a")));
                var b = provider.open(config(16, Map.of(), PortConfig.of("b")))) {
            assertThat(a.port().capabilities().maxQueues()).isEqualTo(64);
            assertThat(b.port().capabilities().maxQueues()).isEqualTo(64);
        }
        assertThatThrownBy(() -> provider.open(config(65, Map.of(), PortConfig.of("a"))))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("pcap-sim.places");
    }

    @Test
    void open_otherSeed_makesOtherAddresses() throws Exception {
        try (var a = open(Map.of("wire", "x", "seed", "1"), PortConfig.of("a"));
                var b = open(Map.of("wire", "y", "seed", "2"), PortConfig.of("a"));
                var c = open(Map.of("wire", "z", "seed", "1"), PortConfig.of("a"))) {
            assertThat(a.port().mac())
                    .isNotEqualTo(b.port().mac())
                    .isEqualTo(c.port().mac());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ring, 100",
        "ring, 2",
        "places, 1",
        "places, 65",
        "frames, 10",
        "mtu, 500",
        "flow-control, perhaps",
        "seed, x",
        "delay, 3601s",
        "jitter, -1ms",
        "bandwidth, fast",
        "bandwidth, 9999999g",
        "queue, 0",
        "loss, 101%",
        "duplicate, -1",
        "reorder, 2",
        "reorder-delay, 5",
        "corrupt, NaN",
        "replay-timing, slow",
        "record, somewhere",
    })
    void open_badValue_isRefusedNamingTheOption(String option, String value) {
        assertThatThrownBy(() -> open(Map.of(option, value), PortConfig.of("a")))
                .isInstanceOfSatisfying(InvalidOptionException.class, e -> {
                    assertThat(e.option()).isEqualTo(option);
                    assertThat(e.accepted()).isNotBlank();
                });
    }
}
