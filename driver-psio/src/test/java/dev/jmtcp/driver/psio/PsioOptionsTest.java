package dev.jmtcp.driver.psio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PortConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PsioOptionsTest {

    private static final PortConfig PORT = PortConfig.of("xge0");

    @Test
    void of_nothingGiven_hasDefaults() throws InvalidOptionException {
        var options = PsioOptions.of(Configs.of(PORT));
        assertThat(options.queues()).isEmpty();
        assertThat(options.slice()).isEqualTo(100_000);
        assertThat(options.slowPath()).isTrue();
    }

    @Test
    void of_allGiven_hasThem() throws InvalidOptionException {
        var options =
                PsioOptions.of(Configs.of(1, Map.of("queues", "4", "select_timeout", "1ms", "slow_path", "off"), PORT));
        assertThat(options.queues()).hasValue(4);
        assertThat(options.slice()).isEqualTo(1_000_000);
        assertThat(options.slowPath()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "queues, 0",
        "queues, 65",
        "queues, many",
        "select_timeout, 0",
        "select_timeout, 999ns",
        "select_timeout, 1.1s",
        "slow_path, maybe"
    })
    void of_badValue_isRefusedNamingIt(String name, String value) {
        assertRefused(name, Configs.of(1, Map.of(name, value), PORT));
    }

    @Test
    void of_portNamedTwice_isRefused() {
        assertRefused("port", Configs.of(PORT, PORT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.6.32", "2.6.38", "2.6.32-431.el6.x86_64"})
    void notInstalled_kernelOfTheEngine_saysHowToBuildIt(String kernel) {
        assertThat(Machine.notInstalled(kernel).reason()).contains("/dev/packet_shader", "ps_ixgbe", "82599");
        assertThat(Machine.notInstalled(kernel).remedy()).contains("install.py");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.6.31", "2.6.39", "3.2.0", "6.1.0-18-amd64", "2.6"})
    void notInstalled_otherKernel_saysThatItNeverWill(String kernel) {
        assertThat(Machine.notInstalled(kernel).reason())
                .contains("2.6.32 to 2.6.38", "this kernel is " + kernel)
                .doesNotContain("\n");
        assertThat(Machine.notInstalled(kernel).remedy()).contains("io = dpdk");
    }

    private static void assertRefused(String option, DriverConfig config) {
        assertThatThrownBy(() -> PsioOptions.of(config))
                .isInstanceOfSatisfying(InvalidOptionException.class, refusal -> {
                    assertThat(refusal.option()).isEqualTo(option);
                    assertThat(refusal.accepted()).isNotBlank();
                });
    }
}
