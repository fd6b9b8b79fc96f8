/** The intrusive hierarchical timer wheel. */
@NullMarked
package dev.jmtcp.core.timer;

import org.jspecify.annotations.NullMarked;
