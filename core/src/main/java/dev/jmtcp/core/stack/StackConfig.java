package dev.jmtcp.core.stack;

import dev.jmtcp.core.ip.Ipv4Config;
import dev.jmtcp.core.link.NeighbourConfig;
import dev.jmtcp.core.tcp.TcpSettings;

/**
 * What a stack is made with.
 *
 * @param tcp the tunables of TCP
 * @param ip the addresses of the ports, and routes
 * @param neighbours how neighbours are kept, and which are known beforehand
 * @param bufferBytes the most memory in bytes for the data of all connections; taken as it is needed and given back
 * @param burst the most frames taken from a port in a turn
 */
public record StackConfig(TcpSettings tcp, Ipv4Config ip, NeighbourConfig neighbours, long bufferBytes, int burst) {

    public static final int DEFAULT_BURST = 64;

    public StackConfig {
        if (bufferBytes < 1 || burst < 1) {
            throw new IllegalArgumentException("buffers of " + bufferBytes + " bytes, bursts of " + burst);
        }
    }
}
