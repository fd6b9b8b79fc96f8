package dev.jmtcp.core.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads configurations. Files that mTCP reads are read with the same result; what mTCP ignores without a word is warned of. May be used from any
 * thread.
 */
public final class ConfigLoader {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigLoader.class);

    /** mTCP's drivers: their ports have the addresses of the kernel's interfaces of the same name. */
    private static final Set<String> MTCP_DRIVERS = Set.of("dpdk", "netmap", "psio", "onvm");

    private final Path workingDirectory;
    private final Function<String, List<Cidr>> kernelAddresses;
    private final Consumer<String> warnings;

    /** A loader that knows this machine and logs its warnings. */
    public ConfigLoader() {
        this(Path.of(""), KernelInterfaces::addresses, message -> LOG.warn("{}", message));
    }

    /**
     * @param workingDirectory where {@code config/route.conf} and {@code config/arp.conf} are looked for first
     * @param kernelAddresses the addresses of the kernel's interface of a name; empty if there is none
     * @param warnings takes messages about what has no effect
     */
    public ConfigLoader(
            Path workingDirectory, Function<String, List<Cidr>> kernelAddresses, Consumer<String> warnings) {
        this.workingDirectory = workingDirectory;
        this.kernelAddresses = kernelAddresses;
        this.warnings = warnings;
    }

    /**
     * Reads a configuration file, and {@code route.conf} and {@code arp.conf}: in {@code config/} below the working directory, else in
     * {@code config/} below the file's directory, else beside the file; neither needs to exist.
     *
     * @throws ConfigException if a file cannot be read or is wrong
     */
    public JmtcpConfig load(Path file) {
        List<Setting> settings = new ArrayList<>(ConfigText.settings(file.toString(), read(file), warnings));
        ConfigDraft draft = new ConfigDraft(settings);
        settings.addAll(kernelAddresses(draft, settings));

        Optional<Path> routeFile = find(file, draft.routeFile, "route_file", "route.conf", settings);
        Optional<Path> arpFile = find(file, draft.arpFile, "arp_file", "arp.conf", settings);
        List<StaticRoute> routes = routeFile
                .map(path -> RouteFile.parse(path.toString(), read(path), draft.ports, warnings))
                .orElse(List.of());
        List<StaticNeighbor> neighbors =
                arpFile.map(path -> ArpFile.parse(path.toString(), read(path))).orElse(List.of());
        return build(settings, routes, neighbors, new ConfigFiles(Optional.of(file), routeFile, arpFile));
    }

    /**
     * Reads a configuration that stands in no file; other files are looked for only where it names them.
     *
     * @throws ConfigException if it is wrong
     */
    public JmtcpConfig parse(String text) {
        List<Setting> settings = ConfigText.settings("config", text, warnings);
        ConfigDraft draft = new ConfigDraft(settings);
        var files = new ConfigFiles(
                Optional.empty(), Optional.ofNullable(draft.routeFile), Optional.ofNullable(draft.arpFile));
        List<StaticRoute> routes = files.routes()
                .map(path -> RouteFile.parse(path.toString(), read(path), draft.ports, warnings))
                .orElse(List.of());
        List<StaticNeighbor> neighbors = files.neighbors()
                .map(path -> ArpFile.parse(path.toString(), read(path)))
                .orElse(List.of());
        return build(settings, routes, neighbors, files);
    }

    private JmtcpConfig build(
            List<Setting> settings, List<StaticRoute> routes, List<StaticNeighbor> neighbors, ConfigFiles files) {
        JmtcpConfig config = new ConfigDraft(settings).build(settings, routes, neighbors, files);
        int available = Runtime.getRuntime().availableProcessors();
        if (config.numCores() > available) {
            warnings.accept("num_cores is %d, but this machine has %d CPUs: cores will share them"
                    .formatted(config.numCores(), available));
        }
        return config;
    }

    /** mTCP gives ports the addresses that the kernel knows for interfaces of their names; what the file says goes first. */
    private List<Setting> kernelAddresses(ConfigDraft draft, List<Setting> settings) {
        if (!MTCP_DRIVERS.contains(draft.io)) {
            return List.of();
        }
        List<Setting> found = new ArrayList<>();
        for (String port : new LinkedHashSet<>(draft.ports)) {
            String key = "port." + port + ".address";
            if (!port.equals(ConfigDraft.ALL)
                    && settings.stream().noneMatch(setting -> setting.key().equals(key))) {
                for (Cidr address : kernelAddresses.apply(port)) {
                    found.add(new Setting(key, address.toString(), "kernel interface " + port, 0));
                }
            }
        }
        return found;
    }

    private Optional<Path> find(
            Path configFile, @Nullable Path named, String key, String name, List<Setting> settings) {
        Path directory = configFile.toAbsolutePath().getParent();
        if (named != null) {
            Path path = workingDirectory.resolve(named);
            if (!Files.exists(path) && directory != null) {
                path = directory.resolve(named);
            }
            if (!Files.exists(path)) {
                Setting setting = settings.stream()
                        .filter(candidate -> candidate.key().equals(key))
                        .reduce((_, last) -> last)
                        .orElseThrow();
                throw ConfigException.of(setting, "no file " + named, "an existing file");
            }
            return Optional.of(path);
        }
        List<Path> places = new ArrayList<>();
        places.add(workingDirectory.resolve("config").resolve(name));
        if (directory != null) {
            places.add(directory.resolve("config").resolve(name));
            places.add(directory.resolve(name));
        }
        return places.stream().filter(Files::isRegularFile).findFirst();
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            String reason = Files.exists(file) ? "cannot be read: " + e.getMessage() : "no such file";
            var exception = new ConfigException(file.toString(), 0, "", reason, "a readable file");
            exception.initCause(e);
            throw exception;
        }
    }
}
