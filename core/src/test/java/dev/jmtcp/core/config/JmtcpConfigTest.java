package dev.jmtcp.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Toeplitz;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JmtcpConfigTest {

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void emptyText_parsed_hasDefaultsOfMtcp() {
        JmtcpConfig config = JmtcpConfig.parse("");

        assertThat(config.io()).isEqualTo("dpdk");
        assertThat(config.numCores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(config.cpus()).isEmpty();
        assertThat(config.numMemChannels()).isZero();
        assertThat(config.ports()).isEmpty();
        assertThat(config.statPrint()).isEmpty();
        assertThat(config.maxConcurrency()).isEqualTo(10_000);
        assertThat(config.maxNumBuffers()).isEqualTo(10_000);
        assertThat(config.multiprocess()).isFalse();
        assertThat(config.onvm()).isEqualTo(Onvm.NONE);
        assertThat(config.tcp()).isEqualTo(TcpConfig.DEFAULT);
        assertThat(config.tcp().receiveBuffer()).isEqualTo(8192);
        assertThat(config.tcp().sendBuffer()).isEqualTo(8192);
        assertThat(config.tcp().idleTimeout()).isEqualTo(seconds(30));
        assertThat(config.tcp().timeWait()).isZero();
        assertThat(config.idle()).isEqualTo(IdleMode.PARK);
        assertThat(config.capture()).isEmpty();
        assertThat(config.rssKey()).isEqualTo(Toeplitz.symmetricKey());
        assertThat(config.seed()).isEmpty();
    }

    @Test
    void everyKeyOfMtcp_parsed_isTaken() {
        JmtcpConfig config = JmtcpConfig.parse("""
                io = netmap
                num_cores = 2
                core_mask = 0000000F0
                num_mem_ch = 4
                port = xge0 xge1
                stat_print = xge1 xge0
                max_concurrency = 16000
                max_num_buffers = 12000
                rcvbuf = 6291456
                sndbuf = 4194304
                tcp_timeout = 12
                tcp_timewait = 5
                multiprocess = 1
                onvm_serv = 1
                onvm_inst = 7
                onvm_dest = 2
                cc = reno
                """);

        assertThat(config.io()).isEqualTo("netmap");
        assertThat(config.numCores()).isEqualTo(2);
        assertThat(config.cpus()).containsExactly(4, 5, 6, 7);
        assertThat(config.numMemChannels()).isEqualTo(4);
        assertThat(config.ports()).containsExactly("xge0", "xge1");
        assertThat(config.statPrint()).containsExactly("xge1", "xge0");
        assertThat(config.maxConcurrency()).isEqualTo(16_000);
        assertThat(config.maxNumBuffers()).isEqualTo(12_000);
        assertThat(config.tcp().receiveBuffer()).isEqualTo(6_291_456);
        assertThat(config.tcp().sendBuffer()).isEqualTo(4_194_304);
        assertThat(config.tcp().idleTimeout()).isEqualTo(seconds(12));
        assertThat(config.tcp().timeWait()).isEqualTo(seconds(5));
        assertThat(config.multiprocess()).isTrue();
        assertThat(config.onvm()).isEqualTo(new Onvm(OptionalInt.of(7), OptionalInt.of(1), OptionalInt.of(2)));
        assertThat(config.tcp().congestion()).isEqualTo(CongestionAlgorithm.NEWRENO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rcvbuf=4096",
                "rcvbuf = 4096",
                "rcvbuf 4096",
                "rcvbuf\t4096",
                "  rcvbuf\t=\t4096  ",
                "rcvbuf == 4096",
                "= rcvbuf 4096",
                "rcvbuf = 4096 # bytes",
                "rcvbuf = 4096#bytes",
                "rcvbuf = 4096\r",
                "rcvbuf = 4096 bytes",
                "rcvbuf = 4k",
                "#rcvbuf = 1\n\n   \t\nrcvbuf = 4096",
                "rcvbuf = 100\nrcvbuf = 4096"
            })
    void line_separatedAsInMtcp_isTaken(String text) {
        assertThat(JmtcpConfig.parse(text).tcp().receiveBuffer()).isEqualTo(4096);
    }

    @Test
    void rcvbufAlone_given_sndbufEqualsIt() {
        TcpConfig tcp = JmtcpConfig.parse("rcvbuf = 16384").tcp();

        assertThat(tcp.sendBuffer()).isEqualTo(16384);
        assertThat(tcp.receiveBuffer()).isEqualTo(16384);
    }

    @Test
    void sndbufAlone_given_rcvbufEqualsIt() {
        TcpConfig tcp = JmtcpConfig.parse("sndbuf = 2048").tcp();

        assertThat(tcp.sendBuffer()).isEqualTo(2048);
        assertThat(tcp.receiveBuffer()).isEqualTo(2048);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "off"})
    void tcpTimeout_off_isZero(String value) {
        assertThat(JmtcpConfig.parse("tcp_timeout = " + value).tcp().idleTimeout())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "30,30000000000",
        "30s,30000000000",
        "200ms,200000000",
        "1.5s,1500000000",
        "2m,120000000000",
        "1h,3600000000000"
    })
    void duration_withAndWithoutUnit_isNanoseconds(String text, long nanos) {
        assertThat(JmtcpConfig.parse("keepalive_time = " + text).tcp().keepaliveTime())
                .isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"64,64", "64k,65536", "1M,1048576", "1g,1073741824"})
    void size_withAndWithoutUnit_isBytes(String text, int bytes) {
        assertThat(JmtcpConfig.parse("rcvbuf = " + text).tcp().receiveBuffer()).isEqualTo(bytes);
    }

    @Test
    void keysOfStackAndTcp_parsed_areTaken() {
        JmtcpConfig config = JmtcpConfig.parse("""
                idle = spin
                burst = 16
                capture = traces/run 1.pcapng
                rss_key = %s
                seed = 0x2a
                initial_window = 4
                sack = off
                recovery = sack
                tlp = off
                frto = off
                hystart = off
                timestamps = no
                window_scaling = false
                nagle = 0
                delayed_ack = 0
                initial_rto = 500ms
                min_rto = 10ms
                max_rto = 60s
                max_retries = 5
                syn_retries = 3
                synack_retries = 0
                keepalive = on
                keepalive_time = 10
                keepalive_interval = 1s
                keepalive_probes = 2
                fin_wait2_timeout = 5s
                challenge_acks = 7
                ecn = on
                syn_cookies = always
                ttl = 3
                local_ports = 30000-30009
                """.formatted("6d5a".repeat(20)));

        assertThat(config.idle()).isEqualTo(IdleMode.SPIN);
        assertThat(config.burst()).isEqualTo(16);
        assertThat(config.capture()).contains(Path.of("traces/run 1.pcapng"));
        assertThat(config.rssKey()).hasSize(40).startsWith(0x6d, 0x5a).endsWith(0x6d, 0x5a);
        assertThat(config.seed()).isEqualTo(OptionalLong.of(42));
        assertThat(config.tcp())
                .isEqualTo(new TcpConfig(
                        8192,
                        8192,
                        seconds(30),
                        0,
                        CongestionAlgorithm.CUBIC,
                        4,
                        false,
                        false,
                        false,
                        false,
                        false,
                        false,
                        false,
                        false,
                        0,
                        500_000_000,
                        10_000_000,
                        seconds(60),
                        5,
                        3,
                        0,
                        true,
                        seconds(10),
                        seconds(1),
                        2,
                        seconds(5),
                        7,
                        EcnMode.ON,
                        SynCookieMode.ALWAYS,
                        3,
                        30000,
                        30009));
    }

    @Test
    void portKeys_parsed_belongToTheirPort() {
        JmtcpConfig config = JmtcpConfig.parse("""
                port.eth0.100.address = 10.0.0.1/24, 10.0.1.1/16
                port.eth0.100.address = 192.168.0.1/31
                io = sim
                port = eth0.100 eth1
                port.eth0.100.gateway = 10.0.0.254
                port.eth0.100.mac = 02:00:00:00:00:01
                port.eth0.100.mtu = 9000
                port.eth0.100.link.loss = 1%
                """);

        PortSettings port = config.port("eth0.100");
        assertThat(port.addresses())
                .containsExactly(Cidr.parse("10.0.0.1/24"), Cidr.parse("10.0.1.1/16"), Cidr.parse("192.168.0.1/31"));
        assertThat(port.gateway()).contains(Cidr.parseAddress("10.0.0.254"));
        assertThat(port.mac()).contains(new MacAddress(0x02_00_00_00_00_01L));
        assertThat(port.mtu()).hasValue(9000);
        assertThat(port.options()).isEqualTo(Map.of("link.loss", "1%"));
        assertThat(config.port("eth1")).isEqualTo(PortSettings.of("eth1"));
        assertThat(config.routes())
                .containsExactly(new StaticRoute(
                        Cidr.parse("0.0.0.0/0"), Optional.of(Cidr.parseAddress("10.0.0.254")), "eth0.100"));
    }

    @Test
    void driverOptions_parsed_keepTheirEqualsSignsAndWords() {
        JmtcpConfig config = JmtcpConfig.parse("dpdk.eal_args = --vdev=net_pcap0,iface=x  --no-pci\nsim.loss = 1%");

        assertThat(config.driverOptions("dpdk")).isEqualTo(Map.of("eal_args", "--vdev=net_pcap0,iface=x  --no-pci"));
        assertThat(config.driverOptions("sim")).isEqualTo(Map.of("loss", "1%"));
        assertThat(config.driverOptions("tap")).isEmpty();
    }

    @Test
    void allPorts_listed_anyPortMayHaveSettings() {
        JmtcpConfig config = JmtcpConfig.parse("port = all\nstat_print = all\nport.a.b.address = 10.0.0.1/24");

        assertThat(config.allPorts()).isTrue();
        assertThat(config.printsStatistics("whatever")).isTrue();
        assertThat(config.addresses("a.b")).containsExactly(Cidr.parse("10.0.0.1/24"));
    }

    @Test
    void coreMaskAlone_given_countsTheCores() {
        JmtcpConfig config = JmtcpConfig.parse("core_mask = 0x5");

        assertThat(config.numCores()).isEqualTo(2);
        assertThat(config.cpus()).containsExactly(0, 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rcvbuff = 1                    | config:1: rcvbuff: unknown key; expected rcvbuf
            tcp_timwait = 1                | config:1: tcp_timwait: unknown key; expected one of tcp_timewait, tcp_timeout
            io                             | config:1: io: no value; expected key = value
            =                              | config:1: no key; expected key = value
            rcvbuf = 63                    | config:1: rcvbuf: bad value '63'; expected a size in bytes from 64 to 1g: 8192, 64k, 1m
            rcvbuf = 2g                    | config:1: rcvbuf: bad value '2g'; expected a size in bytes from 64 to 1g: 8192, 64k, 1m
            rcvbuf = many                  | config:1: rcvbuf: bad value 'many'; expected a size in bytes from 64 to 1g: 8192, 64k, 1m
            num_cores = 0                  | config:1: num_cores: bad value '0'; expected a number from 1 to 1024
            max_concurrency = -1           | config:1: max_concurrency: bad value '-1'; expected a number of connections from 1 to 67108864
            tcp_timeout = -2               | config:1: tcp_timeout: bad value '-2'; expected a duration from 1ms to 240h: 30, 30s, 200ms; -1 or 0 or off for off
            cc = vegas                     | config:1: cc: bad value 'vegas'; expected one of cubic, newreno, reno
            idle = sleep                   | config:1: idle: bad value 'sleep'; expected one of park, spin, yield
            core_mask = xyz                | config:1: core_mask: bad value 'xyz'; expected a mask of CPUs in hexadecimal: f0 for CPUs 4 to 7
            rss_key = 0505                 | config:1: rss_key: bad value '0505'; expected at least 40 bytes in hexadecimal, with or without colons
            sack = on off                  | config:1: sack: bad value 'on off'; expected on or off
            local_ports = 9-8              | config:1: local_ports: bad value '9-8'; expected a range of ports from 1 to 65535: 1025-65535
            delayed_ack = 501ms            | config:1: delayed_ack: bad value '501ms'; expected a duration from 0 to 500ms: 30, 30s, 200ms; off for off
            port.x.address = 10.0.0.1/24   | config:1: port.x.address: 'x' is not among the ports that 'port' lists; expected port = x too
            port.address = 10.0.0.1/24     | config:1: port.address: unknown key; expected port.<name>.<key>, such as port.dpdk0.address
            """)
    void wrongLine_parsed_saysWhereAndWhatIsExpected(String line, String message) {
        assertThatThrownBy(() -> JmtcpConfig.parse(line))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address = 10.0.0.1",
                "address = 10.0.0.1/33",
                "address = 10.0.0.0/24",
                "address = 10.0.0.255/24",
                "address = 127.0.0.1/8",
                "address = 224.0.0.1/24",
                "address = 0.0.0.0/0",
                "address = 10.0.0.256/24",
                "address = host/24",
                "address = fd00::1/64",
                "gateway = 10.0.0",
                "gateway = 255.255.255.255",
                "mac = ff:ff:ff:ff:ff:ff",
                "mac = 01:00:00:00:00:01",
                "mac = 02:00:00",
                "mtu = 575",
                "mtu = 65536"
            })
    void wrongPortValue_parsed_isRefused(String setting) {
        String key = setting.substring(0, setting.indexOf(' '));
        assertThatThrownBy(() -> JmtcpConfig.parse("port = p\n\nport.p." + setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("config:3: port.p." + key + ": bad value '");
    }

    @Test
    void wrongPortName_parsed_suggestsTheListedOne() {
        assertThatThrownBy(() -> JmtcpConfig.parse("port = dpdk0 xge1\nport.dpkd0.mtu = 9000"))
                .hasMessage(
                        "config:2: port.dpkd0.mtu: 'dpkd0' is not among the ports that 'port' lists; expected dpdk0");
    }

    @Test
    void moreCoresThanMask_parsed_isRefused() {
        assertThatThrownBy(() -> JmtcpConfig.parse("num_cores = 3\ncore_mask = 3"))
                .hasMessage("config:1: num_cores: more cores than core_mask has CPUs; expected at most 2,"
                        + " or a core_mask with more bits");
    }

    @Test
    void minRtoAboveMaxRto_parsed_namesTheLine() {
        assertThatThrownBy(() -> JmtcpConfig.parse("\nmin_rto = 10s\nmax_rto = 5s"))
                .hasMessage("config:2: min_rto: longer than max_rto; expected min_rto at most max_rto");
    }

    @Test
    void exception_asked_tellsItsParts() {
        assertThatThrownBy(() -> JmtcpConfig.parse("\nsack = perhaps"))
                .isInstanceOfSatisfying(ConfigException.class, e -> {
                    assertThat(e.file()).isEqualTo("config");
                    assertThat(e.line()).isEqualTo(2);
                    assertThat(e.key()).isEqualTo("sack");
                    assertThat(e.problem()).isEqualTo("bad value 'perhaps'");
                    assertThat(e.expected()).isEqualTo("on or off");
                });
    }

    @Test
    void with_anotherValue_replacesItAndKeepsTheRest() {
        JmtcpConfig config = JmtcpConfig.parse("port = p\nport.p.gateway = 10.0.0.9\nrcvbuf = 100\nnum_cores = 1");

        JmtcpConfig changed = config.with("rcvbuf", "200").with("num_cores", "2");

        assertThat(changed.tcp().receiveBuffer()).isEqualTo(200);
        assertThat(changed.numCores()).isEqualTo(2);
        assertThat(changed.routes()).isEqualTo(config.routes());
        assertThat(config.tcp().receiveBuffer()).isEqualTo(100);
        assertThat(changed.setting("rcvbuf")).contains(new Setting("rcvbuf", "200", "", 0));
        assertThatThrownBy(() -> config.with("rcvbuf", "x")).hasMessageStartingWith("rcvbuf: bad value 'x'; expected");
    }

    @Test
    void tcpWith_keyOfAnotherGroup_isRefused() {
        assertThat(TcpConfig.DEFAULT.with("rcvbuf", "1k"))
                .extracting(TcpConfig::receiveBuffer, TcpConfig::sendBuffer)
                .containsExactly(1024, 8192);
        assertThatThrownBy(() -> TcpConfig.DEFAULT.with("num_cores", "1")).isInstanceOf(ConfigException.class);
    }

    @Test
    void addresses_ofPortWithout_saysWhatToWrite() {
        JmtcpConfig config = JmtcpConfig.parse("port = p q\nport.p.address = 10.0.0.1/24");

        assertThat(config.addresses("p")).containsExactly(Cidr.parse("10.0.0.1/24"));
        assertThatThrownBy(() -> config.addresses("q"))
                .hasMessage("config:1: port: port q has no address;"
                        + " expected a line like port.q.address = 10.0.0.1/24");
    }

    @Test
    void rssKey_changedOutside_staysTheSame() {
        JmtcpConfig config = JmtcpConfig.parse("");

        config.rssKey()[0] = 99;

        assertThat(config.rssKey()).isEqualTo(Toeplitz.symmetricKey());
    }

    @Test
    void record_collectionsGiven_areImmutable() {
        JmtcpConfig config = JmtcpConfig.parse("port = p\nport.p.mtu = 9000");

        assertThatThrownBy(() -> config.ports().add("q")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.portSettings().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(List.of(
                        config.settings().getFirst().line(),
                        config.settings().getLast().line()))
                .containsExactly(1, 2);
    }
}
