/**
 * Ethernet in and out, and the neighbour table (ARP). How a stack puts it together with IP is said in {@link dev.jmtcp.core.ip}; a turn goes so:
 *
 * <pre>{@code
 * link.begin(now);
 * for (int port = 0; port < ports; port++) {
 *     if (queue.receive(port, burst) > 0) {
 *         link.receive(port, burst, now);
 *     }
 * }
 * wheel.advance(now);                  // neighbours and reassembly have timers on it
 * ...                                  // TCP writes segments
 * queue.flush();
 * }</pre>
 *
 * <p>One core says {@code link.announce()} when it starts.
 */
@NullMarked
package dev.jmtcp.core.link;

import org.jspecify.annotations.NullMarked;
