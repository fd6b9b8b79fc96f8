package dev.jmtcp.packetdrill.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that scripts have for the types and codes of ICMP (RFC 792, RFC 1122, RFC 1812). */
final class IcmpNames {

    private static final int UNREACHABLE = 3;
    private static final int TIME_EXCEEDED = 11;

    private static final Map<String, Integer> TYPES = Map.ofEntries(
            Map.entry("echo_reply", 0),
            Map.entry("unreachable", UNREACHABLE),
            Map.entry("source_quench", 4),
            Map.entry("redirect", 5),
            Map.entry("echo_request", 8),
            Map.entry("router_advertisement", 9),
            Map.entry("router_solicitation", 10),
            Map.entry("time_exceeded", TIME_EXCEEDED),
            Map.entry("parameter_problem", 12),
            Map.entry("timestamp_request", 13),
            Map.entry("timestamp_reply", 14),
            Map.entry("information_request", 15),
            Map.entry("information_reply", 16),
            Map.entry("address_mask_request", 17),
            Map.entry("address_mask_reply", 18));

    private static final Map<String, Integer> UNREACHABLE_CODES = Map.ofEntries(
            Map.entry("net_unreachable", 0),
            Map.entry("host_unreachable", 1),
            Map.entry("protocol_unreachable", 2),
            Map.entry("port_unreachable", 3),
            Map.entry("frag_needed", 4),
            Map.entry("source_route_failed", 5),
            Map.entry("net_unknown", 6),
            Map.entry("host_unknown", 7),
            Map.entry("source_host_isolated", 8),
            Map.entry("net_prohibited", 9),
            Map.entry("host_prohibited", 10),
            Map.entry("net_unreachable_for_tos", 11),
            Map.entry("host_unreachable_for_tos", 12),
            Map.entry("communication_prohibited", 13),
            Map.entry("packet_filtered", 13),
            Map.entry("host_precedence_violation", 14),
            Map.entry("precedence_violation", 14),
            Map.entry("precedence_cutoff", 15));

    private static final Map<String, Integer> TIME_EXCEEDED_CODES =
            Map.of("ttl_exceeded_in_transit", 0, "frag_reass_exceeded", 1, "frag_time_exceeded", 1);

    private IcmpNames() {}

    static int type(String name) {
        return number(name, "type_", TYPES.get(name), "ICMP " + name);
    }

    static int code(int type, String name) {
        Integer code = switch (type) {
            case UNREACHABLE -> UNREACHABLE_CODES.get(name);
            case TIME_EXCEEDED -> TIME_EXCEEDED_CODES.get(name);
            default -> null;
        };
        return number(name, "code_", code, "the code " + name + " of ICMP type " + type);
    }

    private static int number(String name, String prefix, @Nullable Integer known, String what) {
        if (known != null) {
            return known;
        }
        String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > 255) {
            throw Failure.unsupported(what);
        }
        return Integer.parseInt(digits);
    }
}
