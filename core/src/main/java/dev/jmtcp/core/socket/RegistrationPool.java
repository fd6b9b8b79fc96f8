package dev.jmtcp.core.socket;

import org.jspecify.annotations.Nullable;

/** Registrations that are not in use. No application ever sees one, so they can be used again at once. Belongs to the stack's thread. */
final class RegistrationPool {

    private @Nullable Registration free;

    Registration take() {
        Registration r = free;
        if (r == null) {
            return new Registration();
        }
        free = r.next;
        r.next = null;
        return r;
    }

    void give(Registration r) {
        r.epoll = null;
        r.target = null;
        r.attachment = null;
        r.events = 0;
        r.next = free;
        free = r;
    }
}
