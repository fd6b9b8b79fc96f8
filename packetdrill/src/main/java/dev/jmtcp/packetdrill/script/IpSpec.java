package dev.jmtcp.packetdrill.script;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a script says of a packet's IP header.
 *
 * @param ecn the ECN field by its name: {@code noecn}, {@code ect0}, {@code ect1}, {@code ce}, {@code ect01}; null for nothing said
 * @param trafficClass the whole octet
 * @param hopLimit the TTL
 * @param flowLabel IPv6 only
 */
public record IpSpec(@Nullable String ecn, OptionalInt trafficClass, OptionalInt hopLimit, OptionalInt flowLabel) {

    /** Nothing. */
    public static final IpSpec NONE = new IpSpec(null, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
}
