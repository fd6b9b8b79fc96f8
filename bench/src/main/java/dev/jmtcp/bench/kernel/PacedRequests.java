package dev.jmtcp.bench.kernel;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.PacedClient;
import dev.jmtcp.bench.race.Schedule;
import dev.jmtcp.bench.race.Tally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Requests when it is their time, on whichever connection is free. */
final class PacedRequests implements PacedClient {

    private final Buffers buffers;
    private final Tally tally;
    private final Schedule schedule = new Schedule();
    private final List<Asker> all = new ArrayList<>();
    private final ArrayDeque<Asker> free = new ArrayDeque<>();
    private long numbers;
    private int open;
    private boolean ending;

    PacedRequests(Selector selector, Buffers buffers, Tally tally, InetSocketAddress server, int connections)
            throws IOException {
        this.buffers = buffers;
        this.tally = tally;
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(server); // the kernel alone opens it
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var asker = new Asker(channel);
            channel.register(selector, SelectionKey.OP_READ, asker);
            all.add(asker);
            free.add(asker);
            tally.connected++;
            open++;
        }
    }

    /** The client's end of a connection. */
    private final class Asker implements Handler {
        private final SocketChannel channel;
        private long number;
        private long due;

        Asker(SocketChannel channel) {
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
            schedule.answered(due, System.nanoTime());
            if (n == Message.SIZE && Message.matches(buffers.memory, 0, number)) {
                tally.received += n;
                tally.transactions++;
            } else {
                tally.wrong("answer " + number);
            }
            free.addLast(this);
        }
    }

    /** Sends what is due. */
    void send() throws IOException {
        long now = System.nanoTime();
        while (schedule.isDue(now) && !free.isEmpty()) {
            Asker asker = Objects.requireNonNull(free.pollFirst());
            asker.number = numbers++;
            asker.due = schedule.take();
            if (!buffers.writeMessage(asker.channel, asker.number)) {
                tally.failed("no room for a request");
            }
            tally.sent += Message.SIZE;
        }
    }

    @Override
    public Schedule schedule() {
        return schedule;
    }

    @Override
    public boolean isQuiet() {
        return ending ? open == 0 : free.size() == all.size();
    }

    @Override
    public long units() {
        return tally.transactions;
    }

    @Override
    public void end() throws IOException {
        ending = true;
        for (Asker asker : all) {
            asker.channel.shutdownOutput();
        }
    }
}
