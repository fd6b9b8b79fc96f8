package dev.jmtcp.apps.client;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** What becomes of the content of responses, one after the other. Belongs to one thread. */
public interface Body {

    /** Content that nobody wants. For any thread. */
    Body DISCARDED = new Body() {};

    /** A response begins. */
    default void begin() throws IOException {}

    /** Takes the next bytes, which may be used until this returns. */
    default void take(MemorySegment memory, long offset, int length) throws IOException {}

    /**
     * The response is complete.
     *
     * @return whether the content is what it ought to be
     */
    default boolean end() throws IOException {
        return true;
    }

    /** No more will come of the response that was begun. */
    default void abandon() {}
}
