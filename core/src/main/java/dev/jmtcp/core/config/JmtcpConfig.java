package dev.jmtcp.core.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a stack is started with: {@code mtcp.conf}, {@code route.conf} and {@code arp.conf}, read and checked. Immutable.
 *
 * <p>Whether the driver exists and takes its options is not known here; who opens the driver checks that.
 *
 * @param io the driver's name
 * @param numCores how many cores to run
 * @param cpus the CPUs that cores run on, in order; empty for any
 * @param numMemChannels memory channels, for DPDK
 * @param ports the ports to open, in order; {@code all} for every port there is
 * @param portSettings what is said of ports, by name; see {@link #port}
 * @param statPrint the ports whose statistics are printed; may hold {@code all}
 * @param maxConcurrency the most connections and socket ids of a core
 * @param maxNumBuffers the most receive buffers, and send buffers, of a core
 * @param multiprocess whether several processes share a port
 * @param onvm the place among openNetVM's network functions
 * @param tcp what is said of TCP
 * @param idle what a core does with nothing to do
 * @param burst the most frames taken from a port in one turn
 * @param capture the pcapng file to record all frames to
 * @param faults the faults to inject
 * @param rssKey the Toeplitz key; copied in and out
 * @param seed makes chance repeatable; empty for secure chance
 * @param routes static routes: those of {@code route.conf}, then the ports' gateways
 * @param neighbors static neighbours
 * @param settings all that was set, as written, in order
 * @param files where it was read from
 */
public record JmtcpConfig(
        String io,
        int numCores,
        List<Integer> cpus,
        int numMemChannels,
        List<String> ports,
        Map<String, PortSettings> portSettings,
        List<String> statPrint,
        int maxConcurrency,
        int maxNumBuffers,
        boolean multiprocess,
        Onvm onvm,
        TcpConfig tcp,
        IdleMode idle,
        int burst,
        Optional<Path> capture,
        FaultConfig faults,
        byte[] rssKey,
        OptionalLong seed,
        List<StaticRoute> routes,
        List<StaticNeighbor> neighbors,
        List<Setting> settings,
        ConfigFiles files) {

    public JmtcpConfig {
        cpus = List.copyOf(cpus);
        ports = List.copyOf(ports);
        portSettings = Map.copyOf(portSettings);
        statPrint = List.copyOf(statPrint);
        rssKey = rssKey.clone();
        routes = withGateways(routes, ports, portSettings);
        neighbors = List.copyOf(neighbors);
        settings = List.copyOf(settings);
    }

    /**
     * Reads a configuration that stands in no file; {@code route.conf} and {@code arp.conf} are not looked for.
     *
     * @throws ConfigException if it is wrong
     */
    public static JmtcpConfig parse(String text) {
        return new ConfigLoader().parse(text);
    }

    /**
     * This with one setting more, as if it stood at the end of the file.
     *
     * @throws ConfigException if there is no such key or it does not take the value
     */
    public JmtcpConfig with(String key, String value) {
        List<Setting> more = new ArrayList<>(settings);
        more.add(new Setting(key, value, "", 0));
        return new ConfigDraft(more).build(more, routes, neighbors, files);
    }

    /** The Toeplitz key, a copy. */
    @Override
    public byte[] rssKey() {
        return rssKey.clone();
    }

    /** What is said of a port; of one that is nowhere mentioned, nothing. */
    public PortSettings port(String name) {
        return portSettings.getOrDefault(name, PortSettings.of(name));
    }

    /** Whether every port there is was asked for. */
    public boolean allPorts() {
        return ports.contains(ConfigDraft.ALL);
    }

    /** Whether the statistics of a port are to be printed. */
    public boolean printsStatistics(String port) {
        return statPrint.contains(port) || statPrint.contains(ConfigDraft.ALL);
    }

    /**
     * The addresses of a port.
     *
     * @throws ConfigException if it has none
     */
    public List<Cidr> addresses(String port) {
        List<Cidr> addresses = port(port).addresses();
        if (addresses.isEmpty()) {
            String file = setting("port").map(Setting::file).orElse("");
            int line = setting("port").map(Setting::line).orElse(0);
            throw new ConfigException(
                    file,
                    line,
                    "port",
                    "port " + port + " has no address",
                    "a line like port." + port + ".address = 10.0.0.1/24");
        }
        return addresses;
    }

    /** The setting of a key that counts: the last one. */
    public Optional<Setting> setting(String key) {
        return settings.reversed().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst();
    }

    /** What is given for a driver's options: the settings {@code <driver>.<option>}, by option. */
    public Map<String, String> driverOptions(String driver) {
        Map<String, String> options = new LinkedHashMap<>();
        for (Setting setting : settings) {
            if (setting.key().startsWith(driver + ".")) {
                options.put(setting.key().substring(driver.length() + 1), setting.value());
            }
        }
        return options;
    }

    private static List<StaticRoute> withGateways(
            List<StaticRoute> routes, List<String> ports, Map<String, PortSettings> portSettings) {
        List<StaticRoute> all = new ArrayList<>(routes);
        List<String> named = new ArrayList<>(ports);
        portSettings.keySet().stream()
                .filter(name -> !ports.contains(name))
                .sorted()
                .forEach(named::add);
        for (String name : named) {
            PortSettings settings = portSettings.get(name);
            if (settings != null && settings.gateway().isPresent()) {
                InetAddress gateway = settings.gateway().get();
                var route = new StaticRoute(Cidr.parse("0.0.0.0/0"), Optional.of(gateway), name);
                if (!all.contains(route)) {
                    all.add(route);
                }
            }
        }
        return List.copyOf(all);
    }
}
