package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Loop;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Both ends on one selector of one thread, which is what costs the least here. */
public final class NioLoop extends Loop {

    private static final String NAME = "kernel-nio";

    /** How long to wait for something to be ready: on the loopback interface something always is. In milliseconds. */
    private static final long WAIT = 1;

    /** A turn of many connections takes a millisecond. */
    static final int TURNS = 8;

    private static final long PATIENCE = 10_000_000_000L;

    private final Reactor reactor = new Reactor(NAME);
    private final Tally tally = reactor.tally;
    private final Client client;

    private NioLoop(Load kind) throws IOException {
        super(TURNS);
        var stream = new Stream(1);
        Acceptor acceptor = Ends.server(reactor, kind, stream);
        client = Ends.client(reactor, kind, stream, acceptor.address(), this::turn, () -> tally.received);
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
        return NAME;
    }

    @Override
    public String description() {
        return Loopback.description() + ", one selector for both ends";
    }

    @Override
    protected void turn() throws IOException {
        if (client instanceof PacedRequests paced) {
            paced.send();
            reactor.selectNow(); // as jmtcp does: where microseconds count, a millisecond is too long
        } else {
            reactor.select(WAIT);
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
        while (reactor.channels() > 1 && System.nanoTime() < end) {
            turn();
        }
        tally.expect("connections accepted", tally.accepted, tally.connected);
        tally.expect("bytes that arrived", tally.received, tally.sent);
        tally.expect("ends read", tally.ended, tally.connected);
        tally.expect("connections left", reactor.channels() - 1L, 0);
        return new Outcome(tally.counts(), tally.problems());
    }

    @Override
    public void close() {
        try {
            reactor.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
