package dev.jmtcp.core.link;

import dev.jmtcp.core.ip.Prefix;
import dev.jmtcp.spi.MacAddress;

/**
 * Neighbours whose hardware address is given and never changes.
 *
 * @param addresses their IPv4 addresses; of several prefixes that contain an address the longest counts
 * @param mac their hardware address
 */
public record StaticNeighbour(Prefix addresses, MacAddress mac) {}
