package dev.jmtcp.driver.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PortConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpdkOptionsTest {

    private static final List<String> CARDS = List.of("0000:01:00.0", "0000:01:00.1");

    @Test
    void ports_ofMtcpsNames_areTheCardsInOrder() throws Exception {
        var options = DpdkOptions.of(Configs.of(PortConfig.of("dpdk1"), PortConfig.of("dpdk0")), CARDS);

        assertThat(options.ports()).extracting(DpdkOptions.OfPort::device).containsExactly(CARDS.get(1), CARDS.get(0));
        assertThat(options.ports()).allMatch(DpdkOptions.OfPort::isPci);
    }

    @Test
    void all_isEveryCard() throws Exception {
        var options = DpdkOptions.of(Configs.of(PortConfig.of("all")), CARDS);

        assertThat(options.ports()).extracting(DpdkOptions.OfPort::name).containsExactly("dpdk0", "dpdk1");
    }

    @Test
    void cardThatIsNotThere_isRefusedNamingItsDevice() {
        assertRefused("port.dpdk2.device", "only 2 network cards", Map.of(), PortConfig.of("dpdk2"));
        assertRefused("port", "no port is named", Map.of());
    }

    @Test
    void deviceOfTwoPorts_isRefused() {
        assertRefused(
                "port.b.device",
                "another port's too",
                Map.of(),
                Configs.port("a", "net_tap0,iface=a"),
                Configs.port("b", "net_tap0,iface=b"));
    }

    @ParameterizedTest
    @CsvSource({
        "num_mem_ch, 65",
        "core_mask, 0",
        "core_mask, xyz",
        "memory, 1m",
        "hugepages, maybe",
        "file_prefix, a/b",
        "eal_arguments, nothing",
        "eal_arguments, -n 4 --help",
        "eal_arguments, -h",
        "eal_arguments, --he",
        "mbufs, 10",
        "rx_descriptors, 1",
        "tx_descriptors, 100000",
        "offload, perhaps",
        "nosuch, 1"
    })
    void badOption_isRefusedNamingIt(String name, String value) {
        assertRefused(name, "", Map.of(name, value), Configs.port("a", "net_ring0"));
    }

    @Test
    void badPort_isRefusedNamingIt() {
        assertRefused("port.a.device", "bad value", Map.of(), Configs.port("a", "Net Ring"));
        assertRefused(
                "port.a.promiscuous",
                "bad value",
                Map.of(),
                Configs.port("a", Map.of("device", "net_ring0", "promiscuous", "2")));
        assertRefused(
                "port.a.mac",
                "not the address of one station",
                Map.of(),
                new PortConfig(
                        "a", Optional.of(MacAddress.BROADCAST), OptionalInt.empty(), Map.of("device", "net_ring0")));
        assertRefused(
                "port.a.mtu",
                "bad value",
                Map.of(),
                new PortConfig("a", Optional.empty(), OptionalInt.of(20), Map.of("device", "net_ring0")));
    }

    @Test
    void arguments_areThoseOfTheSettings() throws Exception {
        assertThat(settings(Map.of()).arguments(false, List.of(), "0-3"))
                .containsExactly(
                        "--no-telemetry", "--no-huge", "-m", "512", "--no-shconf", "--no-pci", "--lcores=0@(0-3)");
        assertThat(settings(Map.of(
                                "num_mem_ch", "4",
                                "core_mask", "0x34",
                                "memory", "1g",
                                "file_prefix", "x",
                                "eal_arguments", "--log-level=8 -d lib.so"))
                        .arguments(true, CARDS, "0-3"))
                .containsExactly(
                        "--no-telemetry",
                        "-n",
                        "4",
                        "-m",
                        "1024",
                        "--file-prefix=x",
                        "--log-level=8",
                        "-d",
                        "lib.so",
                        "-a",
                        "0000:01:00.0",
                        "-a",
                        "0000:01:00.1",
                        "--lcores=0@(2,4,5)");
    }

    @Test
    void difference_namesTheFirst() throws Exception {
        assertThat(settings(Map.of()).difference(settings(Map.of("memory", "auto"))))
                .isEmpty();
        assertThat(settings(Map.of()).difference(settings(Map.of("core_mask", "3"))))
                .containsExactly("core_mask", "3");
        assertThat(settings(Map.of("memory", "64m")).difference(settings(Map.of())))
                .containsExactly("memory", "auto");
    }

    @Test
    void boundCards_areNetworkCardsOfDriversForDpdk(@TempDir Path drivers) throws IOException {
        card(drivers, "vfio-pci/0000:02:00.0", "0x020000");
        card(drivers, "vfio-pci/0000:03:00.0", "0x010802");
        card(drivers, "uio_pci_generic/0000:01:00.1", "0x020000");
        card(drivers, "ixgbe/0000:00:01.0", "0x020000");
        Files.createFile(drivers.resolve("vfio-pci/bind"));

        assertThat(PciDevices.bound(drivers)).containsExactly("0000:01:00.1", "0000:02:00.0");
    }

    private static void card(Path drivers, String place, String type) throws IOException {
        Path device = Files.createDirectories(drivers.resolve(place));
        Files.writeString(device.resolve("class"), type + "\n");
    }

    @Test
    void hugepages_ofAllSizes_areCounted(@TempDir Path sizes) throws IOException {
        Files.writeString(
                Files.createDirectory(sizes.resolve("hugepages-2048kB")).resolve("free_hugepages"), "3\n");
        Files.writeString(
                Files.createDirectory(sizes.resolve("hugepages-1048576kB")).resolve("free_hugepages"), "1\n");

        assertThat(Hugepages.free(sizes)).isEqualTo((3 * 2L + 1024) << 20);
        assertThat(Hugepages.free(sizes.resolve("none"))).isZero();
    }

    private static EalSettings settings(Map<String, String> options) throws InvalidOptionException {
        return DpdkOptions.of(Configs.of(1, options, Configs.port("a", "net_ring0")), List.of())
                .eal();
    }

    private static void assertRefused(String option, String problem, Map<String, String> options, PortConfig... ports) {
        assertThatThrownBy(() -> DpdkOptions.of(Configs.of(1, options, ports), CARDS))
                .hasMessageContaining(problem)
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        refusal -> assertThat(refusal.option()).isEqualTo(option));
    }
}
