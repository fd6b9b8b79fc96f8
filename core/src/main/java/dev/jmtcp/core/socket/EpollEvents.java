package dev.jmtcp.core.socket;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Epoll#await} has found: for each ready object one entry, with all its bits. Reused from call to call; belongs to the thread that
 * passes it.
 */
public final class EpollEvents {

    private final int[] events;
    private final @Nullable Pollable[] sources;
    private final @Nullable Object[] attachments;
    private int count;

    /**
     * Room for results.
     *
     * @param capacity the most entries of one call, at least 1
     */
    public EpollEvents(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity);
        }
        events = new int[capacity];
        sources = new Pollable[capacity];
        attachments = new Object[capacity];
    }

    public int capacity() {
        return events.length;
    }

    /** How many entries the last call has found. */
    public int count() {
        return count;
    }

    /** The bits of entry {@code i}: see {@link EpollEvent}. */
    public int events(int i) {
        return events[Objects.checkIndex(i, count)];
    }

    /** Whether entry {@code i} has one of these bits. */
    public boolean has(int i, int bits) {
        return (events(i) & bits) != 0;
    }

    /** What entry {@code i} is about. */
    public Pollable source(int i) {
        return Objects.requireNonNull(sources[Objects.checkIndex(i, count)]);
    }

    /**
     * The socket that entry {@code i} is about.
     *
     * @throws ClassCastException if it is the end of a pipe
     */
    public MtcpSocket socket(int i) {
        return (MtcpSocket) source(i);
    }

    /** What was attached to entry {@code i} when it was registered. */
    public @Nullable Object attachment(int i) {
        return attachments[Objects.checkIndex(i, count)];
    }

    /** Forgets the entries, and lets go of what they refer to. */
    public void clear() {
        Arrays.fill(sources, null);
        Arrays.fill(attachments, null);
        count = 0;
    }

    void begin() {
        count = 0;
    }

    boolean isFull() {
        return count == events.length;
    }

    void add(int bits, Pollable source, @Nullable Object attachment) {
        events[count] = bits;
        sources[count] = source;
        attachments[count] = attachment;
        count++;
    }
}
