package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;

/** The memory that a wire lives in, and the lock under which ports come and go. */
interface WireMemory extends AutoCloseable {

    MemorySegment segment();

    Layout layout();

    /** Takes the lock, which no other wire object on this memory has, in any process. */
    void lock();

    void unlock();

    /** Under the lock: this process now holds a place. */
    void take(int place);

    /** Under the lock: this process gives a place up. */
    void leave(int place);

    /** Under the lock: whether the process that holds a place lives. */
    boolean isAlive(int place);

    @Override
    void close();
}
