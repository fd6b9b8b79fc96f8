package dev.jmtcp.core.socket;

import static dev.jmtcp.core.socket.Net.bytes;
import static dev.jmtcp.core.socket.Net.fails;
import static dev.jmtcp.core.socket.Net.read;
import static dev.jmtcp.core.socket.Net.serverAddress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.stack.StackClient;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of other threads than the stack's own, in real time. */
@Timeout(100)
class ThreadsTest {

    private final Machines machines = new Machines();
    private Context server;
    private Context client;

    @BeforeEach
    void create() throws MtcpException {
        server = machines.server.createContext(0);
        client = machines.client.createContext(0);
    }

    @AfterEach
    void close() {
        machines.close();
    }

    private static Thread.Builder threads(boolean virtual) {
        return virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    }

    private MtcpSocket listen() throws MtcpException {
        MtcpSocket listener = server.socket();
        listener.bind(serverAddress(80));
        listener.listen(1000);
        return listener;
    }

    private Net.Pair connect() throws MtcpException {
        try (MtcpSocket listener = listen()) {
            MtcpSocket near = client.socket();
            near.connect(serverAddress(80));
            return new Net.Pair(near, listener.accept());
        }
    }

    private static Void echo(MtcpSocket socket) throws MtcpException {
        try (socket) {
            var buffer = ByteBuffer.allocate(3000);
            while (socket.read(buffer.clear()) >= 0) {
                socket.write(buffer.flip());
            }
        }
        return null;
    }

    private Void ask(long seed, int bytes) throws MtcpException {
        var random = new SplittableRandom(seed);
        try (MtcpSocket socket = client.socket()) {
            socket.connect(serverAddress(80));
            byte[] sent = new byte[bytes];
            random.nextBytes(sent);
            byte[] received = new byte[bytes];
            int done = 0;
            while (done < bytes) {
                int n = Math.min(1 + random.nextInt(5000), bytes - done);
                assertThat(socket.write(sent, done, n)).isEqualTo(n);
                for (int got = 0; got < n; ) {
                    got += socket.read(received, done + got, n - got);
                }
                done += n;
            }
            assertThat(received).isEqualTo(sent);
        }
        return null;
    }

