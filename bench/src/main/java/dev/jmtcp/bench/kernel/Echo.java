package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The server's end of a connection that lasts: sends back what comes. */
final class Echo implements Handler {

    private final SocketChannel channel;
    private final Buffers buffers;
    private final Tally tally;

    Echo(SocketChannel channel, Buffers buffers, Tally tally) {
        this.channel = channel;
        this.buffers = buffers;
        this.tally = tally;
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        int n = buffers.read(channel, 0, Buffers.SIZE);
        if (n < 0) {
            channel.close();
            return;
        }
        buffers.bytes.flip();
        if (channel.write(buffers.bytes) < n) {
            tally.failed("no room for an answer");
        }
    }
}
