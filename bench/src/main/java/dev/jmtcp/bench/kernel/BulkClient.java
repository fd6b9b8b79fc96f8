package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Sends a stream on each connection, as fast as it is taken. */
final class BulkClient implements Client {

    private final ByteBuffer content;
    private final Tally tally;
    private final LongSupplier arrived;
    private final List<Source> sources = new ArrayList<>();
    private boolean going;

    /**
     * @param arrived how many bytes the server has verified
     */
    BulkClient(
            Selector selector,
            Tally tally,
            InetSocketAddress server,
            int connections,
            Stream stream,
            LongSupplier arrived)
            throws IOException {
        this.tally = tally;
        this.arrived = arrived;
        content = stream.memory.asByteBuffer();
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(server); // the kernel alone opens it
            channel.configureBlocking(false);
            var source = new Source(channel, channel.register(selector, 0));
            source.key.attach(source);
            sources.add(source);
            tally.connected++;
        }
    }

    /** The client's end of a connection. */
    private final class Source implements Handler {
        private final SocketChannel channel;
        private final SelectionKey key;
        private long position;

        Source(SocketChannel channel, SelectionKey key) {
            this.channel = channel;
            this.key = key;
        }

        @Override
        public void ready(SelectionKey ready) throws IOException {
            if (!going) {
                key.interestOps(0);
                return;
            }
            int place = (int) Stream.place(position);
            content.limit(place + Stream.WINDOW).position(place);
            int n = channel.write(content);
            position += n;
            tally.sent += n;
        }
    }

    @Override
    public void go() {
        going = true;
        for (Source source : sources) {
            source.key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    @Override
    public void pause() {
        going = false;
    }

    @Override
    public boolean isQuiet() {
        return arrived.getAsLong() >= tally.sent;
    }

    @Override
    public long units() {
        return arrived.getAsLong();
    }

    @Override
    public void end() throws IOException {
        for (Source source : sources) {
            source.channel.close();
        }
    }
}
