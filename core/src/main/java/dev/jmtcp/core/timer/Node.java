package dev.jmtcp.core.timer;

/** A link of a circular doubly linked list. A node that is in no list is linked to itself, so there are no nulls to check. */
abstract sealed class Node permits Timer, Slot {

    /** The node before; itself when in no list. */
    Node previous = this;

    /** The node after; itself when in no list. */
    Node next = this;

    @SuppressWarnings("ReferenceEquality") // identity is what is asked
    final boolean isLinked() {
        return next != this;
    }

    final void unlink() {
        previous.next = next;
        next.previous = previous;
        previous = this;
        next = this;
    }
}
