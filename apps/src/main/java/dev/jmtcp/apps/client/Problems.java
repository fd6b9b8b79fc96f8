package dev.jmtcp.apps.client;

import dev.jmtcp.core.socket.Errno;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tells of each different problem of connections once; all are counted elsewhere. For any thread. */
public final class Problems {

    private final Consumer<String> out;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param out takes each message
     */
    public Problems(Consumer<String> out) {
        this.out = out;
    }

    void connection(Errno errno) {
        once("a connection failed: " + errno + ", " + errno.description());
    }

    void noResponse() {
        once("what came is no HTTP response");
    }

    void status(int code) {
        once("the server answers with status " + code);
    }

    void wrongContent() {
        once("the content of a response is not what it ought to be");
    }

    private void once(String message) {
        if (told.add(message)) {
            out.accept(message);
        }
    }
}
