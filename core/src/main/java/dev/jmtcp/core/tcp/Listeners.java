package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/** The ports that are listened on, each by address or for all addresses; those of one port are linked through {@code nextAtPort}. */
final class Listeners {

    private final @Nullable Listener[] byPort = new Listener[1 << 16];

    /** Adds a listener, unless one stands at the same port with the same address or either is for all addresses. */
    boolean add(Listener added) {
        for (Listener listener = byPort[added.port]; listener != null; listener = listener.nextAtPort) {
            if (isAny(listener) || isAny(added) || (listener.high == added.high && listener.low == added.low)) {
                return false;
            }
        }
        added.nextAtPort = byPort[added.port];
        byPort[added.port] = added;
        return true;
    }

    void remove(Listener removed) {
        Listener previous = null;
        for (Listener listener = byPort[removed.port]; listener != null; listener = listener.nextAtPort) {
            if (listener == removed) {
                if (previous == null) {
                    byPort[removed.port] = removed.nextAtPort;
                } else {
                    previous.nextAtPort = removed.nextAtPort;
                }
                return;
            }
            previous = listener;
        }
    }

    @Nullable
    Listener find(long high, long low, int port) {
        Listener listener = byPort[port];
        while (listener != null && !isAny(listener) && (listener.high != high || listener.low != low)) {
            listener = listener.nextAtPort;
        }
        return listener;
    }

    private static boolean isAny(Listener listener) {
        return listener.high == 0 && listener.low == 0;
    }
}
