package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The server's end of a stream: looks at every byte. */
final class Sink implements Handler {

    private final SocketChannel channel;
    private final Buffers buffers;
    private final Stream stream;
    private final Tally tally;
    private long position;

    Sink(SocketChannel channel, Buffers buffers, Stream stream, Tally tally) {
        this.channel = channel;
        this.buffers = buffers;
        this.stream = stream;
        this.tally = tally;
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        int n = buffers.read(channel, 0, Buffers.SIZE);
        if (n < 0) {
            tally.ended++;
            channel.close();
        } else if (stream.matches(position, buffers.memory, 0, n)) {
            tally.received += n;
            position += n;
        } else {
            tally.wrong("in " + n + " bytes from " + position + " on");
            position += n;
        }
    }
}
