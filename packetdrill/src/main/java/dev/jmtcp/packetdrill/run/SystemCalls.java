package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.Expression;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of a script, done by the socket API. */
final class SystemCalls {

    private final Configuration configuration;
    private final Conversation conversation;
    private final Context context;
    private final Map<Integer, Descriptor> descriptors = new HashMap<>();
    private final Transfers transfers;
    private final SocketOptions options;
    private final Polling polling;
    private @Nullable MtcpSocket underTest;

    SystemCalls(Configuration configuration, Conversation conversation, Context context) {
        this.configuration = configuration;
        this.conversation = conversation;
        this.context = context;
        transfers = new Transfers(this);
        options = new SocketOptions(configuration.profile());
        polling = new Polling(this, context);
    }

    /** The socket whose TCP_INFO code looks at: the one that was made, connected, put to listen or accepted last. */
    @Nullable
    MtcpSocket underTest() {
        return underTest;
    }

    /** How many open sockets there are whose connection is closed. */
    int closedSockets() {
        int count = 0;
        for (Descriptor descriptor : descriptors.values()) {
            if (descriptor instanceof Descriptor.Socket(MtcpSocket socket, Map<String, Integer> _)) {
                Map<String, Object> variables = new HashMap<>();
                InfoVariables.snapshot(variables, socket);
                count += Long.valueOf(InfoVariables.CLOSE).equals(variables.get("tcpi_state")) ? 1 : 0;
            }
        }
        return count;
    }

    /** Makes a call. What it fails with is a result. */
    CallResult call(Action.SystemCall call) {
        try {
            return dispatch(call);
        } catch (MtcpException e) {
            return CallResult.error(e.errno().name());
        }
    }

    private CallResult dispatch(Action.SystemCall call) throws MtcpException {
        List<Expression> arguments = call.arguments();
        return switch (call.name()) {
            case "socket" -> socket(call);
            case "bind" -> bind(arguments);
            case "listen" -> listen(arguments);
            case "accept", "accept4" -> accept(call);
            case "connect" -> connect(arguments);
            case "close" -> close(arguments);
            case "shutdown" -> shutdown(arguments);
            case "fcntl" -> fcntl(arguments);
            case "ioctl" -> ioctl(arguments);
            case "getsockopt" -> options.read(socketDescriptor(arguments), arguments);
            case "setsockopt" -> options.write(socketDescriptor(arguments), arguments);
            case "read", "recv", "recvfrom", "readv", "recvmsg" -> transfers.receive(call);
            case "write", "send", "sendto", "writev", "sendmsg" -> transfers.send(call);
            case "poll" -> polling.poll(arguments);
            case "epoll_create", "epoll_create1" -> polling.create(call);
            case "epoll_ctl" -> polling.control(arguments);
            case "epoll_wait" -> polling.await(arguments);
            default -> throw Failure.unsupported("the call " + call.name());
        };
    }

    // ---- Descriptors

    /** The argument at an index. */
    static Expression argument(List<Expression> arguments, int index) {
        if (index >= arguments.size()) {
            throw Failure.failed("a call with " + arguments.size() + " arguments, " + (index + 1) + " are needed");
        }
        return arguments.get(index);
    }

    @Nullable
    Descriptor descriptor(int number) {
        return descriptors.get(number);
    }

    private Descriptor.Socket socketDescriptor(List<Expression> arguments) throws MtcpException {
        int number = Values.integer(argument(arguments, 0));
        return switch (descriptors.get(number)) {
            case Descriptor.Socket socket -> socket;
            case Descriptor.Poller _ -> throw new MtcpException(dev.jmtcp.core.socket.Errno.ENOTSOCK);
            case null -> throw new MtcpException(dev.jmtcp.core.socket.Errno.EBADF);
        };
    }

    MtcpSocket socketOf(List<Expression> arguments) throws MtcpException {
        return socketDescriptor(arguments).socket();
    }

    /** Gives something new the number that the script expects. */
    CallResult open(Action.SystemCall call, Descriptor descriptor) {
        int number = call.result() instanceof Expression.Numeral(long value) && value >= 0 ? (int) value : freeNumber();
        if (descriptors.containsKey(number)) {
            throw Failure.failed("the descriptor " + number + " is in use already");
        }
        descriptors.put(number, descriptor);
        return CallResult.of(number);
    }

    private int freeNumber() {
        int number = 3;
        while (descriptors.containsKey(number)) {
            number++;
        }
        return number;
    }

    // ---- Opening and closing

    private CallResult socket(Action.SystemCall call) throws MtcpException {
        List<Expression> arguments = call.arguments();
        Expression family = argument(arguments, 0);
        if (!Values.isAny(family) && Values.number(family) != Constants.of("AF_INET")) {
            throw Failure.unsupported("a socket of " + Values.show(family));
        }
        int type = Values.integer(argument(arguments, 1));
        long protocol = Values.number(argument(arguments, 2));
        if ((type & 0xf) != 1 || (protocol != 6 && protocol != 0)) {
            throw Failure.unsupported(
                    "socket(" + Values.show(arguments.get(1)) + ", " + Values.show(arguments.get(2)) + ")");
        }
        MtcpSocket socket = context.socket();
        socket.blocking((type & Constants.O_NONBLOCK) == 0);
        underTest = socket;
        return open(call, new Descriptor.Socket(socket));
    }

