package dev.jmtcp.apps.client;

import dev.jmtcp.apps.http.ResponseParser;
import dev.jmtcp.core.socket.MtcpSocket;

/** One connection of a {@link FileClient} after another, with all that belongs to it. */
final class Download {

    /** What is awaited. */
    enum Phase {
        CONNECTION,
        ROOM_FOR_REQUEST,
        HEAD,
        CONTENT
    }

    final MtcpSocket socket;
    final Body body;
    final ResponseParser parser = new ResponseParser();
    Phase phase = Phase.CONNECTION;
    int requestSent;
    long startedAt;

    /** Bytes of the response so far. */
    long received;

    /** Bytes of content that are missing, or {@link ResponseParser#UNKNOWN_LENGTH}. */
    long remaining;

    /** The place among those under way. */
    int index;

    Download(MtcpSocket socket, Body body) {
        this.socket = socket;
        this.body = body;
    }

    void begin() {
        phase = Phase.CONNECTION;
        requestSent = 0;
        received = 0;
        parser.reset();
    }
}
