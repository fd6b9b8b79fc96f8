/**
 * A driver that keeps the contract, or breaks it in one chosen way: a wire in memory with two ends.
 *
 * <p>Ports are named {@code <wire>:a} and {@code <wire>:b}; each end is opened once, by one driver or by two.
 */
package dev.jmtcp.spi.tck.reference;
