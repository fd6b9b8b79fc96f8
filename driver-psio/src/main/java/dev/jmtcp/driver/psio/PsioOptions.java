package dev.jmtcp.driver.psio;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PortConfig;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * The options of the psio driver, checked.
 *
 * @param queues the receive queues of each card; empty for as many as the kernel's table of interrupts has
 * @param slice the longest rest at a time, in nanoseconds
 * @param slowPath whether the kernel gets the frames that are not for the stack
 */
record PsioOptions(OptionalInt queues, long slice, boolean slowPath) {

    private static final long MICROSECOND = 1000;
    private static final long SECOND = 1_000_000_000;

    static final List<DriverOption> DECLARED = List.of(
            new DriverOption(
                    "queues",
                    "",
                    "1 to 64; if absent as many as /proc/interrupts has lines with xge0-rx, which may not be more than the machine has cores",
                    "how many receive queues each card has"),
            new DriverOption(
                    "select_timeout",
                    "100us",
                    "a duration from 1us to 1s",
                    "how long a core rests at a time, hence how late it may see that it was woken"),
            new DriverOption(
                    "slow_path",
                    "on",
                    "on or off",
                    "whether the kernel gets a copy of the frames that are neither IPv4 nor ARP"));

    static PsioOptions of(DriverConfig config) throws InvalidOptionException {
        var options = new DriverOptions("", DECLARED, config.options());
        OptionalInt queues = options.text("queues").isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) options.number("queues", 1, Ps.MAX_RINGS));
        long slice = options.duration("select_timeout");
        if (slice < MICROSECOND || slice > SECOND) {
            throw options.invalid("select_timeout");
        }
        boolean slowPath = options.flag("slow_path");
        if (config.ports().isEmpty()) {
            throw new InvalidOptionException("port", "no port is named", "names of cards, or all: xge0");
        }
        var names = new HashSet<String>();
        for (PortConfig port : config.ports()) {
            var _ = new DriverOptions("port." + port.name() + ".", List.of(), port.options());
            if (!names.add(port.name())) {
                throw new InvalidOptionException(
                        "port", "'" + port.name() + "' is named twice", "each card once: xge0 xge1");
            }
        }
        return new PsioOptions(queues, slice, slowPath);
    }
}
