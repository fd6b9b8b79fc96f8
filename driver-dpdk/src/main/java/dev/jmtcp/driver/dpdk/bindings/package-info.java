/**
 * DPDK's functions and structures, as far as drivers need them, by foreign functions and without a library of their own: the environment (EAL), pools of
 * packet buffers (mbufs), devices (ethdev), rings and named memory. Layouts are those of ABI 23, DPDK 22.11.
 *
 * <p>Addresses are plain longs. Who calls sees to it that what they point to lives.
 */
@NullMarked
package dev.jmtcp.driver.dpdk.bindings;

import org.jspecify.annotations.NullMarked;
