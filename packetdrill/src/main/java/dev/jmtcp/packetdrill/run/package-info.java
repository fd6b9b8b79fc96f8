/** Runs a script: the wire, the clock, the packets, the calls. */
@NullMarked
package dev.jmtcp.packetdrill.run;

import org.jspecify.annotations.NullMarked;
