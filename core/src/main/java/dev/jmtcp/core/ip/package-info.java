/** IPv4 in and out, ICMP, routes. */
@NullMarked
package dev.jmtcp.core.ip;

import org.jspecify.annotations.NullMarked;
