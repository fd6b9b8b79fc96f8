package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.PacedClient;
import dev.jmtcp.bench.race.Schedule;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Requests when it is their time, on whichever connection is free. */
final class PacedRequests extends Endpoint implements PacedClient {

    private static final class Asker {
        final MtcpSocket socket;
        long number;
        long due;

        Asker(MtcpSocket socket) {
            this.socket = socket;
        }
    }

    private final Schedule schedule = new Schedule();
    private final List<Asker> all;
    private final ArrayDeque<Asker> free;
    private long numbers;
    private int open;
    private boolean ending;

    /**
     * @param connections that stand; they become this one's
     */
    PacedRequests(Context context, Tally tally, List<MtcpSocket> connections) throws MtcpException {
        super(context, tally);
        all = connections.stream().map(Asker::new).toList();
        free = new ArrayDeque<>(all);
        open = all.size();
        for (Asker asker : all) {
            epoll.add(asker.socket, READING, asker);
        }
    }

    @Override
    boolean begin() throws IOException {
        long now = System.nanoTime();
        boolean any = false;
        while (schedule.isDue(now) && !free.isEmpty()) {
            Asker asker = Objects.requireNonNull(free.pollFirst());
            asker.number = numbers++;
            asker.due = schedule.take();
            Message.write(buffer, 0, asker.number);
            int n = asker.socket.write(buffer, 0, Message.SIZE);
            tally.sent += n;
            if (n < Message.SIZE) {
                tally.failed("no room for a request");
            }
            any = true;
        }
        return any;
    }

    @Override
    void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException {
        var asker = (Asker) Objects.requireNonNull(attachment);
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
            return;
        }
        socket.read(buffer, 0, Message.SIZE);
        schedule.answered(asker.due, System.nanoTime());
        if (Message.matches(buffer, 0, asker.number)) {
            tally.received += Message.SIZE;
            tally.transactions++;
        } else {
            tally.wrong("answer " + asker.number);
        }
        free.addLast(asker);
    }

    @Override
    void broken(MtcpSocket socket, @Nullable Object attachment) {
        open--;
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
            asker.socket.shutdown(MtcpSocket.Direction.WRITE);
        }
    }
}
