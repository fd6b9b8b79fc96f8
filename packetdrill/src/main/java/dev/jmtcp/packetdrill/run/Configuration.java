package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.packetdrill.Profile;
import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.Direction;
import dev.jmtcp.packetdrill.script.Event;
import dev.jmtcp.packetdrill.script.OptionSpec;
import dev.jmtcp.packetdrill.script.Script;
import dev.jmtcp.packetdrill.script.TcpFlags;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What a script sets before its first call or packet: of the tool, by its first lines, and of the stack, by sysctl. */
final class Configuration {

    private static final long MICROSECOND = 1_000;
    private static final int DEFAULT_MTU = 1500;
    private static final int MAX_MTU = 65_535;

    private final Profile profile;
    private final TcpSettings.Builder tcp;
    private Addresses addresses = Addresses.DEFAULT;
    private int mtu = DEFAULT_MTU;
    private long tolerance = 4_000 * MICROSECOND;
    private double tolerancePercent;
    private int timestampTick;
    private final boolean segmentation;
    private int inboundSegment;
    private boolean strictSegments;
    private boolean packetsMayFail;
    private boolean callsMayFail;

    Configuration(Profile profile, Script script) {
        this.profile = profile;
        tcp = Profiles.of(profile);
        segmentation = profile == Profile.LINUX;
        for (Script.Setting setting : script.settings()) {
            apply(setting);
        }
        if (profile == Profile.LINUX && !saysMemory(script)) {
            expectedScale(script).ifPresent(tcp::windowScale);
        }
    }

    /** Whether a script, or the usual script that it runs, sets the memory for receiving, on which the shift of windows depends. */
    private static boolean saysMemory(Script script) {
        return Stream.concat(
                        script.initial().stream(),
                        script.events().stream().map(Event::action).filter(Action.Command.class::isInstance))
                .map(command -> ((Action.Command) command).text())
                .anyMatch(text -> text.contains("defaults.sh") || text.contains("tcp_rmem"));
    }

    /** The shift of windows that a script takes for granted where it depends on the machine's memory. */
    private static OptionalInt expectedScale(Script script) {
        return script.events().stream()
                .map(Event::action)
                .filter(Action.Tcp.class::isInstance)
                .map(action -> ((Action.Tcp) action).segment())
                .filter(segment -> segment.direction() == Direction.OUTBOUND && segment.has(TcpFlags.SYN))
                .flatMap(segment -> segment.options().orElse(List.of()).stream())
                .filter(OptionSpec.WindowScale.class::isInstance)
                .mapToInt(option -> ((OptionSpec.WindowScale) option).shift())
                .findFirst();
    }

    private void apply(Script.Setting setting) {
        String value = setting.value();
        switch (setting.name()) {
            case "ip_version" -> {
                if (!value.equals("ipv4")) {
                    throw Failure.unsupported("--ip_version=" + value);
                }
            }
            case "tolerance_usecs" -> tolerance = number(setting) * MICROSECOND;
            case "tolerance_percent" -> tolerancePercent = decimal(setting);
            case "tcp_ts_tick_usecs" -> timestampTick = (int) number(setting);
            case "tcp_ts_ecr_scaled" -> {} // echoes of timestamps not seen are always scaled
            case "mss" -> inboundSegment = (int) number(setting);
            case "mtu" -> mtu = (int) number(setting);
            case "strict_segments" -> strictSegments = true;
            case "local_ip" -> addresses = addresses.withLocal(Addresses.parse(value));
            case "gateway_ip" -> addresses = addresses.withGateway(Addresses.parse(value));
            case "remote_ip" -> addresses = addresses.withRemote(Addresses.parse(value.replace("\"", "")));
            case "bind_port" -> addresses = addresses.withPorts((int) number(setting), addresses.connectPort());
            case "connect_port" -> addresses = addresses.withPorts(addresses.bindPort(), (int) number(setting));
            case "non_fatal" -> {
                packetsMayFail |= value.contains("packet");
                callsMayFail |= value.contains("syscall");
            }
            // Of the parser, of the tool's own working, or of a device that is not there.
            case "define", "D", "verbose", "dry_run", "so_filename", "speed", "netmask_ip", "tun_dev" -> {}
            default -> throw Failure.unsupported("--" + setting.name());
        }
        if (mtu < 68 || mtu > MAX_MTU) {
            throw Failure.unsupported("an MTU of " + mtu);
        }
    }

    private static long number(Script.Setting setting) {
        if (!setting.value().matches("[0-9]{1,9}")) {
            throw Failure.failed("--" + setting.name() + "=" + setting.value() + " is not a number");
        }
        return Long.parseLong(setting.value());
    }

    private static double decimal(Script.Setting setting) {
        if (!setting.value().matches("[0-9]{1,9}(\\.[0-9]+)?")) {
            throw Failure.failed("--" + setting.name() + "=" + setting.value() + " is not a number");
        }
        return Double.parseDouble(setting.value());
    }

    Profile profile() {
        return profile;
    }

    /** The stack's settings, which sysctl changes. */
    TcpSettings.Builder tcp() {
        return tcp;
    }

    Addresses addresses() {
        return addresses;
    }

    int mtu() {
        return mtu;
    }

    /**
     * By how much a time may be off, in nanoseconds.
     *
     * @param delta how far from the event before it is
     */
    long tolerance(long delta) {
        return Math.max(tolerance, (long) (tolerancePercent / 100 * delta));
    }

    /** The length of a tick of the peer's view of our timestamps in microseconds; 0 if their values are not compared. */
    int timestampTick() {
        return timestampTick;
    }

    /** What longer packets of the peer have been put together from by the device; 0 if they have not. */
    int inboundSegment() {
        return inboundSegment;
    }

    /** Whether the device cuts segments. */
    boolean segmentation() {
        return segmentation;
    }

    /** Whether a scripted segment has to be one segment of the stack. */
    boolean strictSegments() {
        return strictSegments;
    }

    boolean packetsMayFail() {
        return packetsMayFail;
    }

    boolean callsMayFail() {
        return callsMayFail;
    }
}
