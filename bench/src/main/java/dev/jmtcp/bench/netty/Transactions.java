package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import java.net.SocketAddress;

/** Opens connections, a number of them at a time, with one request each; the server ends them. On the event loop's thread. */
final class Transactions implements Client {

    final Tally tally;
    private final Bootstrap bootstrap;
    private final SocketAddress server;
    private final int atOnce;
    private int underWay;
    private long numbers;
    private boolean going;

    Transactions(Tally tally, Bootstrap bootstrap, SocketAddress server, int atOnce) {
        this.tally = tally;
        this.bootstrap = bootstrap;
        this.server = server;
        this.atOnce = atOnce;
    }

    /** The handler of the next connection. */
    Transaction next() {
        return new Transaction(this, numbers++);
    }

    private void open() {
        underWay++;
        ChannelFuture attempt = bootstrap.connect(server);
        var _ = attempt.addListener(done -> {
            if (!done.isSuccess()) {
                tally.failed(String.valueOf(done.cause()));
                underWay--;
            }
        });
    }

    void ended() {
        underWay--;
        if (going) {
            open();
        }
    }

    @Override
    public void go() {
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
