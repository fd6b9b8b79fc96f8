package dev.jmtcp.apps.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.ConfigLoader;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupReportTest {

    @TempDir
    Path directory;

    private static Port port(int index, String name, long mac) {
        return new Port(index, name, new MacAddress(mac), 1500, 0, Capabilities.NONE);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void report_ofConfiguration_hasTheTablesOfMtcp() throws IOException {
        Path main = write("m.conf", """
                io = dpdk
                num_cores = 1
                port = dpdk0 dpdk1
                port.dpdk0.address = 10.0.0.7/24
                port.dpdk1.address = 10.0.1.7/16
                stat_print = dpdk1 dpdk0
                multiprocess = 1
                rcvbuf = 16384
                tcp_timewait = 5
                """);
        Path routes = write("route.conf", "ROUTES 2\n10.5.0.0/16 dpdk1\n10.0.0.254/0 dpdk0\n");
        Path neighbors = write("arp.conf", "ARP_ENTRY 1\n10.0.0.1/32 00:1b:21:8f:1c:d8\n");
        JmtcpConfig config = new ConfigLoader(directory.resolve("cwd"), _ -> List.of(), _ -> {}).load(main);

        assertThat(String.join(
                        "\n",
                        new StartupReport(
                                        config,
                                        List.of(port(0, "dpdk0", 0x02000000000aL), port(1, "dpdk1", 0x02000000000bL)),
                                        8)
                                .lines()))
                .isEqualTo("""
                        ---------------------------------------------------------------------------------
                        Loading mtcp configuration from : %s
                        Loading interface setting
                        Configurations:
                        Number of CPU cores available: 8
                        Number of CPU cores to use: 1
                        Maximum number of concurrency per core: 10000
                        Multi-process support is enabled
                        Maximum number of preallocated buffers per core: 10000
                        Receive buffer size: 16384
                        Send buffer size: 16384
                        TCP timeout seconds: 30
                        TCP timewait seconds: 5
                        NICs to print statistics: dpdk0 dpdk1
                        ---------------------------------------------------------------------------------
                        Interfaces:
                        name: dpdk0, ifindex: 0, hwaddr: 02:00:00:00:00:0A, ipaddr: 10.0.0.7, netmask: 255.255.255.0
                        name: dpdk1, ifindex: 1, hwaddr: 02:00:00:00:00:0B, ipaddr: 10.0.1.7, netmask: 255.255.0.0
                        Number of NIC queues: 1
                        ---------------------------------------------------------------------------------
                        Loading routing configurations from : %s
                        Routes:
                        Destination: 10.0.0.0/24, Mask: 255.255.255.0, Masked: 10.0.0.0, Route: ifdx-0
                        Destination: 10.0.0.0/16, Mask: 255.255.0.0, Masked: 10.0.0.0, Route: ifdx-1
                        Destination: 10.5.0.0/16, Mask: 255.255.0.0, Masked: 10.5.0.0, Route: ifdx-1
                        Destination: 10.0.0.254/0, Mask: 0.0.0.0, Masked: 0.0.0.0, Route: ifdx-0
                        ---------------------------------------------------------------------------------
                        Loading ARP table from : %s
                        ARP Table:
                        IP addr: 10.0.0.1, dst_hwaddr: 00:1B:21:8F:1C:D8
                        ---------------------------------------------------------------------------------""".formatted(main, routes, neighbors));
    }

    @Test
    void report_withoutAnything_saysSo() {
        JmtcpConfig config = JmtcpConfig.parse("num_cores = 1\ntcp_timeout = -1\nport = p");

        assertThat(new StartupReport(config, List.of(port(0, "p", 1)), 1).lines())
                .contains(
                        "TCP timeout check disabled.",
                        "NICs to print statistics:",
                        "name: p, ifindex: 0, hwaddr: 00:00:00:00:00:01, ipaddr: 0.0.0.0, netmask: 0.0.0.0",
                        "(blank)")
                .doesNotContain("Multi-process support is enabled")
                .noneMatch(line -> line.startsWith("Loading mtcp") || line.startsWith("Loading ARP"));
    }
}
