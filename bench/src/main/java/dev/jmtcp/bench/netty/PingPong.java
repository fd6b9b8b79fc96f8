package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.load.Message;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;

/** A request on each connection as soon as the answer to the one before has come. On the event loop's thread. */
final class PingPong implements Client {

    private final Tally tally;
    private final List<ChannelHandlerContext> players = new ArrayList<>();
    private long numbers;
    private int waiting;
    private int open;
    private boolean going;
    private boolean ending;

    PingPong(Tally tally) {
        this.tally = tally;
    }

    /** The handler of the next connection. */
    Side next() {
        return new Player();
    }

    /** The client's end of a connection. */
    private final class Player extends Side {
        private long number;

        Player() {
            super(PingPong.this.tally);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            tally.connected++;
            players.add(context);
            open++;
        }

        @Override
        void read(ChannelHandlerContext context, ByteBuf bytes) {
            waiting--;
            if (Messages.matches(bytes, number)) {
                tally.received += Message.SIZE;
                tally.transactions++;
            } else {
                tally.wrong("answer " + number);
            }
            bytes.release();
            if (going) {
                request(context);
            }
        }

        void request(ChannelHandlerContext context) {
            number = numbers++;
            waiting++;
            var _ = context.writeAndFlush(Messages.request(context, number), context.voidPromise());
            tally.sent += Message.SIZE;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            tally.ended++;
            open--;
        }
    }

    @Override
    public void go() {
        going = true;
        players.forEach(context -> ((Player) context.handler()).request(context));
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
        players.forEach(context -> {
            var _ = context.close();
        });
    }
}
