package dev.jmtcp.core.driver;

import dev.jmtcp.spi.PacketIoProvider;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Collects what {@link ServiceLoader} finds; a driver that cannot be made or asked for its name becomes a problem. */
final class ProviderSearch {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final List<Driver> drivers;
    private final List<DriverProblem> problems;
    private final Set<Class<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    ProviderSearch(List<Driver> drivers, List<DriverProblem> problems) {
        this.drivers = drivers;
        this.problems = problems;
    }

    /** The layer of the program: where this class is, or the boot layer. */
    static ModuleLayer programLayer() {
        ModuleLayer layer = ProviderSearch.class.getModule().getLayer();
        return layer == null ? ModuleLayer.boot() : layer;
    }

    /** The program's own drivers, on its module path and its class path. */
    void searchProgram() {
        add(ServiceLoader.load(programLayer(), PacketIoProvider.class), "the program");
        add(
                ServiceLoader.load(PacketIoProvider.class, ProviderSearch.class.getClassLoader()),
                "the program's class path");
    }

    /** The drivers of a layer that were not found before. */
    void searchLayer(ModuleLayer layer, String origin) {
        add(ServiceLoader.load(layer, PacketIoProvider.class), origin);
    }

    /** A driver that was found otherwise. */
    void add(Class<?> type, String origin, Supplier<? extends PacketIoProvider> maker) {
        if (!seen.add(type)) {
            return;
        }
        try {
            PacketIoProvider provider = maker.get();
            String name = provider.name();
            if (NAME.matcher(name).matches()) {
                drivers.add(new Driver(name, provider, origin));
            } else {
                problems.add(new DriverProblem(
                        origin,
                        type.getName() + " has the name '" + name + "', not of lower case letters, digits and dashes"));
            }
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            problems.add(new DriverProblem(origin, type.getName() + " cannot be used: " + describe(e)));
        }
    }

    /** One line about an error, of its deepest cause. */
    static String describe(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null
                ? ""
                : cause.getMessage().lines().findFirst().orElse("");
        String kind = cause.getClass().getSimpleName();
        return message.isEmpty() ? kind : kind + ": " + message;
    }

    private void add(ServiceLoader<PacketIoProvider> loader, String origin) {
        Iterator<ServiceLoader.Provider<PacketIoProvider>> found =
                loader.stream().iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    return;
                }
                ServiceLoader.Provider<PacketIoProvider> provider = found.next();
                add(provider.type(), origin(provider.type()), provider);
            } catch (ServiceConfigurationError | LinkageError e) {
                var problem = new DriverProblem(origin, describe(e));
                if (!problems.contains(problem)) {
                    problems.add(problem);
                }
            }
        }
    }

    /** Where a class comes from: its jar's name, else its module's. */
    private static String origin(Class<?> type) {
        Module module = type.getModule();
        if (module.isNamed() && module.getLayer() != null && module.getLayer() != programLayer()) {
            return module.getLayer()
                    .configuration()
                    .findModule(module.getName())
                    .flatMap(resolved -> location(resolved.reference()))
                    .map(Path::of)
                    .map(Path::toString)
                    .orElse(module.getName());
        }
        if (module.isNamed()) {
            return "module " + module.getName();
        }
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? type.getName()
                : source.getLocation().getPath();
    }

    private static java.util.Optional<URI> location(ModuleReference reference) {
        return reference.location().filter(uri -> "file".equals(uri.getScheme()));
    }
}
