package dev.jmtcp.core.config;

import static dev.jmtcp.core.config.ConfigKey.Group.FAULT;
import static dev.jmtcp.core.config.ConfigKey.Group.MTCP;
import static dev.jmtcp.core.config.ConfigKey.Group.PORT;
import static dev.jmtcp.core.config.ConfigKey.Group.STACK;
import static dev.jmtcp.core.config.ConfigKey.Group.TCP;

import dev.jmtcp.spi.Toeplitz;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The table of all keys: what they are called, what they take, what they do. Parsing, errors and documentation come from it. */
final class ConfigKeys {

    /** Of all keys with a dot only these and the ports' are no driver's. */
    private static final String FAULT_PREFIX = "fault.";

    private static final int MAX_BUFFER = 1 << 30; // RFC 7323 section 2.3: the largest window

    private static final Set<String> LISTS = Set.of("port", "stat_print");

    private static final Map<String, Row<ConfigDraft, ?>> GENERAL = new LinkedHashMap<>();
    private static final Map<String, Row<TcpDraft, ?>> OF_TCP = new LinkedHashMap<>();
    private static final Map<String, Row<PortDraft, ?>> OF_PORT = new LinkedHashMap<>();

    static {
        general(
                MTCP,
                "io",
                "dpdk",
                ValueType.text("the name of a driver"),
                "the driver that packets come and go by",
                (draft, name) -> draft.io = name);
        general(
                MTCP,
                "port",
                "none",
                ValueType.names("the names of ports, or all"),
                "the driver's ports to use",
                (draft, names) -> draft.ports = names);
        general(
                MTCP,
                "num_cores",
                "the CPUs of core_mask, else all of this machine",
                ValueType.number(1, 1024, ""),
                "how many cores to run, each a stack of its own",
                (draft, cores) -> draft.numCores = cores);
        general(
                MTCP,
                "core_mask",
                "none",
                ValueType.cpuMask(),
                "the CPUs that cores run on, lowest first",
                (draft, cpus) -> draft.cpus = cpus);
        general(
                MTCP,
                "num_mem_ch",
                "0",
                ValueType.number(0, 64, "memory channels"),
                "memory channels of a processor socket, for DPDK",
                (draft, channels) -> draft.numMemChannels = channels);
        general(
                MTCP,
                "max_concurrency",
                "10000",
                ValueType.number(1, 1 << 26, "connections"),
                "the most connections a core has, and the most socket ids",
                (draft, flows) -> draft.maxConcurrency = flows);
        general(
                MTCP,
                "max_num_buffers",
                "10000",
                ValueType.number(1, 1 << 26, "buffers"),
                "the most connections of a core that hold a receive buffer, and a send buffer",
                (draft, buffers) -> draft.maxNumBuffers = buffers);
        tcp(
                MTCP,
                "rcvbuf",
                "sndbuf if that is given, else 8192",
                ValueType.size(64, MAX_BUFFER, "1g"),
                "the most bytes received and not yet read that a connection holds",
                (draft, bytes) -> draft.receiveBuffer = bytes);
        tcp(
                MTCP,
                "sndbuf",
                "rcvbuf if that is given, else 8192",
                ValueType.size(64, MAX_BUFFER, "1g"),
                "the most bytes written and not yet acknowledged that a connection holds",
                (draft, bytes) -> draft.sendBuffer = bytes);
        tcp(
                MTCP,
                "tcp_timeout",
                "30",
                ValueType.durationOrOff("1ms", "240h", "-1", "0", "off"),
                "a connection on which nothing arrives for so long is closed",
                (draft, nanos) -> draft.idleTimeout = nanos);
        tcp(
                MTCP,
                "tcp_timewait",
                "0",
                ValueType.durationOrOff("0", "1h", "-1", "off"),
                "how long a closed connection is kept in TIME-WAIT",
                (draft, nanos) -> draft.timeWait = nanos);
        tcp(
                MTCP,
                "cc",
                "cubic",
                ValueType.word(Map.of(
                        "cubic", CongestionAlgorithm.CUBIC,
                        "newreno", CongestionAlgorithm.NEWRENO,
                        "reno", CongestionAlgorithm.NEWRENO)),
                "congestion control; reno is another name of newreno",
                (draft, algorithm) -> draft.congestion = algorithm);
        general(
                MTCP,
                "stat_print",
                "none",
                ValueType.names("the names of ports, or all"),
                "the ports whose statistics are printed every second",
                (draft, names) -> draft.statPrint = names);
        general(
                MTCP,
                "multiprocess",
                "0",
                ValueType.number(0, Integer.MAX_VALUE, ""),
                "whether several processes share a port, for DPDK; 0 for no",
                (draft, number) -> draft.multiprocess = number != 0);
        general(
                MTCP,
                "onvm_serv",
                "none",
                ValueType.number(0, 65534, ""),
                "the service id of this network function, for openNetVM",
                (draft, id) -> draft.onvmService = OptionalInt.of(id));
        general(
                MTCP,
                "onvm_inst",
                "none",
                ValueType.number(0, 65534, ""),
                "the instance id of this network function, for openNetVM",
                (draft, id) -> draft.onvmInstance = OptionalInt.of(id));
        general(
                MTCP,
                "onvm_dest",
                "none",
                ValueType.number(0, 65534, ""),
                "the service that packets go to instead of out, for openNetVM",
                (draft, id) -> draft.onvmDestination = OptionalInt.of(id));

        general(
                STACK,
                "idle",
                "park",
                ValueType.word(Map.of("spin", IdleMode.SPIN, "yield", IdleMode.YIELD, "park", IdleMode.PARK)),
                "what a core does with nothing to do: look again, let others run, rest in the driver",
                (draft, mode) -> draft.idle = mode);
        general(
                STACK,
                "burst",
                "64",
                ValueType.number(1, 4096, "frames"),
                "the most frames taken from a port in one turn",
                (draft, frames) -> draft.burst = frames);
        general(
                STACK,
                "capture",
                "none",
                ValueType.path(),
                "a pcapng file that all frames are recorded to",
                (draft, file) -> draft.capture = file);
        general(
                STACK,
                "route_file",
                "config/route.conf",
                ValueType.path(),
                "the file of routes",
                (draft, file) -> draft.routeFile = file);
        general(
                STACK,
                "arp_file",
                "config/arp.conf",
                ValueType.path(),
                "the file of static neighbours",
                (draft, file) -> draft.arpFile = file);
        general(
                STACK,
                "rss_key",
                "05 repeated 40 times, as mTCP",
                ValueType.hexadecimal(Toeplitz.MINIMUM_KEY_LENGTH),
                "the Toeplitz key by which connections are spread over cores",
                (draft, key) -> draft.rssKey = key);
        general(
                STACK,
                "seed",
                "none: chance is secure",
                ValueType.anyNumber(),
                "makes all choices of chance repeatable; for tests, never on a network",
                (draft, seed) -> draft.seed = OptionalLong.of(seed));

        tcp(
                TCP,
                "initial_window",
                "10",
                ValueType.number(1, 1000, "segments"),
                "the congestion window of a new connection (RFC 6928)",
                (draft, segments) -> draft.initialWindow = segments);
        tcp(
                TCP,
                "sack",
                "on",
                ValueType.flag(),
                "selective acknowledgements (RFC 2018)",
                (draft, on) -> draft.sack = on);
        tcp(
                TCP,
                "recovery",
                "rack",
                ValueType.word(Map.of("rack", true, "sack", false)),
                "how losses are found with sack: by time (RFC 8985), or by what is acknowledged above (RFC 6675)",
                (draft, rack) -> draft.rack = rack);
        tcp(
                TCP,
                "tlp",
                "on",
                ValueType.flag(),
                "with recovery = rack, a probe where the last segments are not acknowledged (RFC 8985 section 7)",
                (draft, on) -> draft.tailLossProbe = on);
        tcp(
                TCP,
                "frto",
                "on",
                ValueType.flag(),
                "after a timeout, new data first, to find out whether anything was lost (RFC 5682)",
                (draft, on) -> draft.frto = on);
        tcp(
                TCP,
                "hystart",
                "on",
                ValueType.flag(),
                "ends the first slow start when round trips grow longer (RFC 9406)",
                (draft, on) -> draft.hyStart = on);
        tcp(
                TCP,
                "timestamps",
                "on",
                ValueType.flag(),
                "timestamps, for round trip times and old duplicates (RFC 7323)",
                (draft, on) -> draft.timestamps = on);
        tcp(
                TCP,
                "window_scaling",
                "on",
                ValueType.flag(),
                "windows above 64 KiB (RFC 7323)",
                (draft, on) -> draft.windowScaling = on);
        tcp(
                TCP,
                "nagle",
                "on",
                ValueType.flag(),
                "whether a new connection holds back small segments (RFC 9293 section 3.7.4)",
                (draft, on) -> draft.nagle = on);
        tcp(
                TCP,
                "delayed_ack",
                "40ms",
                ValueType.durationOrOff("0", "500ms", "off"),
                "the longest that an acknowledgement is held back (RFC 9293 section 3.8.6.3)",
                (draft, nanos) -> draft.delayedAck = nanos);
        tcp(
                TCP,
                "initial_rto",
                "1s",
                ValueType.duration("10ms", "60s"),
                "the retransmission timeout before a round trip was measured (RFC 6298)",
                (draft, nanos) -> draft.initialRto = nanos);
        tcp(
                TCP,
                "min_rto",
                "200ms",
                ValueType.duration("1ms", "60s"),
                "the shortest retransmission timeout",
                (draft, nanos) -> draft.minRto = nanos);
        tcp(
                TCP,
                "max_rto",
                "120s",
                ValueType.duration("1s", "1h"),
                "the longest retransmission timeout",
                (draft, nanos) -> draft.maxRto = nanos);
        tcp(
                TCP,
                "max_retries",
                "16",
                ValueType.number(1, 255, "retransmissions"),
                "retransmissions of a segment before the connection is given up",
                (draft, count) -> draft.maxRetries = count);
        tcp(
                TCP,
                "syn_retries",
                "7",
                ValueType.number(0, 255, "retransmissions"),
                "retransmissions of a SYN before the attempt is given up",
                (draft, count) -> draft.synRetries = count);
        tcp(
                TCP,
                "synack_retries",
                "5",
                ValueType.number(0, 255, "retransmissions"),
                "retransmissions of a SYN-ACK before the attempt is forgotten",
                (draft, count) -> draft.synAckRetries = count);
        tcp(
                TCP,
                "keepalive",
                "off",
                ValueType.flag(),
                "whether a new connection probes an idle peer (RFC 9293 section 3.8.4)",
                (draft, on) -> draft.keepalive = on);
        tcp(
                TCP,
                "keepalive_time",
                "2h",
                ValueType.duration("1ms", "240h"),
                "how long a connection is idle before the first probe",
                (draft, nanos) -> draft.keepaliveTime = nanos);
        tcp(
                TCP,
                "keepalive_interval",
                "75s",
                ValueType.duration("1ms", "240h"),
                "the time between probes",
                (draft, nanos) -> draft.keepaliveInterval = nanos);
        tcp(
                TCP,
                "keepalive_probes",
                "9",
                ValueType.number(1, 255, "probes"),
                "unanswered probes before the connection is given up",
                (draft, count) -> draft.keepaliveProbes = count);
        tcp(
                TCP,
                "fin_wait2_timeout",
                "60s",
                ValueType.duration("1ms", "240h"),
                "how long a closed connection waits for the peer to close too",
                (draft, nanos) -> draft.finWait2Timeout = nanos);
        tcp(
                TCP,
                "challenge_acks",
                "1000",
                ValueType.number(1, 1_000_000, "segments a second"),
                "the most challenge ACKs (RFC 5961 section 7)",
                (draft, count) -> draft.challengeAcks = count);
        tcp(
                TCP,
                "ecn",
                "accept",
                ValueType.word(Map.of("off", EcnMode.OFF, "accept", EcnMode.ACCEPT, "on", EcnMode.ON)),
                "explicit congestion notification (RFC 3168): never, if the peer asks for it, always asked for",
                (draft, mode) -> draft.ecn = mode);
        tcp(
                TCP,
                "syn_cookies",
                "on",
                ValueType.word(
                        Map.of("off", SynCookieMode.OFF, "on", SynCookieMode.ON, "always", SynCookieMode.ALWAYS)),
                "SYN cookies (RFC 4987): never, while too many handshakes are under way, always",
                (draft, mode) -> draft.synCookies = mode);
        tcp(
                TCP,
                "ttl",
                "64",
                ValueType.number(1, 255, "hops"),
                "the time to live of packets sent",
                (draft, hops) -> draft.hopLimit = hops);
        tcp(
                TCP,
                "local_ports",
                "1025-65535",
                ValueType.portRange(),
                "the local ports that connections are made from",
                (draft, range) -> {
                    draft.firstLocalPort = range[0];
                    draft.lastLocalPort = range[1];
                });

        fault(
                "loss",
                "0",
                ValueType.probability(),
                "how likely a frame is lost",
                (faults, probability) -> faults.loss = probability);
        fault(
                "duplicate",
                "0",
                ValueType.probability(),
                "how likely a frame comes twice",
                (faults, probability) -> faults.duplicate = probability);
        fault(
                "reorder",
                "0",
                ValueType.probability(),
                "how likely a frame is held back while others pass",
                (faults, probability) -> faults.reorder = probability);
        fault(
                "reorder_delay",
                "1ms",
                ValueType.duration("0", "10s"),
                "how long such a frame is held back",
                (faults, nanos) -> faults.reorderDelay = nanos);
        fault(
                "corrupt",
                "0",
                ValueType.probability(),
                "how likely one bit of an IPv4 packet is flipped",
                (faults, probability) -> faults.corrupt = probability);
        fault(
                "delay",
                "0",
                ValueType.duration("0", "10s"),
                "how much longer every frame takes",
                (faults, nanos) -> faults.delay = nanos);
        fault(
                "seed",
                "that of the stack, else another one every time, which is logged",
                ValueType.anyNumber(),
                "makes the faults repeatable",
                (faults, seed) -> faults.seed = OptionalLong.of(seed));

        port(
                "address",
                "none; for mTCP's drivers those of the kernel's interface of that name",
                ValueType.hostAddresses(),
                "addresses of the port; the key may be repeated",
                (draft, addresses) -> draft.addresses.addAll(addresses));
        port(
                "gateway",
                "none",
                ValueType.address(),
                "the default gateway, reached by this port",
                (draft, address) -> draft.gateway = address);
        port(
                "mac",
                "the device's own",
                ValueType.mac(),
                "the hardware address to use",
                (draft, mac) -> draft.mac = mac);
        port(
                "mtu",
                "the device's own",
                ValueType.number(576, 65535, "bytes"),
                "the largest IP packet",
                (draft, bytes) -> draft.mtu = OptionalInt.of(bytes));
    }

