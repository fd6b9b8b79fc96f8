package dev.jmtcp.driver.netmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PortConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetmapOptionsTest {

    @Test
    void of_nothingGiven_hasDefaults() throws InvalidOptionException {
        var options = NetmapOptions.of(Configs.of(PortConfig.of("netmap:eth0"), PortConfig.of("vale0:1")));
        assertThat(options.slots()).isEqualTo(1024);
        assertThat(options.ports())
                .extracting(NetmapOptions.OfPort::name)
                .containsExactly(PortName.parse("eth0"), PortName.parse("vale0:1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "", "vale0", "x{", "eth0*"})
    void of_badPortName_isRefused(String name) {
        assertRefused("port", Configs.of(PortConfig.of(name)));
    }

    @Test
    void of_portNamedTwice_isRefused() {
        assertRefused("port", Configs.of(PortConfig.of("eth0"), PortConfig.of("netmap:eth0")));
    }

    @ParameterizedTest
    @ValueSource(ints = {67, 65_536, -1})
    void of_mtuThatNoPortHas_isRefused(int mtu) {
        assertRefused("port.x{1.mtu", Configs.of(Configs.withMtu("x{1", mtu)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"})
    void of_macOfNoStation_isRefused(String mac) {
        assertRefused("port.vale0:1.mac", Configs.of(Configs.withMac("vale0:1", mac)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"15", "4097", "many"})
    void of_slotsThatNoRingHas_areRefused(String slots) {
        assertRefused("slots", Configs.of(1, Map.of("slots", slots), PortConfig.of("x{1")));
    }

    private static void assertRefused(String option, DriverConfig config) {
        assertThatThrownBy(() -> NetmapOptions.of(config))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        refusal -> assertThat(refusal.option()).isEqualTo(option));
    }
}
