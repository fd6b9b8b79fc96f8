package dev.jmtcp.driver.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/** The memory of a wire within this process. */
final class ArenaMemory implements WireMemory {

    private final Arena arena = Arena.ofShared();
    private final ReentrantLock lock = new ReentrantLock();
    private final Layout layout;
    private final MemorySegment segment;

    ArenaMemory(Layout layout) {
        this.layout = layout;
        segment = arena.allocate(layout.size, Layout.LINE);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public void lock() {
        lock.lock();
    }

    @Override
    public void unlock() {
        lock.unlock();
    }

    @Override
    public void take(int place) {
        // Whoever takes a place in this process gives it up in order.
    }

    @Override
    public void leave(int place) {
        // See take.
    }

    @Override
    public boolean isAlive(int place) {
        return true;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void close() {
        arena.close();
    }
}
