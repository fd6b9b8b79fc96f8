package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends back one message a connection and closes it, as an HTTP/1.0 server does. */
final class AnswerServer extends Server {

    AnswerServer(Context context, Tally tally, int port) throws MtcpException {
        super(context, tally, port, 1);
    }

    @Override
    void serve(MtcpSocket socket, @Nullable Object attachment) throws IOException {
        if (socket.available() < Message.SIZE) {
            return; // the rest will be told of, too
        }
        socket.read(buffer, 0, Message.SIZE);
        if (socket.write(buffer, 0, Message.SIZE) < Message.SIZE) {
            tally.failed("no room for an answer");
        }
        close(socket);
    }
}
