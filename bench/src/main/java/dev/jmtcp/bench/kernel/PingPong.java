package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A request on each connection as soon as the answer to the one before has come. */
final class PingPong implements Client {

    /** How many connections are opened before some are accepted. */
    private static final int AT_ONCE = 256;

    private final Buffers buffers;
    private final Tally tally;
    private final List<Player> players = new ArrayList<>();
    private long numbers;
    private int waiting;
    private int open;
    private boolean going;
    private boolean ending;

    PingPong(
            Selector selector,
            Buffers buffers,
            Tally tally,
            InetSocketAddress server,
            int connections,
            Ends.Turner turner)
            throws IOException {
        this.buffers = buffers;
        this.tally = tally;
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(server); // the kernel alone opens it
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var player = new Player(channel);
            channel.register(selector, SelectionKey.OP_READ, player);
            players.add(player);
            tally.connected++;
            open++;
            if (open % AT_ONCE == 0) {
                turner.turn();
            }
        }
    }

    /** The client's end of a connection. */
    private final class Player implements Handler {
        private final SocketChannel channel;
        private long number;

        Player(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void ready(SelectionKey key) throws IOException {
            int n = buffers.read(channel, 0, Buffers.SIZE);
            if (n < 0) {
                tally.ended++;
                channel.close();
                open--;
                return;
            }
            waiting--;
            if (n == Message.SIZE && Message.matches(buffers.memory, 0, number)) {
                tally.received += n;
                tally.transactions++;
            } else {
                tally.wrong("answer " + number);
            }
            if (going) {
                request();
            }
        }

        void request() throws IOException {
            number = numbers++;
            waiting++;
            if (!buffers.writeMessage(channel, number)) {
                tally.failed("no room for a request");
            }
            tally.sent += Message.SIZE;
        }
    }

    @Override
    public void go() throws IOException {
        going = true;
        for (Player player : players) {
            player.request();
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
    public void end() throws IOException {
        ending = true;
        for (Player player : players) {
            player.channel.shutdownOutput();
        }
    }
}
