package dev.jmtcp.apps;

import dev.jmtcp.core.driver.DriverRegistry;
import java.nio.file.Path;
import java.util.List;

/** Finds the drivers of this installation and those of further paths. */
@FunctionalInterface
interface DriverFinder {

    /**
     * @param further jars and folders of jars
     */
    DriverRegistry find(List<Path> further);
}
