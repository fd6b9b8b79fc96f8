package dev.jmtcp.core.config;

import dev.jmtcp.spi.MacAddress;

/**
 * Neighbours whose hardware address {@code arp.conf} names.
 *
 * @param addresses the addresses meant: with a prefix shorter than the address, all of that network
 * @param mac their hardware address
 */
public record StaticNeighbor(Cidr addresses, MacAddress mac) {}
