package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends back what comes until the client ends the connection. */
final class EchoServer extends Server {

    EchoServer(Context context, Tally tally, int firstPort, int ports) throws MtcpException {
        super(context, tally, firstPort, ports);
    }

    @Override
    void serve(MtcpSocket socket, @Nullable Object attachment) throws IOException {
        while (true) {
            int n = socket.read(buffer, 0, BUFFER);
            if (n == 0) {
                return;
            }
            if (n < 0) {
                close(socket);
                return;
            }
            if (socket.write(buffer, 0, n) < n) {
                tally.failed("no room for an answer");
            }
        }
    }
}
