package dev.jmtcp.core.socket;

import org.jspecify.annotations.Nullable;

/** That an epoll watches something. Reused: see {@link RegistrationPool}. Belongs to the stack's thread. */
final class Registration {

    @Nullable
    Epoll epoll;

    @Nullable
    Pollable target;

    /** What is watched for, and how; no event bits at all after a ONESHOT report. */
    int events;

    @Nullable
    Object attachment;

    /** The other registrations of the target, or the pool's free ones. */
    @Nullable
    Registration next;

    /** The epoll's ready list: a ring around {@link Epoll#ready}; null while this is not in it. */
    @Nullable
    Registration nextReady;

    @Nullable
    Registration previousReady;

    boolean isReady() {
        return nextReady != null;
    }

    /** Puts this into a ready list, at its end. */
    void enqueue(Registration ring) {
        Registration last = ring.previousReady;
        if (last == null) {
            throw new IllegalStateException("not a ring");
        }
        nextReady = ring;
        previousReady = last;
        last.nextReady = this;
        ring.previousReady = this;
    }

    /** Takes this out of the ready list, if it is there. */
    void dequeue() {
        Registration after = nextReady;
        Registration before = previousReady;
        if (after != null && before != null) {
            before.nextReady = after;
            after.previousReady = before;
            nextReady = null;
            previousReady = null;
        }
    }
}
