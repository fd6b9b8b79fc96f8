package dev.jmtcp.driver.onvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnvmOptionsTest {

    private static final PortConfig PORT = PortConfig.of("dpdk0");

    private static OnvmOptions of(int cores, List<PortConfig> ports, String... namesAndValues)
            throws InvalidOptionException {
        Map<String, String> options = new HashMap<>();
        options.put("onvm_serv", "1");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            options.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return OnvmOptions.of(new DriverConfig(cores, ports, options, Toeplitz.symmetricKey(), System::nanoTime));
    }

    private static void refuses(String option, int cores, List<PortConfig> ports, String... namesAndValues) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> of(cores, ports, namesAndValues))
                .satisfies(e -> assertThat(e.option()).isEqualTo(option));
    }

    private static List<PortConfig> ports(String... names) {
        return Arrays.stream(names).map(PortConfig::of).toList();
    }

    private static PortConfig numbered(String name, String number) {
        return new PortConfig(name, Optional.empty(), OptionalInt.empty(), Map.of("number", number));
    }

    private static PortConfig with(Optional<MacAddress> mac, OptionalInt mtu) {
        return new PortConfig("dpdk0", mac, mtu, Map.of());
    }

    @Test
    void onlyTheService_isEnough() throws Exception {
        OnvmOptions options = of(1, List.of(PORT));
        assertThat(options.service()).isEqualTo(1);
        assertThat(options.instance()).isEmpty();
        assertThat(options.destination()).isEmpty();
        assertThat(options.cpus()).isEmpty();
        assertThat(options.shareCores()).isFalse();
        assertThat(options.eal()).isEqualTo(new EalSettings("rte", "0x200000000000", List.of()));
    }

    @Test
    void mTcpsKeys_areTaken() throws Exception {
        OnvmOptions options =
                of(2, List.of(PORT), "onvm_serv", "31", "onvm_inst", "126", "onvm_dest", "2", "core_mask", "0x2C");
        assertThat(options.service()).isEqualTo(31);
        assertThat(options.instance()).hasValue(126);
        assertThat(options.destination()).hasValue(2);
        assertThat(options.cpus()).containsExactly(2, 3);
    }

    @Test
    void noService_isRefused() {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> OnvmOptions.of(
                        new DriverConfig(1, List.of(PORT), Map.of(), Toeplitz.symmetricKey(), System::nanoTime)))
                .withMessage("onvm_serv: is missing; expected 1 to 31");
    }

    @ParameterizedTest
    @CsvSource({
        "onvm_serv, 0",
        "onvm_serv, 32",
        "onvm_inst, 0",
        "onvm_inst, 128",
        "onvm_dest, 0",
        "onvm_dest, 32",
        "onvm_dest, out",
        "core_mask, xyz",
        "core_mask, 0",
        "share_cores, maybe",
        "file_prefix, a/b",
        "file_prefix, ''",
        "base_virtaddr, 4096",
        "base_virtaddr, 0xfffffffffffff",
        "eal_arguments, four",
        "eal_arguments, --help"
    })
    void badValues_areRefused(String option, String value) {
        refuses(option, 1, List.of(PORT), option, value);
    }

    @Test
    void instances_endAtTheLastId() throws Exception {
        assertThat(of(1, List.of(PORT), "onvm_inst", "127").instance()).hasValue(127);
        refuses("onvm_inst", 2, List.of(PORT), "onvm_inst", "127");
    }

    @Test
    void coreMask_hasACpuForEachCore() throws Exception {
        assertThat(of(2, List.of(PORT), "core_mask", "5").cpus()).containsExactly(0, 2);
        refuses("core_mask", 2, List.of(PORT), "core_mask", "4");
    }

    @Test
    void ports_haveTheNumberInTheirName() throws Exception {
        assertThat(of(1, ports("dpdk4", "outside", "net-17", "eth99", "0")).ports())
                .extracting(OnvmOptions.OfPort::number)
                .containsExactly(4, 1, 17, 3, 0);
    }

    @Test
    void portNumber_isTakenFromTheOption() throws Exception {
        assertThat(of(1, List.of(numbered("dpdk0", "7"))).ports())
                .extracting(OnvmOptions.OfPort::number)
                .containsExactly(7);
        refuses("port.dpdk0.number", 1, List.of(numbered("dpdk0", "32")));
    }

    @Test
    void ofTheSamePortTwice_theSecondIsRefused() {
        refuses("port.other.number", 1, List.of(PORT, numbered("other", "0")));
        refuses("port", 1, ports("dpdk0", "dpdk0"));
    }

    @Test
    void strangeNames_areRefused() {
        refuses("port", 1, ports("a b"));
        refuses("port", 1, ports("all", "dpdk0"));
    }

    @Test
    void addressesOfGroupsAndNobody_areRefused() {
        refuses("port.dpdk0.mac", 1, List.of(with(Optional.of(MacAddress.BROADCAST), OptionalInt.empty())));
        refuses("port.dpdk0.mac", 1, List.of(with(Optional.of(new MacAddress(0)), OptionalInt.empty())));
    }

    @Test
    void mtuOutOfBounds_isRefused() throws Exception {
        assertThat(of(1, List.of(with(Optional.empty(), OptionalInt.of(68)))).ports())
                .hasSize(1);
        refuses("port.dpdk0.mtu", 1, List.of(with(Optional.empty(), OptionalInt.of(67))));
        refuses("port.dpdk0.mtu", 1, List.of(with(Optional.empty(), OptionalInt.of(65_001))));
    }

    @Test
    void dpdkIsStarted_asASecondaryProcess() throws Exception {
        EalSettings eal = of(1, List.of(PORT), "file_prefix", "x", "eal_arguments", "--log-level=8 --no-hpet")
                .eal();
        assertThat(eal.arguments(false, "0-3"))
                .containsExactly(
                        "--proc-type=secondary",
                        "--file-prefix=x",
                        "--lcores=0@(0-3)",
                        "--no-telemetry",
                        "--base-virtaddr=0x200000000000",
                        "--no-pci",
                        "--log-level=8",
                        "--no-hpet");
        assertThat(new EalSettings("x", "", List.of()).arguments(true, "0"))
                .containsExactly("--proc-type=secondary", "--file-prefix=x", "--lcores=0@(0)", "--no-telemetry");
    }

    @Test
    void theFirstDifference_isNamed() throws Exception {
        EalSettings eal = of(1, List.of(PORT)).eal();
        assertThat(eal.difference(eal)).isEmpty();
        assertThat(eal.difference(of(1, List.of(PORT), "file_prefix", "x").eal()))
                .containsExactly("file_prefix", "x");
        assertThat(eal.difference(of(1, List.of(PORT), "base_virtaddr", "none").eal()))
                .containsExactly("base_virtaddr", "none");
        assertThat(eal.difference(
                        of(1, List.of(PORT), "eal_arguments", "--x --y").eal()))
                .containsExactly("eal_arguments", "--x --y");
    }

    @Test
    void theRuntimeDirectory_isDpdks() {
        assertThat(EalSettings.runtimeDirectory(Map.of("XDG_RUNTIME_DIR", "/run/user/1"), true))
                .isEqualTo(Path.of("/var/run/dpdk"));
        assertThat(EalSettings.runtimeDirectory(Map.of("XDG_RUNTIME_DIR", "/run/user/1"), false))
                .isEqualTo(Path.of("/run/user/1/dpdk"));
        assertThat(EalSettings.runtimeDirectory(Map.of(), false)).isEqualTo(Path.of("/tmp/dpdk"));
        assertThat(EalSettings.runtimeDirectory(Map.of("RUNTIME_DIRECTORY", "/run/s"), true))
                .isEqualTo(Path.of("/run/s/dpdk"));
    }
}
