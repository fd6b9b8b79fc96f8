package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/** Listens, and gives each connection a handler. */
final class Acceptor implements Handler {

    private static final int BACKLOG = 1 << 16;

    private final Selector selector;
    private final Tally tally;
    private final Function<SocketChannel, Handler> handlers;
    private final ServerSocketChannel channel = ServerSocketChannel.open();

    Acceptor(Selector selector, Tally tally, Function<SocketChannel, Handler> handlers) throws IOException {
        this.selector = selector;
        this.tally = tally;
        this.handlers = handlers;
        channel.configureBlocking(false);
        channel.bind(Loopback.anyPort(), BACKLOG);
        channel.register(selector, SelectionKey.OP_ACCEPT, this);
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        for (SocketChannel accepted = channel.accept(); accepted != null; accepted = channel.accept()) {
            tally.accepted++;
            accepted.configureBlocking(false);
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            accepted.register(selector, SelectionKey.OP_READ, handlers.apply(accepted));
        }
    }
}