    private ConfigKeys() {}

    static List<ConfigKey> documentation() {
        List<ConfigKey> keys = new ArrayList<>();
        Stream.of(GENERAL, OF_TCP, OF_PORT)
                .flatMap(rows -> rows.values().stream())
                .map(Row::key)
                .forEach(keys::add);
        keys.sort(java.util.Comparator.comparing(ConfigKey::group)); // stable: within a group the table's order
        return List.copyOf(keys);
    }

    /** Whether this is one of mTCP's keys: of its value only the first word counts, unless it is a list. */
    static boolean isMtcp(String key) {
        Row<?, ?> row = GENERAL.containsKey(key) ? GENERAL.get(key) : OF_TCP.get(key);
        return row != null && row.key.group() == MTCP;
    }

    /** Whether all words of its value count. */
    static boolean isList(String key) {
        return LISTS.contains(key);
    }

    /** Whether no driver has to say what this key means. */
    static boolean isGeneral(String key) {
        return key.indexOf('.') < 0 || key.startsWith(FAULT_PREFIX);
    }

    static boolean isPortKey(String key) {
        return OF_PORT.containsKey(key);
    }

    /** Takes a setting that is not a port's nor a driver's. */
    static void apply(ConfigDraft draft, Setting setting) {
        Row<ConfigDraft, ?> row = GENERAL.get(setting.key());
        if (row != null) {
            row.apply(draft, setting);
        } else {
            Row<TcpDraft, ?> ofTcp = OF_TCP.get(setting.key());
            if (ofTcp == null) {
                throw unknown(
                        setting,
                        Stream.concat(GENERAL.keySet().stream(), OF_TCP.keySet().stream())
                                .toList());
            }
            ofTcp.apply(draft.tcp, setting);
        }
    }

