package dev.jmtcp.bench.netty;

import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.MemorySegment;

/** The server's end of a stream: looks at every byte. */
final class Sink extends Side {

    private final Stream stream;
    private long position;

    Sink(Tally tally, Stream stream) {
        super(tally);
        this.stream = stream;
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf bytes) {
        int n = bytes.readableBytes();
        MemorySegment memory = MemorySegment.ofBuffer(bytes.nioBuffer());
        if (stream.matches(position, memory, 0, n)) {
            tally.received += n;
        } else {
            tally.wrong("in " + n + " bytes from " + position + " on");
        }
        position += n;
        bytes.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        tally.ended++;
    }
}
