/** The small expression language of a script's code blocks. */
@NullMarked
package dev.jmtcp.packetdrill.code;

import org.jspecify.annotations.NullMarked;
