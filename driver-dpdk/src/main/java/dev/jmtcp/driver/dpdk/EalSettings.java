package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What DPDK's environment is to be started with; all ports of a process share it.
 *
 * @param memory megabytes; 0 to choose
 * @param filePrefix the name by which other processes may share this one's memory; empty if none may
 * @param memoryChannels of a processor socket; 0 if not said
 * @param coreMask the CPUs for DPDK's own thread, in hexadecimal; empty for all that this process may use
 * @param more further arguments, as DPDK's programs take them
 */
record EalSettings(
        int memory, Use hugepages, String filePrefix, int memoryChannels, String coreMask, List<String> more) {

    /** Whether to use hugepages. */
    enum Use {
        AUTO,
        ON,
        OFF
    }

    /** What normal pages are reserved, unless said otherwise; only what is used takes memory. */
    static final int USUAL_MEMORY = 512;

    private static final long MEGABYTE = 1 << 20;
    private static final long MOST_MEMORY = 1L << 40;

    static final List<DriverOption> DECLARED = List.of(
            new DriverOption(
                    "num_mem_ch", "0", "0 to 64; 0 if unknown", "memory channels of a processor socket: mTCP's key"),
            new DriverOption(
                    "core_mask",
                    "",
                    "a mask of CPUs in hexadecimal: f0 for CPUs 4 to 7",
                    "the CPUs for DPDK's own thread: mTCP's key; cores run where the stack puts them"),
            new DriverOption(
                    "memory",
                    "auto",
                    "a size from 16m to 1024g, or auto: what is needed of hugepages, or " + USUAL_MEMORY
                            + "m of normal pages",
                    "the memory that DPDK takes at its start"),
            new DriverOption(
                    "hugepages",
                    "auto",
                    "auto, on or off; auto for normal pages, with a warning, where too few hugepages are free",
                    "whether packets lie in hugepages"),
            new DriverOption(
                    "file_prefix",
                    "",
                    "letters, digits, dashes, dots; none if absent: then no files are made",
                    "the name by which secondary processes find this one's memory"),
            new DriverOption(
                    "eal_arguments",
                    "",
                    "arguments of DPDK's environment between blanks: --log-level=8",
                    "further arguments to start DPDK with"));

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.-]{0,64}");
    private static final Pattern MASK = Pattern.compile("(0[xX])?[0-9a-fA-F]{1,256}");

    static EalSettings of(DriverOptions options) throws InvalidOptionException {
        String filePrefix = options.text("file_prefix");
        if (!PREFIX.matcher(filePrefix).matches()) {
            throw options.invalid("file_prefix");
        }
        return new EalSettings(
                options.text("memory").equals("auto")
                        ? 0
                        : (int) (options.size("memory", 16 * MEGABYTE, MOST_MEMORY) / MEGABYTE),
                use(options),
                filePrefix,
                (int) options.number("num_mem_ch", 0, 64),
                coreMask(options),
                more(options));
    }

    private static Use use(DriverOptions options) throws InvalidOptionException {
        return switch (options.text("hugepages")) {
            case "auto" -> Use.AUTO;
            case "on" -> Use.ON;
            case "off" -> Use.OFF;
            default -> throw options.invalid("hugepages");
        };
    }

    private static String coreMask(DriverOptions options) throws InvalidOptionException {
        String mask = options.text("core_mask");
        if (mask.isEmpty()) {
            return mask;
        }
        if (!MASK.matcher(mask).matches()
                || mask.replaceFirst("0[xX]", "").chars().allMatch(c -> c == '0')) {
            throw options.invalid("core_mask");
        }
        return mask;
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
     * The arguments of DPDK's environment, those that may be wrong first: DPDK remembers for ever that it has read --lcores, and the devices of -a, so that it could not be
     * started again after an error behind them.
     *
     * @param huge whether hugepages are used
     * @param cards the PCI addresses of the ports
     * @param cpus those that this process may use, as a list like {@code 0-3,8}
     */
    List<String> arguments(boolean huge, List<String> cards, String cpus) {
        var arguments = new ArrayList<String>();
        arguments.add("--no-telemetry");
        if (memoryChannels > 0) {
            arguments.add("-n");
            arguments.add(Integer.toString(memoryChannels));
        }
        if (!huge) {
            arguments.add("--no-huge");
        }
        if (memory > 0 || !huge) {
            arguments.add("-m");
            arguments.add(Integer.toString(memory > 0 ? memory : USUAL_MEMORY));
        }
        if (!filePrefix.isEmpty()) {
            arguments.add("--file-prefix=" + filePrefix);
        } else {
            arguments.add(huge ? "--in-memory" : "--no-shconf");
        }
        arguments.addAll(more);
        if (cards.isEmpty()) {
            arguments.add("--no-pci");
        }
        for (String card : cards) {
            arguments.add("-a");
            arguments.add(card);
        }
        arguments.add("--lcores=0@(" + (coreMask.isEmpty() ? cpus : cpusOf(coreMask)) + ")");
        return arguments;
    }

    /** {@code 2,4-5} for {@code 34}. */
    private static String cpusOf(String mask) {
        var bits = new java.math.BigInteger(mask.replaceFirst("0[xX]", ""), 16);
        var cpus = new ArrayList<String>();
        for (int cpu = bits.getLowestSetBit(); cpu < bits.bitLength(); cpu++) {
            if (bits.testBit(cpu)) {
                cpus.add(Integer.toString(cpu));
            }
        }
        return String.join(",", cpus);
    }

    /** The first option in which these settings differ from others, with its value there; empty if none does. */
    List<String> difference(EalSettings other) {
        if (memory != other.memory) {
            return List.of("memory", other.memory == 0 ? "auto" : other.memory + "m");
        }
        if (hugepages != other.hugepages) {
            return List.of("hugepages", other.hugepages.name().toLowerCase(java.util.Locale.ROOT));
        }
        if (!filePrefix.equals(other.filePrefix)) {
            return List.of("file_prefix", other.filePrefix);
        }
        if (memoryChannels != other.memoryChannels) {
            return List.of("num_mem_ch", Integer.toString(other.memoryChannels));
        }
        if (!coreMask.equals(other.coreMask)) {
            return List.of("core_mask", other.coreMask);
        }
        return more.equals(other.more) ? List.of() : List.of("eal_arguments", String.join(" ", other.more));
    }
}
