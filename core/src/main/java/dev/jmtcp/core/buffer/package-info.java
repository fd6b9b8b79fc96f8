/** Pooled chunks; the send buffer, and the receive buffer with reassembly. */
@NullMarked
package dev.jmtcp.core.buffer;

import org.jspecify.annotations.NullMarked;
