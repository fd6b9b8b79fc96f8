package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.driver.sim.WireConfig;
import dev.jmtcp.spi.PacketIoException;
import java.net.InetSocketAddress;

/** A server and a client, 10.0.0.1 and 10.0.0.2, on a wire that offloads nothing: every checksum is computed and verified by the stacks. */
final class Hosts implements AutoCloseable {

    private static final String SERVER = "10.0.0.1";
    private static final String CLIENT = "10.0.0.2";

    private final Wire wire;
    private final Jmtcp server;
    private final Jmtcp client;

    /**
     * @param cores of each host
     * @param connections the most of a core
     * @param active how many of them work at a time: the wire is long enough for a frame of each, each way
     * @param buffer the most that a connection holds each way, in bytes
     */
    Hosts(int cores, int connections, int active, int buffer, int mtu) throws PacketIoException {
        int ring = Math.max(WireConfig.DEFAULT.ring(), Integer.highestOneBit(2 * active - 1));
        wire = Wire.create(WireConfig.DEFAULT.withRing(ring).withMtu(mtu).withPlaces(Math.max(8, 2 * cores)));
        server = host("server", SERVER, cores, connections, buffer);
        client = host("client", CLIENT, cores, connections, buffer);
    }

    private Jmtcp host(String name, String address, int cores, int connections, int buffer) throws PacketIoException {
        String config = """
                io = pcap-sim
                port = %1$s
                port.%1$s.address = %2$s/24
                num_cores = %3$d
                max_concurrency = %4$d
                max_num_buffers = %4$d
                rcvbuf = %5$d
                sndbuf = %5$d
                tcp_timeout = -1
                """.formatted(name, address, cores, connections, buffer);
        return Jmtcp.init(JmtcpConfig.parse(config), wire.open(name, cores, System::nanoTime));
    }

    Jmtcp server() {
        return server;
    }

    Jmtcp client() {
        return client;
    }

    static InetSocketAddress serverAddress(int port) {
        return new InetSocketAddress(SERVER, port);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        wire.close();
    }
}
