package dev.jmtcp.core.config;

import dev.jmtcp.spi.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@link PortSettings} under construction. */
final class PortDraft {

    final List<Cidr> addresses = new ArrayList<>();
    final Map<String, String> options = new LinkedHashMap<>();

    @Nullable
    InetAddress gateway;

    @Nullable
    MacAddress mac;

    OptionalInt mtu = OptionalInt.empty();

    PortSettings build(String name) {
        return new PortSettings(name, addresses, Optional.ofNullable(gateway), Optional.ofNullable(mac), mtu, options);
    }
}
