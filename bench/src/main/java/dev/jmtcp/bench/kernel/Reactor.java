package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** A selector, and what the handlers of its channels share. Belongs to one thread. */
final class Reactor {

    final Selector selector = Selector.open();
    final Buffers buffers = new Buffers();
    final Tally tally = new Tally();
    private final String owner;
    private final Consumer<SelectionKey> dispatch = this::dispatch;

    /**
     * @param owner named where something fails
     */
    Reactor(String owner) throws IOException {
        this.owner = owner;
    }

    /** Has the handlers do what there is to do; waits for it so many milliseconds at most, 0 for without end. */
    void select(long millis) throws IOException {
        try {
            selector.select(dispatch, millis);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Has the handlers do what there is to do now. */
    void selectNow() throws IOException {
        try {
            selector.selectNow(dispatch);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void dispatch(SelectionKey key) {
        try {
            ((Handler) key.attachment()).ready(key);
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(owner + ": " + e.getMessage(), e));
        }
    }

    /** How many channels are open. */
    int channels() {
        return selector.keys().size();
    }

    /** Ends {@link #select}, or the next one. The one method for any thread. */
    void wakeup() {
        selector.wakeup();
    }

    /** Closes the channels, too. */
    void close() throws IOException {
        if (selector.isOpen()) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        }
    }
}
