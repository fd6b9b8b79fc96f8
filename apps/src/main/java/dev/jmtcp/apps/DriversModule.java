package dev.jmtcp.apps;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import dev.jmtcp.core.driver.DriverRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where drivers come from. */
final class DriversModule extends AbstractModule {

    DriversModule() {}

    @Provides
    DriverFinder driverFinder() {
        return further -> {
            List<Path> paths = new ArrayList<>(further);
            Optional.ofNullable(System.getProperty("jmtcp.home"))
                    .map(home -> Path.of(home, "drivers"))
                    .filter(Files::isDirectory)
                    .ifPresent(paths::addFirst);
            return DriverRegistry.find(paths);
        };
    }
}
