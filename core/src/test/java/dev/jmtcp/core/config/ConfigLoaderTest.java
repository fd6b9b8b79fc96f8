package dev.jmtcp.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    private static final String CONFIG = "io = sim\nport = dpdk0\nport.dpdk0.address = 10.0.0.7/24\nnum_cores = 1\n";

    @TempDir
    Path directory;

    private final List<String> warnings = new ArrayList<>();
    private Path workingDirectory;
    private Path configDirectory;
    private ConfigLoader loader;

    @BeforeEach
    void create() throws IOException {
        workingDirectory = Files.createDirectories(directory.resolve("cwd"));
        configDirectory = Files.createDirectories(directory.resolve("etc"));
        loader = new ConfigLoader(
                workingDirectory,
                name -> name.equals("dpdk0") ? List.of(Cidr.parse("172.16.0.9/16")) : List.of(),
                warnings::add);
    }

    private JmtcpConfig load(String text) throws IOException {
        return loader.load(Files.writeString(configDirectory.resolve("my.conf"), text));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static StaticRoute onLink(String destination, String port) {
        return new StaticRoute(Cidr.parse(destination), Optional.empty(), port);
    }

    @Test
    void load_withoutOtherFiles_hasNoRoutesNorNeighbors() throws IOException {
        JmtcpConfig config = load(CONFIG);

        assertThat(config.routes()).isEmpty();
        assertThat(config.neighbors()).isEmpty();
        assertThat(config.setting("io"))
                .contains(new Setting(
                        "io", "sim", configDirectory.resolve("my.conf").toString(), 1));
        assertThat(warnings).isEmpty();
    }

    @Test
    void load_filesInConfigOfWorkingDirectory_areReadFirst() throws IOException {
        write(workingDirectory.resolve("config/route.conf"), "ROUTES 1\n10.1.0.0/16 dpdk0\n");
        write(configDirectory.resolve("config/route.conf"), "ROUTES 1\n10.2.0.0/16 dpdk0\n");
        write(configDirectory.resolve("config/arp.conf"), "ARP_ENTRY 1\n10.0.0.1/32 02:00:00:00:00:01\n");
        write(configDirectory.resolve("arp.conf"), "ARP_ENTRY 1\n10.0.0.2/32 02:00:00:00:00:02\n");

        JmtcpConfig config = load(CONFIG);

        assertThat(config.routes()).containsExactly(onLink("10.1.0.0/16", "dpdk0"));
        assertThat(config.neighbors())
                .containsExactly(new StaticNeighbor(Cidr.parse("10.0.0.1/32"), new MacAddress(0x020000000001L)));
    }

    @Test
    void load_filesBesideTheMainFile_areFound() throws IOException {
        write(configDirectory.resolve("route.conf"), "ROUTES 1\n10.2.0.0/16 dpdk0\n");

        JmtcpConfig config = load(CONFIG);

        assertThat(config.routes()).containsExactly(onLink("10.2.0.0/16", "dpdk0"));
        assertThat(config.files())
                .isEqualTo(new ConfigFiles(
                        Optional.of(configDirectory.resolve("my.conf")),
                        Optional.of(configDirectory.resolve("route.conf")),
                        Optional.empty()));
        assertThat(JmtcpConfig.parse("").files()).isEqualTo(ConfigFiles.NONE);
    }

    @Test
    void load_filesNamed_areReadInstead() throws IOException {
        write(workingDirectory.resolve("config/route.conf"), "ROUTES 1\n10.1.0.0/16 dpdk0\n");
        write(configDirectory.resolve("r.conf"), "ROUTES 1\n10.3.0.0/16 dpdk0\n");
        write(workingDirectory.resolve("a.conf"), "ARP_ENTRY 1\n10.0.0.0/24 02:00:00:00:00:01\n");

        JmtcpConfig config = load(CONFIG + "route_file = r.conf\narp_file = a.conf\n");

        assertThat(config.routes()).containsExactly(onLink("10.3.0.0/16", "dpdk0"));
        assertThat(config.neighbors())
                .containsExactly(new StaticNeighbor(Cidr.parse("10.0.0.0/24"), new MacAddress(0x020000000001L)));
    }

    @Test
    void load_namedFileMissing_namesTheLine() {
        assertThatThrownBy(() -> load("num_cores = 1\nroute_file = nowhere.conf"))
                .hasMessageEndingWith("my.conf:2: route_file: no file nowhere.conf; expected an existing file");
    }

    @Test
    void load_fileMissing_saysSo() {
        assertThatThrownBy(() -> loader.load(directory.resolve("none.conf")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("none.conf: no such file; expected a readable file");
    }

    @Test
    void load_mtcpDriverWithoutAddress_takesTheKernelInterfaces() throws IOException {
        assertThat(load("io = dpdk\nnum_cores = 1\nport = dpdk0").addresses("dpdk0"))
                .containsExactly(Cidr.parse("172.16.0.9/16"));
        assertThat(load("io = dpdk\nnum_cores = 1\nport = dpdk0\nport.dpdk0.address = 10.0.0.1/8")
                        .addresses("dpdk0"))
                .containsExactly(Cidr.parse("10.0.0.1/8"));
        assertThat(load("io = sim\nnum_cores = 1\nport = dpdk0").port("dpdk0").addresses())
                .isEmpty();
    }

    @Test
    void load_moreCoresThanCpus_warns() throws IOException {
        assertThat(load("num_cores = 1024").numCores()).isEqualTo(1024);
        assertThat(warnings).singleElement().asString().startsWith("num_cores is 1024, but this machine has ");
    }

    @Test
    void load_wordAfterScalar_warnsAndIgnoresItAsMtcp() throws IOException {
        assertThat(load("num_cores = 1\nmultiprocess = 0 master").multiprocess())
                .isFalse();
        assertThat(warnings)
                .singleElement()
                .asString()
                .endsWith("my.conf:2: multiprocess: 'master' has no effect: only the first word counts");
    }

    @Test
    void routeFile_gatewayAndForeignPorts_areReadAsMtcpDoes() {
        List<StaticRoute> routes = RouteFile.parse("route.conf", """
                # w.x.y.z/0 dpdk0
                ROUTES 4
                # between entries
                10.0.0.1/24 dpdk0   # the bits after the prefix do not count

                10.0.1.1/24\tdpdk1
                10.9.0.0/16 dpdk7
                10.0.0.10/0 dpdk0
                10.5.0.0/16 dpdk0
                """, List.of("dpdk0", "dpdk1"), warnings::add);

        assertThat(routes)
                .containsExactly(
                        onLink("10.0.0.0/24", "dpdk0"),
                        onLink("10.0.1.0/24", "dpdk1"),
                        new StaticRoute(Cidr.parse("0.0.0.0/0"), Optional.of(Cidr.parseAddress("10.0.0.10")), "dpdk0"));
        assertThat(warnings)
                .containsExactly(
                        "route.conf:7: '10.9.0.0/16 dpdk7' has no effect: port dpdk7 is not in use",
                        "route.conf:9: '10.5.0.0/16 dpdk0' has no effect: more lines than line 2 says");
    }

    @Test
    void routeFile_withoutPortForOnlyOne_goesByIt() {
        assertThat(RouteFile.parse("r", "ROUTES 1\n10.0.0.0/8", List.of("em1"), warnings::add))
                .containsExactly(onLink("10.0.0.0/8", "em1"));
    }

    @Test
    void routeFile_countMissingOrZeroOrTooLarge_isHandledAsMtcpDoes() {
        assertThat(RouteFile.parse("r", "10.0.0.0/8 p", List.of("p"), warnings::add))
                .isEmpty();
        assertThat(RouteFile.parse("r", "ROUTES 0\n10.0.0.0/8 p", List.of("p"), warnings::add))
                .isEmpty();
        assertThat(RouteFile.parse("r", "ROUTES 3\n10.0.0.0/8 p", List.of("p"), warnings::add))
                .hasSize(1);
        assertThat(warnings)
                .containsExactly(
                        "r:1: '10.0.0.0/8 p' has no effect: no ROUTES line before it",
                        "r:1: 2 routes fewer than announced");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0 p", "10.0.0.0/33 p", "10.0.0.0/8", "10.0.0.0/8 p q", "x/8 p"})
    void routeFile_malformedEntry_isRefused(String entry) {
        assertThatThrownBy(() -> RouteFile.parse("r", "ROUTES 1\n" + entry, List.of("p", "q"), warnings::add))
                .hasMessage("r:2: bad route '" + entry
                        + "'; expected an IPv4 address, a slash, a prefix length and a port: 10.0.0.0/24 dpdk0");
    }

    @Test
    void routeFile_twoDefaultGateways_areRefused() {
        assertThatThrownBy(
                        () -> RouteFile.parse("r", "ROUTES 2\n10.0.0.1/0 p\n10.0.0.2/0 p", List.of("p"), warnings::add))
                .hasMessage("r:3: a second default gateway; expected one, that of line 2 or this");
    }

    @Test
    void routeFile_badCount_isRefused() {
        assertThatThrownBy(() -> RouteFile.parse("r", "ROUTES many", List.of("p"), warnings::add))
                .hasMessage("r:1: bad count 'many'; expected ROUTES and the number of entries that follow");
    }

    @Test
    void arpFile_entries_areRead() {
        assertThat(ArpFile.parse(
                        "a", "# static\n\nARP_ENTRY 2\n10.1.0.21/32 00:1b:21:8f:1c:d8 #ice2\n10.0.0.9/8 2:0:0:0:0:1"))
                .containsExactly(
                        new StaticNeighbor(Cidr.parse("10.1.0.21/32"), new MacAddress(0x001b218f1cd8L)),
                        new StaticNeighbor(Cidr.parse("10.0.0.0/8"), new MacAddress(0x020000000001L)));
        assertThat(ArpFile.parse("a", "")).isEmpty();
    }

    @Test
    void arpFile_moreEntriesThanAnnounced_isRefusedAsMtcpDoes() {
        assertThatThrownBy(() -> ArpFile.parse("a", "ARP_ENTRY 1\n10.0.0.1/32 2:0:0:0:0:1\n10.0.0.2/32 2:0:0:0:0:2"))
                .hasMessage("a:3: more entries than ARP_ENTRY says; expected 1 entries, or a larger number in line 1");
        assertThatThrownBy(() -> ArpFile.parse("a", "10.0.0.1/32 2:0:0:0:0:1"))
                .hasMessage("a:1: an entry before ARP_ENTRY; expected ARP_ENTRY and the number of entries first");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1 2:0:0:0:0:1",
                "10.0.0.1/32",
                "10.0.0.1/32 2:0:0:0:0",
                "10.0.0.1/32 2:0:0:0:0:1:7",
                "10.0.0.1/32 x y"
            })
    void arpFile_malformedEntry_isRefused(String entry) {
        assertThatThrownBy(() -> ArpFile.parse("a", "ARP_ENTRY 1\n" + entry))
                .hasMessageStartingWith("a:2: bad entry '" + entry + "'; expected an address, a slash");
    }
}
