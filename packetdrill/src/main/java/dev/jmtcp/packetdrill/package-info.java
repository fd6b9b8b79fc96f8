/** What runs packetdrill scripts and says what became of them. */
@NullMarked
package dev.jmtcp.packetdrill;

import org.jspecify.annotations.NullMarked;
