/** A small manager of openNetVM for tests: the primary process of DPDK that network functions join. */
@NullMarked
package dev.jmtcp.driver.onvm.manager;

import org.jspecify.annotations.NullMarked;
