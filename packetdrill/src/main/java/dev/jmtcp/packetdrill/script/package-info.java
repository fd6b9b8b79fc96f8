/** The packetdrill language: what a script is made of, and its parser. */
@NullMarked
package dev.jmtcp.packetdrill.script;

import org.jspecify.annotations.NullMarked;
