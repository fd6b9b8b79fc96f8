/** Capture files: reading pcap and pcapng, writing pcapng. Frames lie in memory segments; nothing is allocated for each. */
@NullMarked
package dev.jmtcp.pcap;

import org.jspecify.annotations.NullMarked;
