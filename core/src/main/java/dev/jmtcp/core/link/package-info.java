/** Ethernet in and out, and the neighbour table (ARP). */
@NullMarked
package dev.jmtcp.core.link;

import org.jspecify.annotations.NullMarked;
