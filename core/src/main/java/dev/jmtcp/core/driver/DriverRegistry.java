package dev.jmtcp.core.driver;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.FaultConfig;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.config.Nearest;
import dev.jmtcp.core.config.Setting;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drivers of this program: those among its own modules and those in jars given to it. What cannot be used hinders nothing else and is listed in
 * {@link #problems()}. Immutable; for any thread.
 */
public final class DriverRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(DriverRegistry.class);

    private final List<Driver> drivers;
    private final List<DriverProblem> problems;

    /** A registry of drivers found otherwise than by {@link #find}. */
    public DriverRegistry(List<Driver> drivers, List<DriverProblem> problems) {
        this.drivers =
                drivers.stream().sorted(Comparator.comparing(Driver::name)).toList();
        this.problems = List.copyOf(problems);
    }

    /**
     * Looks for drivers.
     *
     * @param driverPath jars, and folders of jars; a driver there may need other jars there. What does not exist is a problem
     */
    public static DriverRegistry find(List<Path> driverPath) {
        List<Driver> drivers = new ArrayList<>();
        List<DriverProblem> problems = new ArrayList<>();
        var services = new ProviderSearch(drivers, problems);
        services.searchProgram();
        new DriverJars(services, problems).load(driverPath);
        return new DriverRegistry(drivers, problems);
    }

    /** The drivers found, by name; of two with the same name both. */
    public List<Driver> drivers() {
        return drivers;
    }

    /** What was looked at and cannot be used. */
    public List<DriverProblem> problems() {
        return problems;
    }

    /**
     * The driver that a configuration names.
     *
     * @throws ConfigException if there is none of that name, or more than one
     */
    public Driver select(JmtcpConfig config) {
        Setting io = config.setting("io").orElse(new Setting("io", config.io(), "", 0));
        List<Driver> found = drivers.stream()
                .filter(driver -> driver.name().equals(config.io()))
                .toList();
        if (found.isEmpty()) {
            throw ConfigException.of(
                    io, "no driver '" + config.io() + "' was found" + brokenDrivers(), names(config.io()));
        }
        if (found.size() > 1) {
            throw ConfigException.of(
                    io,
                    "there is more than one driver '" + config.io() + "': "
                            + String.join(
                                    " and ", found.stream().map(Driver::origin).toList()),
                    "one of them only");
        }
        return found.getFirst();
    }

    /** The driver of a name, if there is exactly one. */
    public Optional<Driver> driver(String name) {
        List<Driver> found =
                drivers.stream().filter(driver -> driver.name().equals(name)).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /**
     * Opens the driver that a configuration names, with the ports and options it gives, and with faults or recorded if it
     * says so. The recording is of what the stack sends and gets: frames that a fault will take from those sent, but not those that it took from those that came.
     *
     * @param clock the time in nanoseconds, monotonic
     * @throws ConfigException if the driver is unknown, or does not take its options or ports
     * @throws PacketIoException if the driver cannot be opened, or the recording cannot be created; the message says what is missing and what
     *     helps
     */
    public PacketIo open(JmtcpConfig config, LongSupplier clock) throws PacketIoException {
        Driver driver = select(config);
        OptionCheck.check(config, this);
        DriverConfig driverConfig = DriverSettings.config(config, driver.provider(), clock);
        PacketIo io;
        try {
            io = driver.provider().open(driverConfig);
        } catch (InvalidOptionException e) {
            throw DriverSettings.explain(config, driver.name(), e);
        }
        PacketIo faulty = config.faults().isNone() ? io : inject(io, config, clock);
        return config.capture().isPresent()
                ? record(faulty, config, config.capture().get(), clock)
                : faulty;
    }

    private static PacketIo inject(PacketIo io, JmtcpConfig config, LongSupplier clock) {
        FaultConfig faults = config.faults();
        long seed = faults.seed().orElseGet(() -> config.seed().orElseGet(System::nanoTime));
        LOG.warn(
                "faults are injected, made the same again by fault.seed = {}: loss {}, duplicate {}, reorder {}, corrupt {}, delay {} ns",
                seed,
                faults.loss(),
                faults.duplicate(),
                faults.reorder(),
                faults.corrupt(),
                faults.delay());
        return new FaultyPacketIo(io, config.numCores(), faults, seed, clock);
    }

    /** With a seed the recording is the same every time, so its times are the clock's own. */
    private static PacketIo record(PacketIo io, JmtcpConfig config, Path file, LongSupplier clock)
            throws PacketIoException {
        long origin = config.seed().isPresent()
                ? 0
                : TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - clock.getAsLong();
        try {
            return new RecordingPacketIo(io, config.numCores(), file, () -> origin + clock.getAsLong());
        } catch (IOException e) {
            io.close();
            throw new PacketIoException("capture file " + file + " cannot be created: " + e.getMessage(), e);
        }
    }

    private String names(String asked) {
        List<String> names = drivers.stream().map(Driver::name).distinct().toList();
        return names.isEmpty()
                ? "a driver among the program's modules or in the drivers folder"
                : Nearest.oneOf(asked, names);
    }

    private String brokenDrivers() {
        return problems.isEmpty()
                ? ""
                : " (and these could not be used: "
                        + String.join(
                                "; ",
                                problems.stream()
                                        .map(problem -> problem.origin() + ": " + problem.reason())
                                        .toList())
                        + ")";
    }
}
