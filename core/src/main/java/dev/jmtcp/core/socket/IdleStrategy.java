package dev.jmtcp.core.socket;

import dev.jmtcp.core.config.IdleMode;

/** What a stack's thread does between two turns if there was nothing to do. Belongs to that thread. */
final class IdleStrategy {

    /** Turns without work before the thread lets others run, and before it rests. */
    private static final int SPINS = 100;

    private static final int YIELDS = 20;

    private final IdleMode mode;
    private int idle;

    IdleStrategy(IdleMode mode) {
        this.mode = mode;
    }

    /** There was something to do. */
    void reset() {
        idle = 0;
    }

    /** Whether the thread should rest now; otherwise this has passed a moment. */
    @SuppressWarnings("ThreadPriorityCheck") // to yield is what was asked for
    boolean shouldRest() {
        switch (mode) {
            case SPIN -> Thread.onSpinWait();
            case YIELD -> Thread.yield();
            case PARK -> {
                if (idle >= SPINS + YIELDS) {
                    return true;
                }
                if (idle++ < SPINS) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }
        return false;
    }
}
