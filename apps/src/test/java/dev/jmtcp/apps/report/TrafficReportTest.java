package dev.jmtcp.apps.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.PortStatistics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficReportTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void lines_perSecond_areThoseOfMtcp() {
        var report = new TrafficReport(List.of("dpdk0", "dpdk1"), List.of("dpdk0"), 0);
        var idle = new PortTraffic(7, 7, 7, 7, 7);

        assertThat(report.lines(
                        List.of(
                                new CoreTraffic(
                                        0, 12, List.of(new PortTraffic(1000, 1, 125_000_000, 900, 1_250_000), idle)),
                                new CoreTraffic(10, 3, List.of(new PortTraffic(24, 0, 0, 100, 0), idle))),
                        SECOND))
                .containsExactly(
                        "[CPU 0] dpdk0 flows:     12, RX:    1000(pps) (err:     1),  1.00(Gbps), TX:     900(pps),  0.01(Gbps)",
                        "[CPU10] dpdk0 flows:      3, RX:      24(pps) (err:     0),  0.00(Gbps), TX:     100(pps),  0.00(Gbps)",
                        "[ ALL ] dpdk0 flows:     15, RX:    1024(pps) (err:     1),  1.00(Gbps), TX:    1000(pps),  0.01(Gbps)");
    }

    @Test
    void lines_laterCall_tellOfTheTimeSinceTheCallBefore() {
        var report = new TrafficReport(List.of("p"), List.of("p"), 0);
        report.lines(List.of(new CoreTraffic(0, 1, List.of(new PortTraffic(100, 0, 1000, 50, 500)))), SECOND);

        assertThat(report.lines(
                        List.of(new CoreTraffic(0, 2, List.of(new PortTraffic(300, 4, 250_001_000, 150, 500)))),
                        3 * SECOND))
                .containsExactly(
                        "[CPU 0] p flows:      2, RX:     100(pps) (err:     2),  1.00(Gbps), TX:      50(pps),  0.00(Gbps)",
                        "[ ALL ] p flows:      2, RX:     100(pps) (err:     2),  1.00(Gbps), TX:      50(pps),  0.00(Gbps)");
    }

    @Test
    void lines_noPortToPrint_areNone() {
        var report = new TrafficReport(List.of("p"), List.of(), 0);

        assertThat(report.lines(List.of(new CoreTraffic(0, 1, List.of(PortTraffic.NONE))), SECOND))
                .isEmpty();
    }

    @Test
    void traffic_ofStatistics_countsWhatIsOnTheWire() {
        var statistics = new PortStatistics(2, 120, 3, 3000, Map.of("rx ring full", 4L));

        assertThat(PortTraffic.of(statistics, 4)).isEqualTo(new PortTraffic(2, 4, 168, 3, 3072));
    }
}
