package dev.jmtcp.driver.sim;

import org.jspecify.annotations.Nullable;

/**
 * How a port is to be, beside what every driver's ports are.
 *
 * @param seed where its hardware address and its chance come from
 * @param impairments what happens to the frames it sends
 * @param flowControl whether it waits for a receiver whose ring is full
 * @param offloading what work it takes off the stack
 * @param recorder where the frames it sends are recorded, if they are
 */
record PortSetup(
        long seed,
        Impairments impairments,
        boolean flowControl,
        Offloading offloading,
        @Nullable Recorder recorder) {}
