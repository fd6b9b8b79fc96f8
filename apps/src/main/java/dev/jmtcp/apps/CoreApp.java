package dev.jmtcp.apps;

import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.stack.StackClient;
import java.io.IOException;

/** One core's part of an application: gets its turns until it has ended. Belongs to the thread of its context's owner. */
interface CoreApp extends StackClient {

    /** Makes the part of a core, on the thread of the context's owner. */
    @FunctionalInterface
    interface Factory<A extends CoreApp> {
        A start(Context context) throws IOException;
    }

    /** Whether it has still something to do. */
    boolean isRunning();
}
