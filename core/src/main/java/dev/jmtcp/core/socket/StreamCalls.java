package dev.jmtcp.core.socket;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The calls of other threads on a socket that may have to wait, reading and writing excepted: see {@link Transfers}. */
final class StreamCalls {

    private StreamCalls() {}

    /** The result is 1 for a connection, 0 for none. */
    static final class Accept extends Call {
        private final MtcpSocket listener;
        private final MtcpSocket closed;

        Accept(MtcpSocket listener, MtcpSocket closed) {
            super(listener);
            this.listener = listener;
            this.closed = closed;
        }

        @Override
        long attempt() throws MtcpException {
            return Opening.accept(listener, closed);
        }

        @Override
        boolean heedsSignals() {
            return true;
        }
    }

    /** The result is 1 if the connection stands, 0 if not yet. */
    static final class Connect extends Call {
        private final MtcpSocket socket;
        private @Nullable InetSocketAddress remote;

        /**
         * An attempt to connect.
         *
         * @param remote null to wait for the end of an attempt only
         */
        Connect(MtcpSocket socket, @Nullable InetSocketAddress remote) {
            super(socket);
            this.socket = socket;
            this.remote = remote;
        }

        @Override
        long attempt() throws MtcpException {
            InetSocketAddress begin = remote;
            if (begin != null) {
                remote = null;
                Opening.connect(socket, begin);
            }
            return Opening.finishConnect(socket);
        }
    }

    /** The wait of a close for the delivery of what was written. */
    static final class Linger extends Call {
        private final MtcpSocket socket;

        Linger(MtcpSocket socket) {
            super(socket);
            this.socket = socket;
        }

        @Override
        long attempt() {
            if (!socket.allSent) {
                return WAIT;
            }
            return expired();
        }

        @Override
        long expired() {
            Closing.finish(socket);
            return 0;
        }

        @Override
        long interrupted() {
            return expired();
        }
    }
}
