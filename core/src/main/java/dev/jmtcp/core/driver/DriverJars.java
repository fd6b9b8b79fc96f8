package dev.jmtcp.core.driver;

import dev.jmtcp.spi.PacketIoProvider;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes modules of driver jars, in a layer above the program's own, so that a driver needs no word on the command line. A jar without a module descriptor
 * becomes an automatic module. A jar that cannot be used becomes a problem, and the others are loaded.
 */
final class DriverJars {

    private static final String SERVICE = PacketIoProvider.class.getName();

    private final ProviderSearch services;
    private final List<DriverProblem> problems;

    DriverJars(ProviderSearch services, List<DriverProblem> problems) {
        this.services = services;
        this.problems = problems;
    }

    /** A jar that is a module. */
    private record Jar(Path file, ModuleFinder finder, ModuleDescriptor descriptor) {

        List<String> providers() {
            return descriptor.provides().stream()
                    .filter(provides -> provides.service().equals(SERVICE))
                    .flatMap(provides -> provides.providers().stream())
                    .toList();
        }
    }

    void load(List<Path> driverPath) {
        Map<String, Jar> jars = new LinkedHashMap<>();
        for (Path path : driverPath) {
            if (Files.isDirectory(path)) {
                list(path).forEach(file -> read(file, false, jars));
            } else if (Files.exists(path)) {
                read(path, true, jars);
            } else {
                problem(path, "no such file or folder");
            }
        }
        if (jars.isEmpty()) {
            return;
        }
        if (PacketIoProvider.class.getModule().isNamed()) {
            loadAsModules(jars);
        } else {
            loadFromClassPath(jars);
        }
    }

    private List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problem(folder, "cannot be listed: " + e.getMessage());
            return List.of();
        }
    }

    private void read(Path file, boolean mustBeDriver, Map<String, Jar> jars) {
        try {
            ModuleFinder finder = ModuleFinder.of(file);
            for (ModuleReference reference : finder.findAll()) {
                var jar = new Jar(file, finder, reference.descriptor());
                String name = reference.descriptor().name();
                if (mustBeDriver && jar.providers().isEmpty()) {
                    problem(file, "holds no driver: it does not provide " + SERVICE);
                } else if (ProviderSearch.programLayer().findModule(name).isPresent()) {
                    if (!jar.providers().isEmpty()) {
                        problem(file, "is module " + name + ", which the program has already; the program's is used");
                    }
                } else if (jars.containsKey(name)) {
                    problem(
                            file,
                            "is module " + name + ", and so is "
                                    + jars.get(name).file());
                } else {
                    jars.put(name, jar);
                }
            }
        } catch (FindException e) {
            problem(file, "is no usable jar: " + reason(e));
        }
    }

    private void loadAsModules(Map<String, Jar> jars) {
        ModuleFinder finder =
                ModuleFinder.compose(jars.values().stream().map(Jar::finder).toArray(ModuleFinder[]::new));
        List<Jar> drivers = jars.values().stream()
                .filter(jar -> !jar.providers().isEmpty() && resolves(finder, jar))
                .toList();
        Set<String> names = drivers.stream().map(jar -> jar.descriptor().name()).collect(Collectors.toSet());
        if (!drivers.isEmpty() && !define(finder, names)) {
            // together they contradict each other: each alone, then
            for (Jar driver : drivers) {
                if (!define(finder, Set.of(driver.descriptor().name()))) {
                    problem(driver.file(), "cannot be loaded beside the program's modules");
                }
            }
        }
    }

    private boolean resolves(ModuleFinder finder, Jar jar) {
        try {
            resolve(finder, Set.of(jar.descriptor().name()));
            return true;
        } catch (FindException | ResolutionException e) {
            problem(jar.file(), "cannot be loaded: " + reason(e));
            return false;
        }
    }

    /** The program's modules go first: a driver must not bring another SPI. */
    private static Configuration resolve(ModuleFinder finder, Set<String> roots) {
        return ProviderSearch.programLayer().configuration().resolve(ModuleFinder.of(), finder, roots);
    }

    private boolean define(ModuleFinder finder, Set<String> roots) {
        ModuleLayer.Controller controller;
        try {
            controller = ModuleLayer.defineModulesWithManyLoaders(
                    resolve(finder, roots), List.of(ProviderSearch.programLayer()), DriverJars.class.getClassLoader());
        } catch (FindException | ResolutionException | LayerInstantiationException _) {
            return false;
        }
        allowNativeAccess(controller);
        services.searchLayer(controller.layer(), "the driver jars");
        return true;
    }

    /** Drivers call native code; that right can be passed on by who has it. */
    @SuppressWarnings("restricted")
    private static void allowNativeAccess(ModuleLayer.Controller controller) {
        if (DriverJars.class.getModule().isNativeAccessEnabled()) {
            controller.layer().modules().forEach(controller::enableNativeAccess);
        }
    }

    /** Where the program itself stands on the class path there are no modules to add to. */
    @SuppressWarnings("resource") // the drivers live as long as the program
    private void loadFromClassPath(Map<String, Jar> jars) {
        List<URL> urls = new ArrayList<>();
        for (Jar jar : jars.values()) {
            try {
                urls.add(jar.file().toUri().toURL());
            } catch (MalformedURLException e) {
                problem(jar.file(), reason(e));
            }
        }
        var loader = new URLClassLoader(urls.toArray(URL[]::new), DriverJars.class.getClassLoader());
        for (Jar jar : jars.values()) {
            for (String provider : jar.providers()) {
                try {
                    Class<? extends PacketIoProvider> type =
                            Class.forName(provider, false, loader).asSubclass(PacketIoProvider.class);
                    services.add(type, jar.file().toString(), () -> create(type));
                } catch (ClassNotFoundException | LinkageError | ClassCastException e) {
                    problem(jar.file(), "cannot be loaded: " + ProviderSearch.describe(e));
                }
            }
        }
    }

    private static PacketIoProvider create(Class<? extends PacketIoProvider> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void problem(Path file, String reason) {
        problems.add(new DriverProblem(file.toString(), reason));
    }

    private static String reason(Exception error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }
}
