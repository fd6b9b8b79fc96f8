package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request on each connection as soon as the answer to the one before has come. */
final class PingPong extends Endpoint implements Client {

    private static final class Player {
        final MtcpSocket socket;
        long number;
        boolean waits;

        Player(MtcpSocket socket) {
            this.socket = socket;
        }
    }

    private final List<Player> players;
    private long numbers;
    private int waiting;
    private int open;
    private boolean going;
    private boolean ending;
    private int ended;

    /**
     * @param connections that stand, nothing under way on them; they become this one's
     */
    PingPong(Context context, Tally tally, List<MtcpSocket> connections) throws MtcpException {
        super(context, tally);
        players = connections.stream().map(Player::new).toList();
        open = players.size();
        for (Player player : players) {
            epoll.add(player.socket, READING, player);
        }
    }

    @Override
    boolean begin() throws IOException {
        if (!ending || ended == players.size()) {
            return false;
        }
        for (int i = 0; i < JmtcpLoop.ENDING_AT_ONCE && ended < players.size(); i++) {
            players.get(ended++).socket.shutdown(MtcpSocket.Direction.WRITE);
        }
        return true;
    }

    @Override
    void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException {
        var player = (Player) Objects.requireNonNull(attachment);
        if (ending) {
            if (socket.read(buffer, 0, BUFFER) < 0) {
                tally.ended++;
                socket.close();
                open--;
            }
            return;
        }
        if (socket.available() < Message.SIZE) {
            if ((events & EpollEvent.RDHUP) != 0) {
                tally.failed("closed by the server");
            }
            return; // the rest will be told of, too
        }
        socket.read(buffer, 0, Message.SIZE);
        player.waits = false;
        waiting--;
        if (Message.matches(buffer, 0, player.number)) {
            tally.received += Message.SIZE;
            tally.transactions++;
        } else {
            tally.wrong("answer " + player.number);
        }
        if (going) {
            request(player);
        }
    }

    private void request(Player player) throws MtcpException {
        player.number = numbers++;
        Message.write(buffer, 0, player.number);
        int n = player.socket.write(buffer, 0, Message.SIZE);
        tally.sent += n;
        if (n < Message.SIZE) {
            tally.failed("no room for a request");
        }
        player.waits = true;
        waiting++;
    }

    @Override
    void broken(MtcpSocket socket, @Nullable Object attachment) {
        if (((Player) Objects.requireNonNull(attachment)).waits) {
            waiting--;
        }
        open--;
    }

    @Override
    public void go() throws IOException {
        going = true;
        for (Player player : players) {
            request(player);
        }
    }

    @Override
    public void pause() {
        going = false;
    }

    @Override
    public boolean isQuiet() {
        return waiting == 0 && (!ending || open == 0);
    }

    @Override
    public long units() {
        return tally.transactions;
    }

    @Override
    public void end() {
        ending = true;
    }
}
