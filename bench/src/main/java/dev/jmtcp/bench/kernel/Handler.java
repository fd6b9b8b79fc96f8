package dev.jmtcp.bench.kernel;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** What is attached to a key: who is told that its channel is ready. */
@FunctionalInterface
interface Handler {

    void ready(SelectionKey key) throws IOException;
}
