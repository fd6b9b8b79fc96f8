/** The contract test of a packet I/O driver. */
@NullMarked
package dev.jmtcp.spi.tck;

import org.jspecify.annotations.NullMarked;
