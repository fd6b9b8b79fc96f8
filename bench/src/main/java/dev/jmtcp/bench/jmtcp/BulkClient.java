package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends a stream on each connection, as fast as it is taken. */
final class BulkClient extends Endpoint implements Client {

    private static final class Source {
        final MtcpSocket socket;
        long position;

        Source(MtcpSocket socket) {
            this.socket = socket;
        }
    }

    private final Stream stream;
    private final List<Source> sources;
    private boolean going;

    /**
     * @param connections that stand; they become this one's
     */
    BulkClient(Context context, Tally tally, List<MtcpSocket> connections, Stream stream) throws MtcpException {
        super(context, tally);
        this.stream = stream;
        sources = connections.stream().map(Source::new).toList();
        for (Source source : sources) {
            epoll.add(source.socket, WRITING, source);
        }
    }

    @Override
    void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException {
        send((Source) Objects.requireNonNull(attachment));
    }

    private void send(Source source) throws MtcpException {
        int n = 1;
        while (going && n > 0) {
            n = source.socket.write(stream.memory, Stream.place(source.position), Stream.WINDOW);
            source.position += n;
            tally.sent += n;
        }
    }

    @Override
    public void go() throws IOException {
        going = true;
        for (Source source : sources) {
            send(source);
        }
    }

    @Override
    public void pause() {
        going = false;
    }

    @Override
    public boolean isQuiet() {
        return tally.received >= tally.sent;
    }

    @Override
    public long units() {
        return tally.received;
    }

    @Override
    public void end() throws IOException {
        for (Source source : sources) {
            source.socket.close();
        }
    }
}