    static void applyTcp(TcpDraft draft, Setting setting) {
        Row<TcpDraft, ?> row = OF_TCP.get(setting.key());
        if (row == null) {
            throw unknown(setting, List.copyOf(OF_TCP.keySet()));
        }
        row.apply(draft, setting);
    }

    /** Takes a setting of a port whose key ends with one of the table. */
    static void applyPort(PortDraft draft, String key, Setting setting) {
        Row<PortDraft, ?> row = OF_PORT.get(key);
        if (row == null) {
            throw unknown(setting, List.copyOf(OF_PORT.keySet()));
        }
        row.apply(draft, setting);
    }

    private static ConfigException unknown(Setting setting, List<String> known) {
        return ConfigException.of(setting, "unknown key", Nearest.oneOf(setting.key(), known));
    }

    private static <T> void general(
            ConfigKey.Group group,
            String name,
            String defaultValue,
            ValueType<T> type,
            String description,
            BiConsumer<ConfigDraft, T> setter) {
        add(GENERAL, group, name, defaultValue, type, description, setter);
    }

    private static <T> void tcp(
            ConfigKey.Group group,
            String name,
            String defaultValue,
            ValueType<T> type,
            String description,
            BiConsumer<TcpDraft, T> setter) {
        add(OF_TCP, group, name, defaultValue, type, description, setter);
    }

