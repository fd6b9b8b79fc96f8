package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens connections, a number of them at a time, with one request each; the server ends them. */
final class Transactions extends Endpoint implements Client {

    /** A connection under way; used again for the next. */
    private static final class Transaction {
        final MtcpSocket socket;
        long number;
        boolean requested;
        boolean answered;

        Transaction(MtcpSocket socket) {
            this.socket = socket;
        }
    }

    private final InetSocketAddress server;
    private final int atOnce;
    private final ArrayDeque<Transaction> idle = new ArrayDeque<>();
    private int underWay;
    private long numbers;
    private boolean going;

    Transactions(Context context, Tally tally, InetSocketAddress server, int atOnce) throws IOException {
        super(context, tally);
        this.server = server;
        this.atOnce = atOnce;
        context.initRss(InetAddress.getByAddress(new byte[4]), 1, server);
        for (int i = 0; i < atOnce; i++) {
            MtcpSocket socket = context.socket();
            socket.close();
            idle.add(new Transaction(socket));
        }
    }

    @Override
    boolean begin() throws IOException {
        if (!going || underWay == atOnce) {
            return false;
        }
        do {
            Transaction t = Objects.requireNonNull(idle.pollLast());
            t.number = numbers++;
            t.requested = false;
            t.answered = false;
            t.socket.reopen();
            t.socket.blocking(false);
            t.socket.connect(server);
            epoll.add(t.socket, READING | WRITING, t);
            underWay++;
        } while (underWay < atOnce);
        return true;
    }

    @Override
    void handle(MtcpSocket socket, int events, @Nullable Object attachment) throws IOException {
        var t = (Transaction) Objects.requireNonNull(attachment);
        if (!t.requested) {
            if (!socket.finishConnect()) {
                return;
            }
            tally.connected++;
            Message.write(buffer, 0, t.number);
            request(socket);
            t.requested = true;
        }
        if ((events & (EpollEvent.IN | EpollEvent.RDHUP)) == 0) {
            return;
        }
        if (!t.answered) {
            if (socket.available() < Message.SIZE) {
                if ((events & EpollEvent.RDHUP) != 0) {
                    tally.failed("closed without an answer");
                    retire(t);
                }
                return;
            }
            socket.read(buffer, 0, Message.SIZE);
            t.answered = true;
            if (Message.matches(buffer, 0, t.number)) {
                tally.received += Message.SIZE;
                tally.transactions++;
            } else {
                tally.wrong("answer " + t.number);
            }
        }
        int n = socket.read(buffer, 0, BUFFER);
        if (n > 0) {
            tally.wrong("more than an answer");
        } else if (n < 0) {
            tally.ended++;
            retire(t);
        }
    }

    private void request(MtcpSocket socket) throws MtcpException {
        int n = socket.write(buffer, 0, Message.SIZE);
        tally.sent += n;
        if (n < Message.SIZE) {
            tally.failed("no room for a request");
        }
    }

    private void retire(Transaction t) throws MtcpException {
        t.socket.close();
        idle.add(t);
        underWay--;
    }

    @Override
    void broken(MtcpSocket socket, @Nullable Object attachment) {
        idle.add((Transaction) Objects.requireNonNull(attachment));
        underWay--;
    }

    @Override
    public void go() {
        going = true;
    }

    @Override
    public void pause() {
        going = false;
    }

    @Override
    public boolean isQuiet() {
        return underWay == 0;
    }

    @Override
    public long units() {
        return tally.transactions;
    }

    @Override
    public void end() {}
}
