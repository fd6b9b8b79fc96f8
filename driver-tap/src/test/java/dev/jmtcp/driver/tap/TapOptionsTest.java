package dev.jmtcp.driver.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PortConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TapOptionsTest {

    @Test
    void of_nothingGiven_hasDefaults() throws InvalidOptionException {
        var options = TapOptions.of(Configs.of(PortConfig.of("tap0")));
        assertThat(options.offload()).isTrue();
        assertThat(options.persistent()).isFalse();
        assertThat(options.queueLength()).isEmpty();
        assertThat(options.ports().getFirst().kernelAddress()).isEmpty();
        assertThat(options.ports().getFirst().kernelMac()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "", ".", "..", "a/b", "tap%d", "with blank", "a:1", "sixteen-letters-", "täp"})
    void of_badPortName_isRefused(String name) {
        assertRefused("port", Configs.of(PortConfig.of(name)));
    }

    @Test
    void of_portNamedTwice_isRefused() {
        assertRefused("port", Configs.of(PortConfig.of("tap0"), PortConfig.of("tap0")));
    }

    @ParameterizedTest
    @CsvSource({"67, mtu", "65522, mtu"})
    void of_mtuNoInterfaceHas_isRefused(int mtu, String option) {
        assertRefused("port.tap0." + option, Configs.of(Configs.withMtu("tap0", mtu)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"})
    void of_macOfNoStation_isRefused(String mac) {
        assertRefused("port.tap0.mac", Configs.of(Configs.withMac("tap0", mac)));
        assertRefused("port.tap0.kernel_mac", Configs.of(Configs.port("tap0", Map.of("kernel_mac", mac))));
    }

    @Test
    void of_sameMacForBothSides_isRefused() {
        PortConfig port = Configs.withMac("tap0", "02:00:00:00:00:01");
        assertRefused(
                "port.tap0.kernel_mac",
                Configs.of(new PortConfig(port.name(), port.mac(), port.mtu(), Map.of("kernel_mac", "2:0:0:0:0:1"))));
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.1/24, 0x0a090001, 0xffffff00",
        "255.255.255.254/32, 0, 0",
        "192.168.255.255/15, 0xc0a8ffff, 0xfffe0000",
        "1.2.3.4/32, 0x01020304, 0xffffffff",
        "1.2.3.4/31, 0x01020304, 0xfffffffe",
        "10.9.0.0/24, 0, 0",
        "10.9.0.255/24, 0, 0",
        "10.9.0.1, 0, 0",
        "10.9.0.1/33, 0, 0",
        "10.9.0.1/0, 0, 0",
        "10.9.0.256/24, 0, 0",
        "224.0.0.1/24, 0, 0",
        "0.0.0.1/24, 0, 0",
    })
    void kernelAddress_text_isReadOrRefused(String text, long bits, long netmask) throws InvalidOptionException {
        DriverConfig config = Configs.of(Configs.port("tap0", Map.of("kernel_address", text)));
        if (bits == 0) {
            assertThatIllegalArgumentException().isThrownBy(() -> KernelAddress.parse(text));
            assertRefused("port.tap0.kernel_address", config);
        } else {
            KernelAddress address =
                    TapOptions.of(config).ports().getFirst().kernelAddress().orElseThrow();
            assertThat(address.bits()).isEqualTo((int) bits);
            assertThat(address.netmask()).isEqualTo((int) netmask);
            assertThat(address).hasToString(text);
        }
    }

    private static void assertRefused(String option, DriverConfig config) {
        assertThatThrownBy(() -> TapOptions.of(config))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        refusal -> assertThat(refusal.option()).isEqualTo(option));
    }
}
