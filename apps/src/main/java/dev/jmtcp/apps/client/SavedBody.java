package dev.jmtcp.apps.client;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Saves each content in a file of its own, named as mTCP's epwget does: {@code name.0}, {@code name.1}, … */
public final class SavedBody implements Body {

    private final String name;
    private final AtomicInteger number;
    private @Nullable FileChannel channel;

    /**
     * @param name what the files' names begin with
     * @param number counts the files, of all cores
     */
    public SavedBody(String name, AtomicInteger number) {
        this.name = name;
        this.number = number;
    }

    @Override
    public void begin() throws IOException {
        channel = FileChannel.open(
                Path.of(name + "." + number.getAndIncrement()),
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Override
    public void take(MemorySegment memory, long offset, int length) throws IOException {
        if (channel != null) {
            ByteBuffer bytes = memory.asSlice(offset, length).asByteBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    @Override
    public boolean end() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
        return true;
    }

    @Override
    public void abandon() {
        try {
            end();
        } catch (IOException _) {
            // the file is incomplete anyway
        }
    }
}
