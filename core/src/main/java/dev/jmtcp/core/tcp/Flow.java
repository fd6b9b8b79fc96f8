package dev.jmtcp.core.tcp;

import dev.jmtcp.core.timer.Timer;

/**
 * What a connection is found by: both addresses and both ports, see {@link FlowTable}. Also its timer, so that a connection is one object. Belongs to
 * the stack's thread. The addresses and ports must not change while this is in a table.
 */
abstract class Flow extends Timer {

    /** The local address, see {@link dev.jmtcp.core.wire.Address}. */
    long localHigh;

    long localLow;

    /** The remote address. */
    long remoteHigh;

    long remoteLow;

    char localPort;
    char remotePort;

    /** Set by the table when this is added. */
    int flowHash;
}
