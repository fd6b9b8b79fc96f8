/**
 * Header codecs as static functions over memory segment and offset: Ethernet, ARP, IPv4, ICMP, TCP, checksum. They read and write what they
 * are told to and check nothing: that enough bytes are there is the caller's business, unless a method says otherwise. Knows nothing of
 * other packages.
 */
@NullMarked
package dev.jmtcp.core.wire;

import org.jspecify.annotations.NullMarked;
