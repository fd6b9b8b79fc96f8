package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.apps.files.FileStore;
import dev.jmtcp.apps.server.FileServer;
import dev.jmtcp.apps.server.ServerCounters;
import dev.jmtcp.core.socket.MtcpException;
import java.io.IOException;
import java.nio.file.Path;

/** The server of epserver in a network of this program. */
final class WebServer implements AutoCloseable {

    private static final int BACKLOG = 4096;
    private static final int CACHED_FILE = 64 << 20;
    private static final long CACHED = 512L << 20;

    final ServerCounters counters = new ServerCounters();
    private final Network network;
    private final FileStore store;
    private final FileServer server;

    WebServer(Network network, Path folder) throws IOException {
        this.network = network;
        store = new FileStore(folder, CACHED, CACHED_FILE, 16);
        server = onStack(
                () -> new FileServer(network.context, store, 80, BACKLOG, counters, _ -> System.currentTimeMillis()));
        network.context.onTurn(server);
    }

    /** The URL of a file. */
    static String url(String file) {
        return "http://" + Network.STACK + "/" + file;
    }

    /** Ends the server when all clients have got what they asked for. */
    void drain() throws IOException {
        onStack(() -> {
            server.drain();
            return true;
        });
        Patience.until(
                "all are served",
                () -> !onStack(server::isRunning),
                () -> onStack(server::connections) + " connections");
        assertThat(counters.cutOff()).isZero();
    }

    @Override
    public void close() throws IOException {
        network.context.removeHandler(server);
        store.close();
    }

    /** What the stack's thread is asked. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws MtcpException;
    }

    private <T> T onStack(Question<T> question) throws IOException {
        try {
            return network.context.call(question::ask);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
