package dev.jmtcp.driver.netmap;

/** A stretch of memory that is filled from its beginning. Belongs to the queue's thread. */
final class Room {

    private static final int ALIGNMENT = 64;

    private final long begin;
    private final long end;
    private long at;

    Room(long begin, long size) {
        this.begin = begin;
        end = begin + size;
        at = begin;
    }

    void clear() {
        at = begin;
    }

    /** Where the next may be put. */
    long at() {
        return at;
    }

    boolean fits(long length) {
        return at + length <= end;
    }

    void take(long length) {
        at = at + length + (ALIGNMENT - 1) & -ALIGNMENT;
    }
}
