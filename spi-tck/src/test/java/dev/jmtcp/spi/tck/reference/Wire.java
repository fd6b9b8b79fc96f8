package dev.jmtcp.spi.tck.reference;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** A wire: what is sent at an end comes in at the other. All wires of the process are known by name. */
final class Wire {

    private static final ConcurrentMap<String, Wire> WIRES = new ConcurrentHashMap<>();

    private final End[] ends = new End[2];

    /** An end that is open: where frames for it go in. */
    record End(Incoming[] queues, Steering steering) {}

    static Wire named(String name) {
        return WIRES.computeIfAbsent(name, _ -> new Wire());
    }

    /** Whether the end was free. */
    synchronized boolean plug(int side, End end) {
        if (ends[side] != null) {
            return false;
        }
        ends[side] = end;
        return true;
    }

    synchronized void unplug(int side) {
        ends[side] = null;
    }

    synchronized End end(int side) {
        return ends[side];
    }
}
