/** DPDK from Java against the same loops in C. */
@NullMarked
package dev.jmtcp.bench.dpdk;

import org.jspecify.annotations.NullMarked;
