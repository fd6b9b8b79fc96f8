package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Accepts connections. Socket objects are used again. */
abstract class Server extends Endpoint {

    private static final Object LISTENER = new Object();
    private static final int BACKLOG = 1 << 16;

    private final ArrayDeque<MtcpSocket> closed = new ArrayDeque<>();

    /**
     * @param ports how many ports it listens on
     */
    Server(Context context, Tally tally, int firstPort, int ports) throws MtcpException {
        super(context, tally);
        for (int port = firstPort; port < firstPort + ports; port++) {
            MtcpSocket listener = context.socket();
            listener.blocking(false);
            listener.bind(new InetSocketAddress(port));
            listener.listen(BACKLOG);
            epoll.add(listener, EpollEvent.IN, LISTENER);
        }
    }

    @Override
    final void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException {
        if (attachment == LISTENER) {
            accept(socket);
        } else {
            serve(socket, attachment);
        }
    }

    private void accept(MtcpSocket listener) throws MtcpException {
        while (true) {
            MtcpSocket socket = closed.pollLast();
            if (socket == null) {
                socket = context.socket();
                socket.close(); // so that accept can fill it
            }
            if (!listener.accept(socket)) {
                closed.add(socket);
                return;
            }
            tally.accepted++;
            socket.blocking(false);
            epoll.add(socket, READING, attachment());
        }
    }

    /** What is attached to a new connection. */
    @Nullable
    Object attachment() {
        return null;
    }

    /** Something has come. */
    abstract void serve(MtcpSocket socket, @Nullable Object attachment) throws IOException;

    /** Closes a connection. */
    final void close(MtcpSocket socket) throws MtcpException {
        socket.close();
        closed.add(socket);
    }

    @Override
    final void broken(MtcpSocket socket, @Nullable Object attachment) {
        closed.add(socket);
    }
}
