/**
 * IPv4 in and out, ICMP, routes. Knows TCP by the interfaces in {@code tcp} that are there for it, and the link by
 * {@link dev.jmtcp.core.ip.LinkOutput}.
 *
 * <p>A stack puts the layers together from below, then tells each who is above:
 *
 * <pre>{@code
 * var wheel = new TimerWheel(now);
 * var link = new Link(queue, config.interfaces(), neighbours, wheel, counters);
 * var ip = new Ipv4Layer(config, link, wheel, random, counters);
 * var tcp = ...;                       // sends by ip, which is its Network
 * ip.start(tcp, own);                  // receives from ip: tcp is its SegmentInput
 * link.start(ip, siblings);
 * }</pre>
 *
 * <p>The way of a packet:
 *
 * <pre>
 *   Link → Ipv4Layer.receive → checks ─┬─ whole ───────────────┬→ TCP: SegmentInput
 *                                      └─ fragment: Reassembly ┼→ Icmpv4Layer → SegmentInput, or an answer
 *                                                              └→ other protocols: an ICMP error
 *   TCP: Network.reserve, commit → Ipv4Layer ──→ Link
 *   ICMP answers and errors      → Ipv4Output ─→ Link
 * </pre>
 */
@NullMarked
package dev.jmtcp.core.ip;

import org.jspecify.annotations.NullMarked;
