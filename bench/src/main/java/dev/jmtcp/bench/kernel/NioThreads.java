package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Loop;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Each end with a selector and a thread of its own, as a server and those who ask it have. The client's is that of whoever has it work; the time of both counts. */
public final class NioThreads extends Loop {

    private static final String NAME = "kernel-nio-threads";

    /** How long the client waits for something to be ready before it looks whether the server is well, in milliseconds. */
    private static final long WAIT = 1;

    private final ServerThread server;
    private final Reactor reactor;
    private final Client client;

    private NioThreads(ServerThread server, Load kind, Stream stream) throws IOException {
        super(NioLoop.TURNS, server.thread());
        this.server = server;
        reactor = new Reactor(NAME);
        client = Ends.client(reactor, kind, stream, server.address(), server::check, server::arrived);
    }

    public static NioThreads of(Load kind) throws IOException {
        var stream = new Stream(1);
        var server = new ServerThread(NAME, kind, stream);
        boolean done = false;
        try {
            var both = new NioThreads(server, kind, stream);
            done = true;
            return both;
        } finally {
            if (!done) {
                server.close();
            }
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return Loopback.description() + ", a selector and a thread for each end";
    }

    @Override
    protected void turn() throws IOException {
        server.check();
        reactor.select(WAIT);
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
        reactor.selectNow(); // forgets the channels that were closed
        Tally tally = reactor.tally;
        tally.expect("connections left at the client", reactor.channels(), 0);
        tally.add(server.finish());
        tally.expect("connections accepted", tally.accepted, tally.connected);
        tally.expect("bytes that arrived", tally.received, tally.sent);
        tally.expect("ends read", tally.ended, tally.connected);
        return new Outcome(tally.counts(), tally.problems());
    }

    @Override
    public void close() {
        try {
            try {
                server.close();
            } finally {
                reactor.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
