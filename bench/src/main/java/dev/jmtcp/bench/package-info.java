/** The command {@code jmtcp bench}. */
@NullMarked
package dev.jmtcp.bench;

import org.jspecify.annotations.NullMarked;
