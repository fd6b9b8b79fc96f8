/** How contestants are measured: in turn, in one process, by the processor time they take. */
@NullMarked
package dev.jmtcp.bench.race;

import org.jspecify.annotations.NullMarked;
