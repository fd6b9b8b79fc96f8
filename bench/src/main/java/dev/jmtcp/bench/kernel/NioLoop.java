package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Loop;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import java.util.function.Function;

/** Both ends on one selector of one thread, which is what costs the least here. */
public final class NioLoop extends Loop {

    /** How long to wait for something to be ready: on the loopback interface something always is. In milliseconds. */
    private static final long WAIT = 1;

    private static final long PATIENCE = 10_000_000_000L;

    private final Selector selector = Selector.open();
    private final Buffers buffers = new Buffers();
    private final Tally tally = new Tally();
    private final Consumer<SelectionKey> dispatch = this::dispatch;
    private final Acceptor acceptor;
    private final Client client;

    private NioLoop(Load kind) throws IOException {
        var stream = new Stream(1);
        Function<SocketChannel, Handler> handlers = switch (kind) {
            case Load.Transactions _ -> channel -> new Answer(channel, buffers, tally);
            case Load.PingPong _, Load.Paced _, Load.Idle _ -> channel -> new Echo(channel, buffers, tally);
            case Load.Bulk _ -> channel -> new Sink(channel, buffers, stream, tally);
        };
        acceptor = new Acceptor(selector, tally, handlers);
        client = switch (kind) {
            case Load.Transactions(int atOnce) ->
                new Transactions(selector, buffers, tally, acceptor.address(), atOnce);
            case Load.PingPong(int connections, int _) ->
                new PingPong(selector, buffers, tally, acceptor.address(), connections, this::turn);
            case Load.Paced(int connections) ->
                new PacedRequests(selector, buffers, tally, acceptor.address(), connections);
            case Load.Idle _ -> throw new IOException("the kernel's memory is not known here");
            case Load.Bulk(int connections, int _) ->
                new BulkClient(selector, tally, acceptor.address(), connections, stream);
        };
    }

    public static NioLoop of(Load kind) throws IOException {
        var loop = new NioLoop(kind);
        while (loop.tally.accepted < loop.tally.connected) {
            loop.turn();
        }
        return loop;
    }

    @Override
    public String name() {
        return "kernel-nio";
    }

    @Override
    public String description() {
        return Loopback.description() + ", one selector for both ends";
    }

    @Override
    protected void turn() throws IOException {
        try {
            if (client instanceof PacedRequests paced) {
                paced.send();
                selector.selectNow(dispatch); // as jmtcp does: where microseconds count, a millisecond is too long
            } else {
                selector.select(dispatch, WAIT);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void dispatch(SelectionKey key) {
        try {
            ((Handler) key.attachment()).ready(key);
        } catch (IOException e) {
            throw new UncheckedIOException(name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Client client() {
        return client;
    }

    @Override
    protected long frames() {
        return -1;
    }

    @Override
    public Outcome finish() throws IOException {
        client.end();
        settle();
        long end = System.nanoTime() + PATIENCE;
        while (selector.keys().size() > 1 && System.nanoTime() < end) {
            turn();
        }
        tally.expect("connections accepted", tally.accepted, tally.connected);
        tally.expect("bytes that arrived", tally.received, tally.sent);
        tally.expect("ends read", tally.ended, tally.connected);
        tally.expect("connections left", selector.keys().size() - 1L, 0);
        return new Outcome(tally.counts(), tally.problems());
    }

    @Override
    public void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            acceptor.close();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
