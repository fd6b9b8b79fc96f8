/** The kernel's TCP over the loopback interface, used by NIO. */
@NullMarked
package dev.jmtcp.bench.kernel;

import org.jspecify.annotations.NullMarked;
