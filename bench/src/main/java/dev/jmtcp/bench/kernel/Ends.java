package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** What both ends do for a kind of work. */
final class Ends {

    /** Has the server do what there is to do. */
    @FunctionalInterface
    interface Turner {
        void turn() throws IOException;
    }

    private Ends() {}

    /** A server on a reactor. */
    static Acceptor server(Reactor reactor, Load kind, Stream stream) throws IOException {
        Buffers buffers = reactor.buffers;
        Tally tally = reactor.tally;
        Function<SocketChannel, Handler> handlers = switch (kind) {
            case Load.Transactions _ -> channel -> new Answer(channel, buffers, tally);
            case Load.PingPong _, Load.Paced _, Load.Idle _ -> channel -> new Echo(channel, buffers, tally);
            case Load.Bulk _ -> channel -> new Sink(channel, buffers, stream, tally);
        };
        return new Acceptor(reactor.selector, tally, handlers);
    }

    /**
     * A client on a reactor.
     *
     * @param turner is called now and then while many connections are opened
     * @param arrived how many bytes of streams the server has verified
     */
    static Client client(
            Reactor reactor, Load kind, Stream stream, InetSocketAddress server, Turner turner, LongSupplier arrived)
            throws IOException {
        return switch (kind) {
            case Load.Transactions(int atOnce) ->
                new Transactions(reactor.selector, reactor.buffers, reactor.tally, server, atOnce);
            case Load.PingPong(int connections, int _) ->
                new PingPong(reactor.selector, reactor.buffers, reactor.tally, server, connections, turner);
            case Load.Paced(int connections) ->
                new PacedRequests(reactor.selector, reactor.buffers, reactor.tally, server, connections);
            case Load.Idle _ -> throw new IOException("the kernel's memory is not known here");
            case Load.Bulk(int connections, int _) ->
                new BulkClient(reactor.selector, reactor.tally, server, connections, stream, arrived);
        };
    }
}
