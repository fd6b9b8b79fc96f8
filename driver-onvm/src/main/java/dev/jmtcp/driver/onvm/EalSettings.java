package dev.jmtcp.driver.onvm;

import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How DPDK joins the manager; the same for all of a process.
 *
 * @param filePrefix the manager's {@code --file-prefix}
 * @param baseAddress where shared memory is to lie; empty for DPDK's choice
 * @param more further arguments, as DPDK's programs take them
 */
record EalSettings(String filePrefix, String baseAddress, List<String> more) {

    static final List<DriverOption> DECLARED = List.of(
            new DriverOption(
                    "file_prefix",
                    "rte",
                    "letters, digits, dashes, dots",
                    "the --file-prefix that the manager runs with"),
            new DriverOption(
                    "base_virtaddr",
                    "0x200000000000",
                    "an address in hexadecimal, or none for DPDK's choice",
                    "where the memory shared with the manager is to lie, which is best started with the same"),
            new DriverOption(
                    "eal_arguments",
                    "",
                    "arguments of DPDK's environment between blanks: --log-level=8",
                    "further arguments to start DPDK with"));

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern ADDRESS = Pattern.compile("0[xX][0-9a-fA-F]{1,12}");

    static EalSettings of(DriverOptions options) throws InvalidOptionException {
        if (!PREFIX.matcher(options.text("file_prefix")).matches()) {
            throw options.invalid("file_prefix");
        }
        String address = options.text("base_virtaddr");
        if (!address.equals("none") && !ADDRESS.matcher(address).matches()) {
            throw options.invalid("base_virtaddr");
        }
        return new EalSettings(
                options.text("file_prefix"),
                address.equals("none") ? "" : address.toLowerCase(Locale.ROOT),
                more(options));
    }

    private static List<String> more(DriverOptions options) throws InvalidOptionException {
        String text = options.text("eal_arguments").strip();
        if (text.isEmpty()) {
            return List.of();
        }
        List<String> words = List.of(text.split("\\s+", -1));
        if (!words.getFirst().startsWith("-") || words.stream().anyMatch(EalSettings::ends)) {
            throw options.invalid("eal_arguments");
        }
        return words;
    }

    /** Whether DPDK would end the program on this argument, after some help. */
    private static boolean ends(String argument) {
        return argument.equals("-h")
                || argument.equals("--log-level=help")
                || argument.length() > 3 && "--help".startsWith(argument);
    }

    /**
     * The arguments of DPDK's environment.
     *
     * @param cards whether network cards are looked at, which happens through the manager
     * @param cpus those that this process may use, as a list like {@code 0-3,8}
     */
    List<String> arguments(boolean cards, String cpus) {
        var arguments = new ArrayList<String>(List.of(
                "--proc-type=secondary", "--file-prefix=" + filePrefix, "--lcores=0@(" + cpus + ")", "--no-telemetry"));
        if (!baseAddress.isEmpty()) {
            arguments.add("--base-virtaddr=" + baseAddress);
        }
        if (!cards) {
            arguments.add("--no-pci");
        }
        arguments.addAll(more);
        return arguments;
    }

    /** The first option in which these settings differ from others, with its value there; empty if none does. */
    List<String> difference(EalSettings other) {
        if (!filePrefix.equals(other.filePrefix)) {
            return List.of("file_prefix", other.filePrefix);
        }
        if (!baseAddress.equals(other.baseAddress)) {
            return List.of("base_virtaddr", other.baseAddress.isEmpty() ? "none" : other.baseAddress);
        }
        return more.equals(other.more) ? List.of() : List.of("eal_arguments", String.join(" ", other.more));
    }

    /** The file that a manager with this prefix keeps locked while it runs. */
    Path lockFile() {
        return runtimeDirectory(System.getenv(), isRoot()).resolve(filePrefix).resolve("config");
    }

    /** Where DPDK's processes keep such files, by the rules of DPDK. */
    static Path runtimeDirectory(Map<String, String> environment, boolean root) {
        String directory = environment.get("RUNTIME_DIRECTORY");
        if (directory == null) {
            directory = root ? "/var/run" : environment.getOrDefault("XDG_RUNTIME_DIR", "/tmp");
        }
        return Path.of(directory, "dpdk");
    }

    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return false; // not on Linux
        }
    }
}
