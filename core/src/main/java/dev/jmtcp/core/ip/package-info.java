/** IPv4 in and out, ICMP, routes and path MTU. */
@NullMarked
package dev.jmtcp.core.ip;

import org.jspecify.annotations.NullMarked;
