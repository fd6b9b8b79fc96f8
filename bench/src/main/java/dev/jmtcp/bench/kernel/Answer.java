package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The server's end of a connection with one request: sends it back and closes. */
final class Answer implements Handler {

    private final SocketChannel channel;
    private final Buffers buffers;
    private final Tally tally;
    private int taken;

    Answer(SocketChannel channel, Buffers buffers, Tally tally) {
        this.channel = channel;
        this.buffers = buffers;
        this.tally = tally;
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        int n = buffers.read(channel, 0, Message.SIZE - taken);
        if (n < 0) {
            tally.failed("no request");
            channel.close();
            return;
        }
        taken += n;
        buffers.bytes.flip();
        if (channel.write(buffers.bytes) < n) {
            tally.failed("no room for an answer");
        }
        if (taken == Message.SIZE) {
            channel.close();
        }
    }
}
