package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;

/** Sends a stream on each connection, as fast as it is taken. On the event loop's thread. */
final class BulkClient implements Client {

    private final Tally tally;
    private final ByteBuf content;
    private final List<ChannelHandlerContext> sources = new ArrayList<>();
    private boolean going;

    BulkClient(Tally tally, Stream stream) {
        this.tally = tally;
        content = Unpooled.wrappedBuffer(stream.memory.asByteBuffer());
    }

    /** The handler of the next connection. */
    Side next() {
        return new Source();
    }

    /** The client's end of a connection. */
    private final class Source extends Side {
        private long position;

        Source() {
            super(BulkClient.this.tally);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            tally.connected++;
            sources.add(context);
        }

        /** Until Netty's own buffer is full. */
        void send(ChannelHandlerContext context) {
            Channel channel = context.channel();
            while (going && channel.isWritable()) {
                int place = (int) Stream.place(position);
                // Counted first: the write may call back, and then this goes on within it.
                position += Stream.WINDOW;
                tally.sent += Stream.WINDOW;
                var _ = channel.write(content.retainedSlice(place, Stream.WINDOW), channel.voidPromise());
            }
            channel.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            send(context);
        }

        @Override
        void read(ChannelHandlerContext context, ByteBuf bytes) {
            tally.failed("something came that was not asked for");
            bytes.release();
        }
    }

    @Override
    public void go() {
        going = true;
        sources.forEach(context -> ((Source) context.handler()).send(context));
    }

    @Override
    public void pause() {
        going = false;
    }

    @Override
    public boolean isQuiet() {
        return tally.received >= tally.sent;
    }

    @Override
    public long units() {
        return tally.received;
    }

    @Override
    public void end() {
        sources.forEach(context -> {
            var _ = context.close();
        });
    }
}
