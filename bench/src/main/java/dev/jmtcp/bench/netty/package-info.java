/** Netty on the kernel's TCP, over the loopback interface. */
@NullMarked
package dev.jmtcp.bench.netty;

import org.jspecify.annotations.NullMarked;
