package dev.jmtcp.driver.sim;

import java.lang.foreign.MemorySegment;

/** The memory that a wire lives in, and the lock under which ports come and go. For any thread. */
sealed interface WireMemory extends AutoCloseable permits ArenaMemory, FileMemory {

    MemorySegment segment();

    Layout layout();

    /** Takes the lock; no other thread of any process that shares the memory has it then. */
    void lock();

    void unlock();

    /** Under the lock: this process takes a place. */
    void take(int place);

    /** Under the lock: this process gives a place up. */
    void leave(int place);

    /** Under the lock: whether the process that holds a place lives. */
    boolean isAlive(int place);

    /** Whether other processes may share the memory. */
    boolean isShared();

    @Override
    void close();
}
