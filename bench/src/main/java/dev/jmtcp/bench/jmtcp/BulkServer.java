package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes streams and looks at every byte. */
final class BulkServer extends Server {

    private static final class Position {
        long value;
    }

    private final Stream stream;

    BulkServer(Context context, Tally tally, int port, Stream stream) throws MtcpException {
        super(context, tally, port, 1);
        this.stream = stream;
    }

    @Override
    Object attachment() {
        return new Position();
    }

    @Override
    void serve(MtcpSocket socket, @Nullable Object attachment) throws IOException {
        var position = (Position) Objects.requireNonNull(attachment);
        while (true) {
            int n = socket.read(buffer, 0, BUFFER);
            if (n == 0) {
                return;
            }
            if (n < 0) {
                tally.ended++;
                close(socket);
                return;
            }
            if (stream.matches(position.value, buffer, 0, n)) {
                tally.received += n;
            } else {
                tally.wrong("in " + n + " bytes from " + position.value + " on");
            }
            position.value += n;
        }
    }
}
