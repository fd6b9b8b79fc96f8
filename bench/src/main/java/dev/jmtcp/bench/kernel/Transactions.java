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

/** Opens connections, a number of them at a time, with one request each; the server ends them. */
final class Transactions implements Client {

    private final Selector selector;
    private final Buffers buffers;
    private final Tally tally;
    private final InetSocketAddress server;
    private final int atOnce;
    private int underWay;
    private long numbers;
    private boolean going;

    Transactions(Selector selector, Buffers buffers, Tally tally, InetSocketAddress server, int atOnce) {
        this.selector = selector;
        this.buffers = buffers;
        this.tally = tally;
        this.server = server;
        this.atOnce = atOnce;
    }

    /** The client's end of a connection. */
    private final class Transaction implements Handler {
        private final SocketChannel channel;
        private final long number;
        private int taken;

        Transaction(SocketChannel channel, long number) {
            this.channel = channel;
            this.number = number;
        }

        @Override
        public void ready(SelectionKey key) throws IOException {
            if (key.isConnectable()) {
                channel.finishConnect();
                tally.connected++;
                key.interestOps(SelectionKey.OP_READ);
                if (!buffers.writeMessage(channel, number)) {
                    tally.failed("no room for a request");
                }
                tally.sent += Message.SIZE;
                return;
            }
            // An answer comes as a whole: a loopback segment is never split. One that did would be counted as wrong.
            int n = buffers.read(channel, 0, Buffers.SIZE);
            if (n < 0) {
                end();
                return;
            }
            taken += n;
            if (n != Message.SIZE || taken != n || !Message.matches(buffers.memory, 0, number)) {
                tally.wrong("answer " + number);
                return;
            }
            tally.received += n;
            tally.transactions++;
            if (buffers.read(channel, 0, Buffers.SIZE) < 0) {
                end();
            }
        }

        private void end() throws IOException {
            tally.ended++;
            if (taken == 0) {
                tally.failed("closed without an answer");
            }
            channel.close();
            underWay--;
            if (going) {
                open();
            }
        }
    }

    private void open() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        underWay++;
        channel.connect(server);
        channel.register(selector, SelectionKey.OP_CONNECT, new Transaction(channel, numbers++));
    }

    @Override
    public void go() throws IOException {
        going = true;
        while (underWay < atOnce) {
            open();
        }
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
