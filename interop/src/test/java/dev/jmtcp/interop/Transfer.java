package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Transfers of content over a connection, compared by their SHA-256. */
final class Transfer {

    private Transfer() {}

    /** Sends so much each way at the same time, until both ends have finished. */
    static void exchange(ExecutorService threads, End one, End other, long length) throws IOException {
        List<Future<String>> digests = new ArrayList<>();
        for (Callable<String> part : List.<Callable<String>>of(
                () -> send(one, 1, length),
                () -> receive(other, length),
                () -> send(other, 2, length),
                () -> receive(one, length))) {
            digests.add(threads.submit(part));
        }
        var found = new ArrayList<String>();
        for (Future<String> digest : digests) {
            found.add(await(digest));
        }
        assertThat(found.get(1)).as("SHA-256 of what came").isEqualTo(found.get(0));
        assertThat(found.get(3)).as("SHA-256 of what came the other way").isEqualTo(found.get(2));
    }

    /** Sends so much one way, until that end has finished; the other direction stays open. */
    static void oneWay(ExecutorService threads, End from, End to, long length) throws IOException {
        Future<String> sent = threads.submit(() -> send(from, length, length));
        assertThat(receive(to, length)).as("SHA-256 of what came").isEqualTo(await(sent));
    }

    /** Sends content and says that this was all; its digest. */
    static String send(End end, long seed, long length) throws IOException {
        byte[] digest = Content.send(seed, length, end::write);
        end.finish();
        return HexFormat.of().formatHex(digest);
    }

    /** Receives all there is, which has to be so long; its digest. */
    static String receive(End end, long length) throws IOException {
        byte[] digest = Content.receive(length, end::read);
        assertThat(end.read(new byte[1], 0, 1)).as("the end of the stream").isEqualTo(-1);
        return HexFormat.of().formatHex(digest);
    }

    /** The result of a task, which fails as that has failed. */
    static <T> T await(Future<T> task) throws IOException {
        try {
            return task.get(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("not done within " + Patience.SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
