/** The command line and the wiring of the whole. */
@NullMarked
package dev.jmtcp.apps;

import org.jspecify.annotations.NullMarked;
