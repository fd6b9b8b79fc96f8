package dev.jmtcp.core.config;

import dev.jmtcp.spi.Toeplitz;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@link JmtcpConfig} under construction; the initial values are the defaults. */
final class ConfigDraft {

    static final String ALL = "all";

    private static final String PORT_PREFIX = "port.";

    final TcpDraft tcp = new TcpDraft();
    final FaultDraft faults = new FaultDraft();
    String io = "dpdk";
    List<String> ports = List.of();
    int numCores; // 0 for not given
    List<Integer> cpus = List.of();
    int numMemChannels;
    int maxConcurrency = 10_000;
    int maxNumBuffers = 10_000;
    List<String> statPrint = List.of();
    boolean multiprocess;
    OptionalInt onvmInstance = OptionalInt.empty();
    OptionalInt onvmService = OptionalInt.empty();
    OptionalInt onvmDestination = OptionalInt.empty();
    IdleMode idle = IdleMode.PARK;
    int burst = 64;

    @Nullable
    Path capture;

    @Nullable
    Path routeFile;

    @Nullable
    Path arpFile;

    byte[] rssKey = Toeplitz.symmetricKey();
    OptionalLong seed = OptionalLong.empty();

    private final Map<String, PortDraft> portDrafts = new LinkedHashMap<>();
    private final Map<String, Setting> last = new LinkedHashMap<>();

    /** Takes settings in the order in which they were written; of a key given twice the last counts. */
    ConfigDraft(List<Setting> settings) {
        for (Setting setting : settings) {
            last.put(setting.key(), setting);
            if (ConfigKeys.isGeneral(setting.key())) {
                ConfigKeys.apply(this, setting);
            }
        }
        for (Setting setting : settings) {
            if (setting.key().startsWith(PORT_PREFIX)) {
                applyPort(setting);
            }
        }
    }

    JmtcpConfig build(
            List<Setting> settings, List<StaticRoute> routes, List<StaticNeighbor> neighbors, ConfigFiles files) {
        return new JmtcpConfig(
                io,
                cores(),
                cpus,
                numMemChannels,
                ports,
                portDrafts.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().build(entry.getKey()))),
                statPrint,
                maxConcurrency,
                maxNumBuffers,
                multiprocess,
                new Onvm(onvmInstance, onvmService, onvmDestination),
                buildTcp(),
                idle,
                burst,
                Optional.ofNullable(capture),
                faults.build(),
                rssKey,
                seed,
                routes,
                neighbors,
                settings,
                files);
    }

    private TcpConfig buildTcp() {
        try {
            return tcp.build();
        } catch (ConfigException e) {
            Setting setting = last.get(e.key());
            throw setting == null
                    ? e
                    : new ConfigException(setting.file(), setting.line(), e.key(), e.problem(), e.expected());
        }
    }

    private int cores() {
        if (numCores == 0) {
            return cpus.isEmpty() ? Runtime.getRuntime().availableProcessors() : cpus.size();
        }
        Setting cores = last.get("num_cores");
        if (!cpus.isEmpty() && numCores > cpus.size() && cores != null) {
            throw ConfigException.of(
                    cores,
                    "more cores than core_mask has CPUs",
                    "at most " + cpus.size() + ", or a core_mask with more bits");
        }
        return numCores;
    }

    /** {@code port.<name>.<key>}: names may have dots, and so may the keys of ports that are listed. */
    private void applyPort(Setting setting) {
        String rest = setting.key().substring(PORT_PREFIX.length());
        String name = ports.stream()
                .filter(port -> rest.startsWith(port + "."))
                .max(java.util.Comparator.comparingInt(String::length))
                .orElseGet(() -> rest.substring(0, Math.max(0, rest.lastIndexOf('.'))));
        if (name.isEmpty() || name.length() + 1 >= rest.length()) {
            throw ConfigException.of(setting, "unknown key", "port.<name>.<key>, such as port.dpdk0.address");
        }
        if (!ports.contains(name) && !ports.contains(ALL)) {
            throw ConfigException.of(
                    setting,
                    "'" + name + "' is not among the ports that 'port' lists",
                    ports.isEmpty() ? "port = " + name + " too" : Nearest.oneOf(name, ports));
        }
        String key = rest.substring(name.length() + 1);
        PortDraft port = portDrafts.computeIfAbsent(name, _ -> new PortDraft());
        if (ConfigKeys.isPortKey(key)) {
            ConfigKeys.applyPort(port, key, setting);
        } else {
            port.options.put(key, setting.value());
        }
    }
}
