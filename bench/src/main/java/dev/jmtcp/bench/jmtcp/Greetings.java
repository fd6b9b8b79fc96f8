package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request on each of many connections, which then stay idle. The application has nothing of its own for a connection. */
final class Greetings extends Endpoint implements Client {

    /** All send the same: to remember a number would take memory. */
    private static final long NUMBER = 7;

    private static final int AT_ONCE = 256;

    private final List<MtcpSocket> sockets;
    private int greeted;
    private int answered;
    private int ended;
    private int gone;
    private boolean ending;

    /**
     * @param connections that stand; they become this one's, and stay watched
     */
    Greetings(Context context, Tally tally, List<MtcpSocket> connections) throws MtcpException {
        super(context, tally);
        sockets = connections;
        for (MtcpSocket socket : sockets) {
            epoll.add(socket, READING);
        }
    }

    @Override
    boolean begin() throws IOException {
        boolean any = false;
        while (greeted < sockets.size() && greeted - answered < AT_ONCE) {
            Message.write(buffer, 0, NUMBER);
            tally.sent += sockets.get(greeted).write(buffer, 0, Message.SIZE);
            greeted++;
            any = true;
        }
        for (int i = 0; ending && i < JmtcpLoop.ENDING_AT_ONCE && ended < sockets.size(); i++) {
            sockets.get(ended++).shutdown(MtcpSocket.Direction.WRITE);
            any = true;
        }
        return any;
    }

    @Override
    void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException {
        int n = socket.read(buffer, 0, BUFFER);
        if (n < 0) {
            tally.ended++;
            socket.close();
            gone++;
        } else if (n > 0) {
            answered++;
            if (n == Message.SIZE && Message.matches(buffer, 0, NUMBER)) {
                tally.received += n;
                tally.transactions++;
            } else {
                tally.wrong("an answer of " + n + " bytes");
            }
        }
    }

    @Override
    public void go() {}

    @Override
    public void pause() {}

    @Override
    public boolean isQuiet() {
        return answered == sockets.size() && (!ending || gone == sockets.size());
    }

    @Override
    public long units() {
        return answered;
    }

    @Override
    public void end() {
        ending = true;
    }
}
