package dev.jmtcp.spi;

/**
 * An open port.
 *
 * @param index its number in {@link PacketIo} and {@link PacketQueue} calls, from 0
 * @param name its name
 * @param mac its hardware address
 * @param mtu the largest IP packet in bytes, without the Ethernet header
 * @param bitsPerSecond the link's speed; 0 if unknown
 * @param capabilities what the device does for the stack
 */
public record Port(int index, String name, MacAddress mac, int mtu, long bitsPerSecond, Capabilities capabilities) {}
