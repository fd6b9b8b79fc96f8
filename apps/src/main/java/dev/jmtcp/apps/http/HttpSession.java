package dev.jmtcp.apps.http;

import dev.jmtcp.apps.files.StoredFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one HTTP connection: requests in, answers with files out, one after the other. Belongs to one thread; may be used for another connection
 * after {@link #close}. Answering with a file in memory allocates nothing.
 */
public final class HttpSession implements AutoCloseable {

    /** Why {@link #process} returned. */
    public enum Progress {
        /** All input is taken and answered. */
        NEEDS_INPUT,
        /** The sink has taken what it can; call again when it has room, with the same input. */
        NEEDS_ROOM,
        /** The sink has everything; the connection is to be closed. */
        FINISHED
    }

    private final HttpServices services;
    private final RequestParser parser = new RequestParser();
    private final MemorySegment head = Arena.ofAuto().allocate(ResponseHead.MAX_LENGTH);
    private final ByteBuffer headBuffer = head.asByteBuffer().limit(0);
    private @Nullable StoredFile file;
    private long offset;
    private long remaining;
    private boolean closing;
    private long answers;

    public HttpSession(HttpServices services) {
        this.services = services;
    }

    /**
     * Reads requests and writes answers as far as input and room go.
     *
     * @param in what has come from the client, read from its position on; what is not taken must be there again at the next call
     * @param out takes the answers
     * @param now the time in nanoseconds, monotonic
     * @param epochMillis the time of day, in milliseconds since 1970
     */
    public Progress process(ByteBuffer in, ContentSink out, long now, long epochMillis) {
        while (true) {
            if (headBuffer.hasRemaining()) {
                int taken = out.write(head, headBuffer.position(), headBuffer.remaining());
                headBuffer.position(headBuffer.position() + taken);
                if (headBuffer.hasRemaining()) {
                    return Progress.NEEDS_ROOM;
                }
            }
            if (file != null && !writeContent(file, out)) {
                return Progress.NEEDS_ROOM;
            }
            if (closing) {
                return Progress.FINISHED;
            }
            switch (parser.parse(in)) {
                case INCOMPLETE -> {
                    return Progress.NEEDS_INPUT;
                }
                case COMPLETE -> answer(now, epochMillis);
                case REFUSED -> answerEmpty(parser.refusal(), 0, epochMillis);
            }
        }
    }

    /** Whether nothing is under way: no request begun, no answer unfinished. */
    public boolean isIdle() {
        return !headBuffer.hasRemaining() && file == null && parser.isBetweenRequests();
    }

    /** How many answers were begun since the connection was new. */
    public long answers() {
        return answers;
    }

    /** Ends the connection's use of files and makes this ready for another connection. */
    @Override
    public void close() {
        release();
        parser.reset();
        headBuffer.position(0).limit(0);
        closing = false;
        answers = 0;
    }

    private void answer(long now, long epochMillis) {
        if (parser.method() == RequestParser.Method.OTHER) {
            answerEmpty(Status.METHOD_NOT_ALLOWED, 0, epochMillis);
            return;
        }
        StoredFile found = services.files.open(parser.path(), parser.pathLength(), now);
        if (found == null) {
            answerEmpty(Status.NOT_FOUND, 0, epochMillis);
            return;
        }
        ByteRange range = parser.range();
        Status status = range.resolve(found.size());
        if (status == Status.RANGE_NOT_SATISFIABLE) {
            found.close();
            answerEmpty(status, found.size(), epochMillis);
            return;
        }
        begin();
        ResponseHead.writeContent(
                headBuffer, status, services.date.at(epochMillis), range, found.size(), found.mediaType(), !closing);
        headBuffer.flip();
        if (parser.method() == RequestParser.Method.HEAD || range.length() == 0) {
            found.close();
        } else {
            file = found;
            offset = range.offset();
            remaining = range.length();
        }
    }

    private void answerEmpty(Status status, long size, long epochMillis) {
        begin();
        ResponseHead.writeEmpty(headBuffer, status, services.date.at(epochMillis), size, !closing);
        headBuffer.flip();
    }

    private void begin() {
        answers++;
        closing = !parser.keepAlive();
        headBuffer.clear();
    }

    /** Whether the content, or as much of it as can be had, is out. */
    private boolean writeContent(StoredFile from, ContentSink out) {
        MemorySegment content = from.content();
        while (remaining > 0) {
            int wanted = (int) Math.min(remaining, Integer.MAX_VALUE);
            int taken;
            if (content != null) {
                taken = out.write(content, offset, wanted);
            } else {
                wanted = read(from, Math.min(wanted, out.room()));
                if (wanted < 0) {
                    // the length that was promised cannot be kept: only closing tells the client
                    closing = true;
                    break;
                }
                taken = wanted == 0 ? 0 : out.write(services.chunk, 0, wanted);
            }
            offset += taken;
            remaining -= taken;
            if (wanted == 0 || taken < wanted) {
                return false;
            }
        }
        release();
        return true;
    }

    /** How many bytes now lie in the chunk; −1 if no more can be had. */
    private int read(StoredFile from, int length) {
        if (length == 0) {
            return 0;
        }
        ByteBuffer chunk = services.chunkBuffer.clear();
        chunk.limit(Math.min(length, chunk.capacity()));
        try {
            int read = from.read(offset, chunk);
            return read == 0 ? -1 : read;
        } catch (IOException _) {
            return -1;
        }
    }

    private void release() {
        if (file != null) {
            file.close();
            file = null;
        }
        remaining = 0;
    }
}
