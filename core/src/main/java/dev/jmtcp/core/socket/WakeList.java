package dev.jmtcp.core.socket;

import org.jspecify.annotations.Nullable;

/** What calls wait for and where something has happened, in that order. Belongs to the stack's thread. */
final class WakeList {

    private @Nullable Waitable first;
    private @Nullable Waitable last;

    void add(Waitable waitable) {
        if (waitable.woken) {
            return;
        }
        waitable.woken = true;
        if (last == null) {
            first = waitable;
        } else {
            last.nextWoken = waitable;
        }
        last = waitable;
    }

    /**
     * Tries the calls that wait again, also those woken by that.
     *
     * @return whether there was any
     */
    boolean run() {
        if (first == null) {
            return false;
        }
        for (Waitable w = first; w != null; w = first) {
            first = w.nextWoken;
            if (first == null) {
                last = null;
            }
            w.nextWoken = null;
            w.woken = false;
            w.retry();
        }
        return true;
    }
}
