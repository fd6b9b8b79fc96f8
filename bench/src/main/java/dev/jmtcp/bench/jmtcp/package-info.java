/** jmtcp with an application at both ends, by its public interface, over the simulated wire. */
@NullMarked
package dev.jmtcp.bench.jmtcp;

import org.jspecify.annotations.NullMarked;
