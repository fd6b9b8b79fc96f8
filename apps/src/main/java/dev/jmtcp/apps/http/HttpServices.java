package dev.jmtcp.apps.http;

import dev.jmtcp.apps.files.FileStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** What the HTTP sessions of one thread share. */
public final class HttpServices {

    private static final int CHUNK = 64 * 1024;

    final FileStore.Reader files;
    final HttpDate date = new HttpDate();
    final MemorySegment chunk = Arena.ofAuto().allocate(CHUNK);
    final ByteBuffer chunkBuffer = chunk.asByteBuffer();

    public HttpServices(FileStore store) {
        files = store.reader();
    }
}
