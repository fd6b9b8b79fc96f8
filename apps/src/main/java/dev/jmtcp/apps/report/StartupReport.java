package dev.jmtcp.apps.report;

import dev.jmtcp.core.config.Cidr;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.config.StaticNeighbor;
import dev.jmtcp.core.config.StaticRoute;
import dev.jmtcp.core.config.TcpConfig;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables that mTCP prints when it starts: configuration, interfaces, routes, neighbours. */
public final class StartupReport {

    private static final String RULE = "-".repeat(81);
    private static final long SECOND = 1_000_000_000;

    private final JmtcpConfig config;
    private final List<Port> ports;
    private final int availableCpus;

    /**
     * @param ports the open ports
     * @param availableCpus the CPUs of this machine
     */
    public StartupReport(JmtcpConfig config, List<Port> ports, int availableCpus) {
        this.config = config;
        this.ports = List.copyOf(ports);
        this.availableCpus = availableCpus;
    }

    /** All lines, in mTCP's order. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(RULE);
        config.files().main().ifPresent(file -> lines.add("Loading mtcp configuration from : " + file));
        lines.add("Loading interface setting");
        addConfiguration(lines);
        addInterfaces(lines);
        addRoutes(lines);
        addNeighbors(lines);
        return lines;
    }

    private void addConfiguration(List<String> lines) {
        TcpConfig tcp = config.tcp();
        lines.add("Configurations:");
        lines.add("Number of CPU cores available: " + availableCpus);
        lines.add("Number of CPU cores to use: " + config.numCores());
        lines.add("Maximum number of concurrency per core: " + config.maxConcurrency());
        if (config.multiprocess()) {
            lines.add("Multi-process support is enabled");
        }
        lines.add("Maximum number of preallocated buffers per core: " + config.maxNumBuffers());
        lines.add("Receive buffer size: " + tcp.receiveBuffer());
        lines.add("Send buffer size: " + tcp.sendBuffer());
        lines.add(
                tcp.idleTimeout() > 0
                        ? "TCP timeout seconds: " + tcp.idleTimeout() / SECOND
                        : "TCP timeout check disabled.");
        lines.add("TCP timewait seconds: " + tcp.timeWait() / SECOND);
        var printed = new StringBuilder("NICs to print statistics:");
        ports.stream()
                .filter(port -> config.printsStatistics(port.name()))
                .forEach(port -> printed.append(' ').append(port.name()));
        lines.add(printed.toString());
        lines.add(RULE);
    }

    private void addInterfaces(List<String> lines) {
        lines.add("Interfaces:");
        for (Port port : ports) {
            List<Cidr> addresses = config.port(port.name()).addresses();
            for (Cidr address : addresses.isEmpty() ? List.of(Cidr.parse("0.0.0.0/0")) : addresses) {
                lines.add("name: %s, ifindex: %d, hwaddr: %s, ipaddr: %s, netmask: %s"
                        .formatted(
                                port.name(),
                                port.index(),
                                upperCase(port.mac()),
                                address.address().getHostAddress(),
                                address.mask().getHostAddress()));
            }
        }
        lines.add("Number of NIC queues: " + config.numCores());
        lines.add(RULE);
    }

    private void addRoutes(List<String> lines) {
        config.files().routes().ifPresent(file -> lines.add("Loading routing configurations from : " + file));
        lines.add("Routes:");
        int before = lines.size();
        for (Port port : ports) {
            for (Cidr address : config.port(port.name()).addresses()) {
                lines.add(route(new Cidr(address.network(), address.prefixLength()), port.index()));
            }
        }
        for (StaticRoute route : config.routes()) {
            Cidr destination = route.gateway()
                    .map(gateway -> new Cidr(gateway, route.destination().prefixLength()))
                    .orElse(route.destination());
            ports.stream()
                    .filter(port -> port.name().equals(route.port()))
                    .findFirst()
                    .ifPresent(port -> lines.add(route(destination, port.index())));
        }
        endTable(lines, before);
    }

    private static String route(Cidr destination, int port) {
        return "Destination: %s, Mask: %s, Masked: %s, Route: ifdx-%d"
                .formatted(
                        destination,
                        destination.mask().getHostAddress(),
                        destination.network().getHostAddress(),
                        port);
    }

    private void addNeighbors(List<String> lines) {
        config.files().neighbors().ifPresent(file -> lines.add("Loading ARP table from : " + file));
        lines.add("ARP Table:");
        int before = lines.size();
        for (StaticNeighbor neighbor : config.neighbors()) {
            lines.add("IP addr: %s, dst_hwaddr: %s"
                    .formatted(neighbor.addresses().address().getHostAddress(), upperCase(neighbor.mac())));
        }
        endTable(lines, before);
    }

    private static void endTable(List<String> lines, int sizeBefore) {
        if (lines.size() == sizeBefore) {
            lines.add("(blank)");
        }
        lines.add(RULE);
    }

    private static String upperCase(MacAddress mac) {
        return mac.toString().toUpperCase(Locale.ROOT);
    }
}