    private static <T> void fault(
            String name, String defaultValue, ValueType<T> type, String description, BiConsumer<FaultDraft, T> setter) {
        BiConsumer<ConfigDraft, T> ofDraft = (draft, value) -> setter.accept(draft.faults, value);
        add(GENERAL, FAULT, FAULT_PREFIX + name, defaultValue, type, description, ofDraft);
    }

    private static <T> void port(
            String name, String defaultValue, ValueType<T> type, String description, BiConsumer<PortDraft, T> setter) {
        add(OF_PORT, PORT, name, defaultValue, type, description, setter);
    }

    private static <D, T> void add(
            Map<String, Row<D, ?>> rows,
            ConfigKey.Group group,
            String name,
            String defaultValue,
            ValueType<T> type,
            String description,
            BiConsumer<D, T> setter) {
        rows.put(name, new Row<>(new ConfigKey(name, group, defaultValue, type.accepted(), description), type, setter));
    }

    private record Row<D, T>(ConfigKey key, ValueType<T> type, BiConsumer<D, T> setter) {

        void apply(D draft, Setting setting) {
            T value = type.parser().apply(setting.value());
            if (value == null) {
                throw ConfigException.of(setting, "bad value '" + setting.value() + "'", type.accepted());
            }
            setter.accept(draft, value);
        }
    }
}
