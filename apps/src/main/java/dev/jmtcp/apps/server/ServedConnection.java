package dev.jmtcp.apps.server;

import dev.jmtcp.apps.http.ContentSink;
import dev.jmtcp.apps.http.HttpServices;
import dev.jmtcp.apps.http.HttpSession;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/** One connection of a {@link FileServer} after another, with all that belongs to it. */
final class ServedConnection implements ContentSink {

    final MtcpSocket socket;
    final HttpSession session;
    long acceptedAt;

    /** Whether everything is sent, the FIN too, and only the client's end is awaited. */
    boolean lingering;

    /** Bytes that have come while lingering. */
    long discarded;

    /** The place among the open connections. */
    int index;

    ServedConnection(MtcpSocket socket, HttpServices services) {
        this.socket = socket;
        session = new HttpSession(services);
    }

    void begin(long now) {
        acceptedAt = now;
        lingering = false;
        discarded = 0;
    }

    /** One more than there is: only after a write that was cut short does the stack tell when there is room again. */
    @Override
    public int room() {
        try {
            return socket.room() + 1;
        } catch (MtcpException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int write(MemorySegment source, long offset, int length) {
        try {
            return socket.write(source, offset, length);
        } catch (MtcpException e) {
            throw new UncheckedIOException(e);
        }
    }
}
