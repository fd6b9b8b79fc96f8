package dev.jmtcp.core.socket;

import dev.jmtcp.core.Allocation;
import dev.jmtcp.core.stack.SimHost;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.VirtualClock;
import dev.jmtcp.driver.sim.Wire;
import dev.jmtcp.spi.PacketIoException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are opened, used and closed by the owners of their contexts allocate nothing once warm. */
class SocketAllocationTest {

    private static final int TRANSACTIONS = 100_000;
    private static final int AT_ONCE = 8;
    private static final InetSocketAddress SERVER = Net.serverAddress(80);

    private final TcpSettings settings =
            TcpSettings.DEFAULTS.with().timeWait(0).noDelay(true).build();
    private final VirtualClock clock = new VirtualClock(1);
    private final Wire wire = Wire.create();
    private final SimHost serverHost = new SimHost(wire, clock, 1, settings, 1);
    private final SimHost clientHost = new SimHost(wire, clock, 2, settings, 2);
    private final Context server = Context.over(serverHost.stack());
    private final Context client = Context.over(clientHost.stack());
    private final EpollEvents events = new EpollEvents(2 * AT_ONCE);
    private final MemorySegment memory = Arena.global().allocate(64);
    private final ByteBuffer heap = ByteBuffer.allocate(64);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(64);

    SocketAllocationTest() throws PacketIoException {}

    @AfterEach
    void close() {
        server.close();
        client.close();
        serverHost.close();
        clientHost.close();
        wire.close();
    }

    /** A server that answers each request with what it was and closes when the client does, and sockets that are used again and again. */
    private final class Echo {
        final Epoll epoll = server.epoll();
        final MtcpSocket listener = server.socket();
        final MtcpSocket[] free = new MtcpSocket[2 * AT_ONCE];
        int count;

        Echo() throws MtcpException {
            listener.bind(SERVER);
            listener.listen(64);
            listener.blocking(false);
            epoll.add(listener, EpollEvent.IN);
            while (count < free.length) {
                MtcpSocket socket = server.socket();
                socket.close();
                free[count++] = socket;
            }
        }

        void serve() throws MtcpException {
            epoll.poll(events);
            for (int i = 0; i < events.count(); i++) {
                MtcpSocket socket = events.socket(i);
                if (socket == listener) {
                    accept();
                    continue;
                }
                int n = socket.read(memory, 0, 64);
                if (n > 0) {
                    socket.write(memory, 0, n);
                } else if (n < 0) {
                    socket.close();
                    free[count++] = socket;
                }
            }
        }

        private void accept() throws MtcpException {
            while (count > 0 && listener.accept(free[count - 1])) {
                MtcpSocket accepted = free[--count];
                accepted.blocking(false);
                epoll.add(accepted, EpollEvent.IN | EpollEvent.RDHUP);
            }
        }
    }

    /** Clients that connect, ask, hear the answer and close, one after the other on the same socket objects. */
    private final class Clients {
        final Epoll epoll = client.epoll();
        int started;
        int done;

        Clients() throws MtcpException {
            for (int i = 0; i < AT_ONCE; i++) {
                MtcpSocket socket = client.socket();
                socket.close();
                begin(socket);
            }
        }

        private void begin(MtcpSocket socket) throws MtcpException {
            socket.reopen();
            socket.blocking(false);
            socket.connect(SERVER);
            epoll.add(socket, EpollEvent.OUT | EpollEvent.ET);
            started++;
        }

        void turn() throws MtcpException {
            epoll.poll(events);
            for (int i = 0; i < events.count(); i++) {
                MtcpSocket socket = events.socket(i);
                if (events.has(i, EpollEvent.IN)) {
                    int n = started % 2 == 0 ? socket.read(heap.clear()) : socket.read(direct.clear());
                    if (n > 0) {
                        socket.close();
                        done++;
                        begin(socket);
                    }
                } else if (events.has(i, EpollEvent.OUT)) {
                    socket.finishConnect();
                    socket.write(started % 2 == 0 ? heap.clear() : direct.clear());
                    epoll.modify(socket, EpollEvent.IN);
                }
            }
        }
    }

    @Test
    void connectWriteReadClose_allocatesNothing() throws MtcpException {
        var echo = new Echo();
        var clients = new Clients();
        Allocation.assertNone(() -> {
            int until = clients.done + TRANSACTIONS;
            try {
                while (clients.done < until) {
                    clock.advanceTo(clock.now() + 1_000);
                    serverHost.stack().step(clock.now());
                    echo.serve();
                    serverHost.stack().step(clock.now());
                    clientHost.stack().step(clock.now());
                    clients.turn();
                    clientHost.stack().step(clock.now());
                }
            } catch (MtcpException e) {
                throw new AssertionError(e);
            }
        });
    }
}
