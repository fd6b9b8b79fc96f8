package dev.jmtcp.apps.http;

import java.lang.foreign.MemorySegment;

/** Takes an answer's bytes: the send buffer of a connection. */
public interface ContentSink {

    /** How many bytes can be taken now. */
    int room();

    /**
     * Takes bytes, copying them.
     *
     * @return how many were taken, from 0 to {@code length}
     */
    int write(MemorySegment source, long offset, int length);
}
