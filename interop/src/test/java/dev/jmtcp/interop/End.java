package dev.jmtcp.interop;

import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.net.Socket;

/** One end of a connection, of the kernel's or of the stack's. Blocking; one thread may read while another writes. */
interface End {

    int read(byte[] bytes, int offset, int length) throws IOException;

    void write(byte[] bytes, int length) throws IOException;

    /** Says that nothing more will be written. */
    void finish() throws IOException;

    void close() throws IOException;

    static End of(Socket socket) {
        return new End() {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return socket.getInputStream().read(bytes, offset, length);
            }

            @Override
            public void write(byte[] bytes, int length) throws IOException {
                socket.getOutputStream().write(bytes, 0, length);
            }

            @Override
            public void finish() throws IOException {
                socket.shutdownOutput();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    static End of(MtcpSocket socket) {
        return new End() {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return socket.read(bytes, offset, length);
            }

            @Override
            public void write(byte[] bytes, int length) throws IOException {
                if (socket.write(bytes, 0, length) != length) {
                    throw new IOException("a blocking write took less than all");
                }
            }

            @Override
            public void finish() throws IOException {
                socket.shutdown(MtcpSocket.Direction.WRITE);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }
}
