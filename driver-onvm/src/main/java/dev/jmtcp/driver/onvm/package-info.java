/**
 * The stack as a network function (NF) of openNetVM: a secondary process of DPDK that shares packets, rings and records with the manager, {@code onvm_mgr}, and
 * speaks with it as openNetVM's own library does.
 */
@NullMarked
package dev.jmtcp.driver.onvm;

import org.jspecify.annotations.NullMarked;