    // ---- Many threads

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void echo_threadAConnection_everyByteComesBack(boolean virtual) throws Exception {
        int connections = virtual ? 200 : 20;
        MtcpSocket listener = listen();
        machines.run(threads(virtual), () -> {
            for (int i = 0; i < connections; i++) {
                MtcpSocket accepted = listener.accept();
                machines.run(threads(virtual), () -> echo(accepted));
            }
            return null;
        });
        var asking = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < connections; i++) {
            long seed = i;
            asking.add(machines.start(threads(virtual), () -> ask(seed, 20_000)));
        }
        for (CompletableFuture<Void> future : asking) {
            Machines.join(future);
        }
        machines.joinAll();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void epoll_severalThreadsWaitOnOne_eachEventIsServedOnce(boolean virtual) throws Exception {
        int connections = 40;
        MtcpSocket listener = listen();
        Epoll epoll = server.epoll();
        epoll.add(listener, EpollEvent.IN);
        var open = new AtomicInteger(connections);
        for (int i = 0; i < 4; i++) {
            machines.run(threads(virtual), () -> serve(epoll, listener, open));
        }
        var asking = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < connections; i++) {
            long seed = i;
            asking.add(machines.start(threads(virtual), () -> ask(seed, 10_000)));
        }
        for (CompletableFuture<Void> future : asking) {
            Machines.join(future);
        }
        machines.joinAll();
    }

    private static Void serve(Epoll epoll, MtcpSocket listener, AtomicInteger open) throws MtcpException {
        var events = new EpollEvents(4);
        var buffer = ByteBuffer.allocate(10_000);
        listener.blocking(false);
        while (open.get() > 0) {
            epoll.await(events, 20, TimeUnit.MILLISECONDS);
            for (int i = 0; i < events.count(); i++) {
                MtcpSocket socket = events.socket(i);
                if (socket == listener) {
                    MtcpSocket accepted = listener.accept();
                    if (accepted != null) {
                        accepted.blocking(false);
                        epoll.add(accepted, EpollEvent.IN | EpollEvent.ONESHOT);
                    }
                    continue;
                }
                int n = socket.read(buffer.clear());
                if (n < 0) {
                    socket.close();
                    open.decrementAndGet();
                } else {
                    assertThat(socket.write(buffer.flip())).isEqualTo(n);
                    epoll.modify(socket, EpollEvent.IN | EpollEvent.ONESHOT);
                }
            }
        }
        return null;
    }

    @Test
    void readAndWrite_byTwoThreadsOnOneSocket_doNotHinderEachOther() throws Exception {
        Net.Pair pair = connect();
        byte[] data = new byte[1_000_000];
        new SplittableRandom(3).nextBytes(data);
        for (MtcpSocket socket : new MtcpSocket[] {pair.client(), pair.server()}) {
            machines.run(() -> {
                assertThat(socket.write(ByteBuffer.wrap(data))).isEqualTo(data.length);
                return null;
            });
            machines.run(() -> {
                var received = ByteBuffer.allocate(data.length);
                while (received.hasRemaining()) {
                    assertThat(socket.read(received)).isPositive();
                }
                assertThat(received.array()).isEqualTo(data);
                return null;
            });
        }
        machines.joinAll();
    }

    @Test
    void read_severalThreadsWaitOnOneSocket_firstComeFirstServed() throws Exception {
        Net.Pair pair = connect();
        var first = machines.start(() -> readByte(pair.server()));
        Machines.awaitWaiting(server, 1);
        var second = machines.start(() -> readByte(pair.server()));
        Machines.awaitWaiting(server, 2);
        pair.client().write(bytes("ab"));
        assertThat(Machines.join(first)).isEqualTo('a');
        assertThat(Machines.join(second)).isEqualTo('b');
    }

    private static char readByte(MtcpSocket socket) throws MtcpException {
        var one = new byte[1];
        assertThat(socket.read(one, 0, 1)).isEqualTo(1);
        return (char) one[0];
    }

    @Test
    void pipe_writtenByOneThreadReadByAnother_sameBytes() throws Exception {
        Pipe pipe = server.pipe();
        byte[] data = new byte[200_000];
        new SplittableRandom(4).nextBytes(data);
        machines.run(() -> {
            assertThat(pipe.sink().write(ByteBuffer.wrap(data))).isEqualTo(data.length);
            pipe.sink().close();
            return null;
        });
        var received = ByteBuffer.allocate(data.length + 1);
        while (pipe.source().read(received) >= 0) {
            // until the end
        }
        assertThat(received.position()).isEqualTo(data.length);
        assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(data));
        machines.joinAll();
    }

    // ---- Ends of waits

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interrupt_ofABlockedRead_failsWithEintrAndHarmsNothing(boolean virtual) throws Exception {
        Net.Pair pair = connect();
        var thread = new AtomicReference<Thread>();
        var still = new AtomicReference<Boolean>();
        var reading = machines.start(threads(virtual), () -> {
            thread.set(Thread.currentThread());
            try {
                return read(pair.server());
            } finally {
                still.set(Thread.currentThread().isInterrupted());
            }
        });
        Machines.awaitWaiting(server, 1);
        thread.get().interrupt();
        assertThat(Machines.failure(reading)).isEqualTo(Errno.EINTR);
        assertThat(still.get()).as("the thread stays interrupted").isTrue();
        pair.client().write(bytes("still alive"));
        assertThat(read(pair.server())).isEqualTo("still alive");
    }

    @Test
    void interrupt_ofAWriteHalfDone_returnsWhatWasTaken() throws Exception {
        Net.Pair pair = connect();
        var thread = new AtomicReference<Thread>();
        var writing = machines.start(() -> {
            thread.set(Thread.currentThread());
            return pair.client().write(ByteBuffer.allocate(10_000_000));
        });
        Machines.awaitWaiting(client, 1);
        thread.get().interrupt();
        int taken = Machines.join(writing);
        assertThat(taken).isBetween(1, 9_999_999);
        pair.client().close();
        var buffer = ByteBuffer.allocate(100_000);
        int received = 0;
        for (int n = 0; n >= 0; n = pair.server().read(buffer.clear())) {
            received += n;
        }
        assertThat(received).isEqualTo(taken);
    }

    @Test
    void interrupted_beforeACallThatNeedNotWait_doesNotFailIt() throws Exception {
        Net.Pair pair = connect();
        machines.run(() -> {
            Thread.currentThread().interrupt();
            assertThat(pair.client().write(bytes("x"))).isEqualTo(1);
            assertThat(pair.client().option(StandardSocketOptions.TCP_NODELAY)).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return null;
        });
        machines.joinAll();
    }

    @Test
    void close_whileOthersWait_failsThemWithEbadf() throws Exception {
        Net.Pair pair = connect();
        MtcpSocket listener = listen();
        var reading = machines.start(() -> read(pair.server()));
        var accepting = machines.start(listener::accept);
        Epoll epoll = server.epoll();
        var waiting = machines.start(() -> epoll.await(new EpollEvents(1)));
        Machines.awaitWaiting(server, 3);
        pair.server().close();
        listener.close();
        epoll.close();
        assertThat(Machines.failure(reading)).isEqualTo(Errno.EBADF);
        assertThat(Machines.failure(accepting)).isEqualTo(Errno.EBADF);
        assertThat(Machines.failure(waiting)).isEqualTo(Errno.EBADF);
    }

    @Test
    void timeouts_endWaits() throws Exception {
        Net.Pair pair = connect();
        pair.server().option(MtcpOptions.SO_RCVTIMEO, Duration.ofMillis(30));
        long before = System.nanoTime();
        assertThat(read(pair.server())).isEqualTo("EAGAIN");
        Epoll epoll = server.epoll();
        assertThat(epoll.await(new EpollEvents(1), 30, TimeUnit.MILLISECONDS)).isZero();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(60_000_000);
        pair.client().write(bytes("x"));
        pair.server().option(MtcpOptions.SO_RCVTIMEO, Duration.ZERO);
        assertThat(read(pair.server())).isEqualTo("x");
    }

    @Test
    void wakeup_endsAWaitOfAnotherThread() throws Exception {
        Epoll epoll = server.epoll();
        var waiting = machines.start(() -> epoll.await(new EpollEvents(1)));
        Machines.awaitWaiting(server, 1);
        epoll.wakeup();
        assertThat(Machines.join(waiting)).isZero();
    }

    @Test
    void linger_closeWaitsForTheDelivery() throws Exception {
        Net.Pair pair = connect();
        pair.client().option(StandardSocketOptions.SO_LINGER, 50);
        pair.client().write(ByteBuffer.allocate(60_000));
        pair.client().close();
        int arrived = pair.server().available();
        assertThat(arrived).isEqualTo(60_000);
    }

    // ---- Memory

    @Test
    void confinedMemory_ofTheCaller_isReadAndWrittenAllTheSame() throws Exception {
        Net.Pair pair = connect();
        byte[] data = new byte[200_000];
        new SplittableRandom(5).nextBytes(data);
        var writing = machines.start(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment source = arena.allocate(data.length + 10);
                MemorySegment.copy(MemorySegment.ofArray(data), 0, source, 10, data.length);
                int first = pair.client().write(source, 10, 150_000);
                return first + pair.client().write(source.asSlice(150_010).asByteBuffer());
            }
        });
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(data.length);
            var tail = target.asSlice(100_000).asByteBuffer();
            int n = 0;
            while (n < 100_000) {
                n += pair.server().read(target, n, 100_000 - n);
            }
            var both = new ByteBuffer[] {tail.slice(0, 3), tail.slice(3, tail.capacity() - 3)};
            while (both[1].hasRemaining()) {
                assertThat(pair.server().read(both, 0, 2)).isPositive();
            }
            assertThat(target.mismatch(MemorySegment.ofArray(data))).isEqualTo(-1);
        }
        assertThat(Machines.join(writing)).isEqualTo(data.length);
        Pipe pipe = server.pipe();
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer direct =
                    arena.allocate(3).asByteBuffer().put(bytes("abc")).flip();
            assertThat(pipe.sink().write(direct)).isEqualTo(3);
            assertThat(pipe.source().read(direct.clear())).isEqualTo(3);
            assertThat(direct.flip()).isEqualTo(bytes("abc"));
        }
    }

    @Test
    void readOnlyMemory_isRefused() throws Exception {
        Net.Pair pair = connect();
        assertThatThrownBy(() ->
                        pair.server().read(MemorySegment.ofArray(new byte[3]).asReadOnly(), 0, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- Tasks, handlers, signals, ends

    @Test
    void execute_andCall_runOnTheOwner() throws Exception {
        assertThat(server.isOwner()).isFalse();
        assertThat(server.owner().getName()).isEqualTo("jmtcp-0");
        assertThat(server.call(Thread::currentThread)).isSameAs(server.owner());
        assertThatThrownBy(() -> server.call(() -> {
                    throw new java.util.concurrent.TimeoutException("mine");
                }))
                .isInstanceOf(java.util.concurrent.TimeoutException.class)
                .hasMessage("mine");
        var ran = new CompletableFuture<Thread>();
        server.execute(() -> ran.complete(Thread.currentThread()));
        assertThat(Machines.join(ran)).isSameAs(server.owner());
    }

    @Test
    void execute_taskThatThrows_leavesTheStackAlive() throws Exception {
        var caught = new CompletableFuture<Throwable>();
        server.owner().setUncaughtExceptionHandler((thread, e) -> caught.complete(e));
        server.execute(() -> {
            throw new IllegalStateException("mine");
        });
        assertThat(Machines.join(caught)).hasMessage("mine");
        connect();
    }

    @Test
    void onTurn_handlerThatThrows_isRemovedAndLeavesTheStackAlive() throws Exception {
        var caught = new CompletableFuture<Throwable>();
        server.owner().setUncaughtExceptionHandler((thread, e) -> caught.complete(e));
        var calls = new AtomicInteger();
        server.onTurn(now -> {
            calls.incrementAndGet();
            throw new IllegalStateException("mine");
        });
        assertThat(Machines.join(caught)).hasMessage("mine");
        connect();
        assertThat(calls).hasValue(1);
    }

    @Test
    void deviceFails_callsUnderWayAndLaterOnes_failWithEio() throws Exception {
        Net.Pair pair = connect();
        var reading = machines.start(() -> read(pair.server()));
        Machines.awaitWaiting(server, 1);
        machines.server.io().close(); // behind the stack's back
        assertThat(Machines.failure(reading)).isEqualTo(Errno.EIO);
        fails(Errno.EIO, () -> read(pair.server()));
        machines.server.close();
    }

    @Test
    void onTurn_serverOfHandlers_servesWithoutFurtherThreads() throws Exception {
        MtcpSocket listener = listen();
        listener.blocking(false);
        Epoll epoll = server.epoll();
        epoll.add(listener, EpollEvent.IN);
        var events = new EpollEvents(16);
        var buffer = ByteBuffer.allocateDirect(5000);
        StackClient handler = now -> {
            try {
                epoll.poll(events);
                for (int i = 0; i < events.count(); i++) {
                    MtcpSocket socket = events.socket(i);
                    if (socket == listener) {
                        MtcpSocket accepted = listener.accept();
                        accepted.blocking(false);
                        epoll.add(accepted, EpollEvent.IN);
                    } else if (socket.read(buffer.clear()) < 0) {
                        socket.close();
                    } else {
                        socket.write(buffer.flip());
                    }
                }
            } catch (MtcpException e) {
                throw new AssertionError(e);
            }
            return events.count() > 0;
        };
        server.onTurn(handler);
        for (int i = 0; i < 10; i++) {
            long seed = i;
            machines.run(() -> ask(seed, 5000));
        }
        machines.joinAll();
        server.removeHandler(handler);
    }

    @Test
    void signal_waitsOfAcceptAndEpollEndWithEintr_readsGoOn() throws Exception {
        Net.Pair pair = connect();
        MtcpSocket listener = listen();
        Epoll epoll = server.epoll();
        var accepting = machines.start(listener::accept);
        var waiting = machines.start(() -> epoll.await(new EpollEvents(1)));
        var reading = machines.start(() -> read(pair.server()));
        Machines.awaitWaiting(server, 3);
        var handled = new CountDownLatch(1);
        machines.server.onInterrupt(handled::countDown);
        machines.server.interrupt();
        assertThat(handled.getCount()).isZero();
        assertThat(Machines.failure(accepting)).isEqualTo(Errno.EINTR);
        assertThat(Machines.failure(waiting)).isEqualTo(Errno.EINTR);
        pair.client().write(bytes("x"));
        assertThat(Machines.join(reading)).isEqualTo("x");
        assertThat(epoll.poll(new EpollEvents(1))).as("heard once").isZero();
    }

    @Test
    void closeOfTheContext_failsWhatWaitsAndWhatComes() throws Exception {
        Net.Pair pair = connect();
        MtcpSocket listener = listen();
        var reading = machines.start(() -> read(pair.server()));
        var accepting = machines.start(listener::accept);
        var connecting = machines.start(() -> client.socket().connect(Net.address("10.0.0.3", 80)));
        Machines.awaitWaiting(server, 2);
        Machines.awaitWaiting(client, 1);
        server.close();
        client.close();
        server.close();
        assertThat(Machines.failure(reading)).isEqualTo(Errno.EPERM);
        assertThat(Machines.failure(accepting)).isEqualTo(Errno.EPERM);
        assertThat(Machines.failure(connecting)).isEqualTo(Errno.EPERM);
        fails(Errno.EPERM, () -> read(pair.server()));
        fails(Errno.EPERM, () -> listener.option(MtcpOptions.IP_TTL));
        pair.server().close();
        assertThatThrownBy(() -> server.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(server.owner().isAlive()).isFalse();
    }

    @Test
    void closeOfTheContext_deliversWhatClosedSocketsHaveWritten() throws Exception {
        Net.Pair pair = connect();
        pair.client().write(ByteBuffer.allocate(50_000));
        pair.client().close();
        client.close();
        int received = 0;
        var buffer = ByteBuffer.allocate(100_000);
        for (int n = 0; n >= 0; n = pair.server().read(buffer.clear())) {
            received += n;
        }
        assertThat(received).isEqualTo(50_000);
    }

    @Test
    void closeOfTheContext_amidCallsOfManyThreads_noneHangs() throws Exception {
        MtcpSocket socket = server.socket();
        var started = new CountDownLatch(4);
        var ends = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 4; i++) {
            ends.add(machines.start(() -> {
                started.countDown();
                while (true) {
                    socket.option(MtcpOptions.IP_TTL, 7);
                }
            }));
        }
        started.await();
        server.close();
        for (CompletableFuture<Void> end : ends) {
            assertThat(Machines.failure(end)).isEqualTo(Errno.EPERM);
        }
    }
}
