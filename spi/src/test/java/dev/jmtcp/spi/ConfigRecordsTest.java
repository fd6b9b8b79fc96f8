package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DriverConfig, PortConfig and PortStatistics keep what they are given, in their own copies, and refuse what cannot be. */
class ConfigRecordsTest {

    private static final byte[] KEY = Toeplitz.symmetricKey();

    @Test
    void driverConfig_argumentsChangedLater_changeNothing() {
        byte[] key = KEY.clone();
        var ports = new ArrayList<>(List.of(PortConfig.of("a")));
        var options = new HashMap<>(Map.of("x", "1"));
        var config = new DriverConfig(1, ports, options, key, () -> 42);
        Arrays.fill(key, (byte) 0);
        ports.clear();
        options.clear();
        Arrays.fill(config.rssKey(), (byte) 0);

        assertThat(config.rssKey()).isEqualTo(KEY);
        assertThat(config.ports()).containsExactly(PortConfig.of("a"));
        assertThat(config.options()).containsExactly(Map.entry("x", "1"));
        assertThat(config.clock().getAsLong()).isEqualTo(42);
    }

    @Test
    void driverConfig_noQueueOrShortKey_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DriverConfig(0, List.of(), Map.of(), KEY, () -> 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DriverConfig(1, List.of(), Map.of(), new byte[39], () -> 0));
    }

    @Test
    void portConfig_ofName_leavesAllToTheDevice() {
        var port = PortConfig.of("eth0");

        assertThat(port.name()).isEqualTo("eth0");
        assertThat(port.mac()).isEmpty();
        assertThat(port.mtu()).isEmpty();
        assertThat(port.options()).isEmpty();
    }

    @Test
    void portStatistics_drops_areSortedWithoutZeroesAndSummed() {
        var drops = new HashMap<>(Map.of("rx ring full", 3L, "bad frame", 4L, "never", 0L));
        var statistics = new PortStatistics(1, 60, 2, 120, drops);
        drops.clear();

        assertThat(statistics.drops()).containsExactly(Map.entry("bad frame", 4L), Map.entry("rx ring full", 3L));
        assertThat(statistics.dropped()).isEqualTo(7);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> statistics.drops().put("more", 1L));
    }

    @Test
    void portStatistics_zero_hasLostNothing() {
        assertThat(PortStatistics.ZERO.dropped()).isZero();
        assertThat(PortStatistics.ZERO).isEqualTo(new PortStatistics(0, 0, 0, 0, Map.of("unused", 0L)));
    }
}
