package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens connections that stay. */
final class Dialer extends Endpoint {

    /** The most that are being opened at a time. */
    private static final int AT_ONCE = 256;

    /** Turns both ends. */
    @FunctionalInterface
    interface Turner {
        void turn() throws IOException;
    }

    private int underWay;

    Dialer(Context context, Tally tally) throws MtcpException {
        super(context, tally);
    }

    /**
     * Opens connections to one port; at most 64,511, as many as there are local ports.
     *
     * @return sockets that do not block, watched by nobody
     */
    List<MtcpSocket> dial(InetSocketAddress server, int count, Turner turner) throws IOException {
        context.initRss(InetAddress.getByAddress(new byte[4]), 1, server);
        var sockets = new ArrayList<MtcpSocket>(count);
        while (sockets.size() < count || underWay > 0) {
            while (sockets.size() < count && underWay < AT_ONCE) {
                MtcpSocket socket = context.socket();
                socket.blocking(false);
                socket.connect(server);
                epoll.add(socket, WRITING);
                sockets.add(socket);
                underWay++;
            }
            turner.turn();
        }
        return sockets;
    }

    @Override
    void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException {
        if (socket.finishConnect()) {
            tally.connected++;
            underWay--;
            epoll.remove(socket);
        }
    }

    @Override
    void broken(MtcpSocket socket, @Nullable Object attachment) throws IOException {
        throw new IOException("cannot connect");
    }
}
