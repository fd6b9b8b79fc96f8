package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.PacketIoException;
import java.util.HashMap;
import java.util.Map;

/** The wires of this process that are known by name: made by the first who asks, closed by the last who is done. For any thread. */
final class SharedWires {

    private static final Map<String, SharedWires> KNOWN = new HashMap<>();

    private final Wire wire;
    private int users;

    private SharedWires(Wire wire) {
        this.wire = wire;
    }

    /** Makes a wire. */
    @FunctionalInterface
    interface Maker {
        Wire make() throws PacketIoException;
    }

    /** The wire of this name, made if there is none; to be given back by {@link #release}. */
    static Wire join(String name, Maker maker) throws PacketIoException {
        synchronized (KNOWN) {
            SharedWires shared = KNOWN.get(name);
            if (shared == null) {
                shared = new SharedWires(maker.make());
                KNOWN.put(name, shared);
            }
            shared.users++;
            return shared.wire;
        }
    }

    static void release(String name) {
        synchronized (KNOWN) {
            SharedWires shared = KNOWN.get(name);
            if (shared != null && --shared.users == 0) {
                KNOWN.remove(name);
                shared.wire.close();
            }
        }
    }
}