    private InetSocketAddress address(List<Expression> arguments, int address, int port) {
        Expression given = argument(arguments, 1);
        if (Values.isAny(given)) {
            return Addresses.socketAddress(address, port);
        }
        if (given instanceof Expression.Struct struct
                && struct.field("sin_port").isPresent()
                && struct.field("sin_addr").orElse(null)
                        instanceof Expression.Application(String _, List<Expression> text)
                && text.get(0) instanceof Expression.Text(String host, boolean _)) {
            return Addresses.socketAddress(
                    Addresses.parse(host),
                    Values.integer(struct.field("sin_port").get()));
        }
        throw Failure.unsupported("the address " + Values.show(given));
    }

    private CallResult bind(List<Expression> arguments) throws MtcpException {
        Addresses addresses = configuration.addresses();
        socketOf(arguments).bind(address(arguments, addresses.local(), addresses.bindPort()));
        return CallResult.of(0);
    }

    private CallResult listen(List<Expression> arguments) throws MtcpException {
        MtcpSocket socket = socketOf(arguments);
        // As everywhere, a backlog of 0 still lets one wait.
        socket.listen(Math.max(1, Values.integer(argument(arguments, 1))));
        conversation.listening();
        underTest = socket;
        return CallResult.of(0);
    }

    private CallResult accept(Action.SystemCall call) throws MtcpException {
        MtcpSocket accepted = socketOf(call.arguments()).accept();
        if (accepted == null) {
            return CallResult.error("EAGAIN");
        }
        if (call.arguments().size() > 3 && (Values.integer(call.arguments().get(3)) & Constants.O_NONBLOCK) != 0) {
            accepted.blocking(false);
        }
        underTest = accepted;
        return open(call, new Descriptor.Socket(accepted));
    }

    private CallResult connect(List<Expression> arguments) throws MtcpException {
        MtcpSocket socket = socketOf(arguments);
        Addresses addresses = configuration.addresses();
        InetSocketAddress remote = address(arguments, addresses.remote(), addresses.connectPort());
        if (socket != underTest || !conversation.isConnecting()) {
            conversation.connecting(remote.getPort());
        }
        underTest = socket;
        return socket.connect(remote) ? CallResult.of(0) : CallResult.error("EINPROGRESS");
    }

    private CallResult close(List<Expression> arguments) throws MtcpException {
        int number = Values.integer(argument(arguments, 0));
        switch (descriptors.remove(number)) {
            case Descriptor.Socket(MtcpSocket socket, Map<String, Integer> _) -> {
                if (socket == underTest) {
                    underTest = null;
                }
                socket.close();
            }
            case Descriptor.Poller(dev.jmtcp.core.socket.Epoll epoll) -> epoll.close();
            case null -> throw new MtcpException(dev.jmtcp.core.socket.Errno.EBADF);
        }
        return CallResult.of(0);
    }

    private CallResult shutdown(List<Expression> arguments) throws MtcpException {
        MtcpSocket.Direction direction = switch (Values.integer(argument(arguments, 1))) {
            case 0 -> MtcpSocket.Direction.READ;
            case 1 -> MtcpSocket.Direction.WRITE;
            case 2 -> MtcpSocket.Direction.BOTH;
            default -> throw new MtcpException(dev.jmtcp.core.socket.Errno.EINVAL);
        };
        socketOf(arguments).shutdown(direction);
        return CallResult.of(0);
    }

    // ---- Properties

    private CallResult fcntl(List<Expression> arguments) throws MtcpException {
        MtcpSocket socket = socketOf(arguments);
        return switch (Values.word(argument(arguments, 1))) {
            case "F_GETFL" -> CallResult.of(Constants.O_RDWR | (socket.isBlocking() ? 0 : Constants.O_NONBLOCK));
            case "F_SETFL" -> {
                socket.blocking((Values.integer(argument(arguments, 2)) & Constants.O_NONBLOCK) == 0);
                yield CallResult.of(0);
            }
            default -> throw Failure.unsupported("fcntl " + Values.show(arguments.get(1)));
        };
    }

    private CallResult ioctl(List<Expression> arguments) throws MtcpException {
        MtcpSocket socket = socketOf(arguments);
        String request = Values.word(argument(arguments, 1));
        int actual = switch (request) {
            case "SIOCINQ", "FIONREAD", "TIOCINQ" -> socket.available();
            case "SIOCATMARK" -> socket.urgentAhead() == 1 ? 1 : 0;
            default -> throw Failure.unsupported("ioctl " + request);
        };
        Expression expected = argument(arguments, 2);
        if (!Values.isAny(expected) && Values.number(expected) != actual) {
            throw Failure.failed("ioctl " + request + ": expected " + Values.number(expected) + ", got " + actual);
        }
        return CallResult.of(0);
    }
}
