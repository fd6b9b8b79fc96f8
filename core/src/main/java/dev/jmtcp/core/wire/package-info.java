/** Header codecs as static functions over memory segment and offset: Ethernet, ARP, IPv4, ICMP, TCP, checksum. */
@NullMarked
package dev.jmtcp.core.wire;

import org.jspecify.annotations.NullMarked;
