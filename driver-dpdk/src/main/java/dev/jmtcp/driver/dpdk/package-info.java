/** The DPDK driver: {@code io = dpdk}. */
@NullMarked
package dev.jmtcp.driver.dpdk;

import org.jspecify.annotations.NullMarked;
