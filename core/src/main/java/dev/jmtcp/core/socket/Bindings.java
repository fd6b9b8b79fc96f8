package dev.jmtcp.core.socket;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which local ports the sockets of a context are bound to, listening or not. Belongs to the stack's thread. */
final class Bindings {

    /** The ports that are given out where none was asked for: those of RFC 6335 section 6. */
    private static final int FIRST_DYNAMIC = 49_152;

    private static final int DYNAMIC = 65_536 - FIRST_DYNAMIC;

    private final Map<Integer, SocketExtras> bound = new HashMap<>();
    private int nextDynamic;

    /**
     * Binds a socket.
     *
     * @param port 0 for any that nobody is bound to
     * @return false if the port is taken, at this or an overlapping address
     */
    boolean bind(SocketExtras binding, long high, long low, int port) {
        int chosen = port == 0 ? free() : port;
        if (chosen < 0 || overlaps(high, low, chosen)) {
            return false;
        }
        binding.localHigh = high;
        binding.localLow = low;
        binding.localPort = chosen;
        binding.portChosen = port == 0;
        binding.nextBound = bound.get(chosen);
        bound.put(chosen, binding);
        return true;
    }

    void unbind(SocketExtras binding) {
        int port = binding.localPort;
        SocketExtras before = null;
        for (SocketExtras b = bound.get(port); b != null; b = b.nextBound) {
            if (b == binding) {
                SocketExtras after = b.nextBound;
                if (before != null) {
                    before.nextBound = after;
                } else if (after != null) {
                    bound.put(port, after);
                } else {
                    bound.remove(port);
                }
                break;
            }
            before = b;
        }
        binding.nextBound = null;
        binding.localPort = 0;
        binding.portChosen = false;
    }

    private boolean overlaps(long high, long low, int port) {
        boolean any = high == 0 && low == 0;
        for (@Nullable SocketExtras b = bound.get(port); b != null; b = b.nextBound) {
            boolean bAny = b.localHigh == 0 && b.localLow == 0;
            if (any || bAny || (b.localHigh == high && b.localLow == low)) {
                return true;
            }
        }
        return false;
    }

    private int free() {
        for (int i = 0; i < DYNAMIC; i++) {
            int port = FIRST_DYNAMIC + (nextDynamic + i) % DYNAMIC;
            if (!bound.containsKey(port)) {
                nextDynamic = (port + 1 - FIRST_DYNAMIC) % DYNAMIC;
                return port;
            }
        }
        return -1;
    }
}
