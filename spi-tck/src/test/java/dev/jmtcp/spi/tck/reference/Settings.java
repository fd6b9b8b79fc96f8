package dev.jmtcp.spi.tck.reference;

import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.DriverOptions;
import dev.jmtcp.spi.InvalidOptionException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a driver was opened with.
 *
 * @param ring slots of every ring
 * @param latency from flush to arrival, in nanoseconds
 * @param drops whether a full receiver drops, else it makes the sender wait
 * @param pads whether short frames are padded
 * @param chatter whether frames of others are on the wire
 * @param offloads whether the device has checksums, segmentation and RSS
 * @param rests whether await rests at all
 */
record Settings(
        int ring,
        long latency,
        boolean drops,
        boolean pads,
        boolean chatter,
        boolean offloads,
        boolean rests,
        LongSupplier clock,
        Defect defect) {

    static final List<DriverOption> OPTIONS = List.of(
            new DriverOption("ring", "256", "a power of two, 2–65536", "Slots of every ring"),
            new DriverOption("latency", "0", "a duration: 10us, 5ms, 1s", "From flush to arrival"),
            new DriverOption("overflow", "wait", "wait or drop", "What a full receiver does"),
            new DriverOption("pad", "off", "on or off", "Whether short frames are padded to 60 bytes"),
            new DriverOption("chatter", "off", "on or off", "Whether frames of others are on the wire"),
            new DriverOption("offload", "on", "on or off", "Whether there are checksums, segmentation and RSS"),
            new DriverOption("rest", "on", "on or off", "Whether await rests"));

    static Settings of(DriverOptions options, LongSupplier clock, Defect defect) throws InvalidOptionException {
        int ring = (int) options.number("ring", 2, 65_536);
        if (Integer.bitCount(ring) != 1) {
            throw options.invalid("ring");
        }
        boolean drops = switch (options.text("overflow")) {
            case "wait" -> false;
            case "drop" -> true;
            default -> throw options.invalid("overflow");
        };
        return new Settings(
                ring,
                options.duration("latency"),
                drops,
                options.flag("pad"),
                options.flag("chatter"),
                options.flag("offload"),
                options.flag("rest"),
                clock,
                defect);
    }
}
