package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.Expression;
import java.nio.ByteBuffer;
import java.util.List;

/** The calls that read and write. What is written is zeros, as in packetdrill; so is what is expected to be read. */
final class Transfers {

    private static final int SEND_FLAGS = Constants.MSG_DONTWAIT | Constants.MSG_NOSIGNAL | Constants.MSG_OOB;
    private static final int RECEIVE_FLAGS = Constants.MSG_DONTWAIT
            | Constants.MSG_NOSIGNAL
            | Constants.MSG_PEEK
            | Constants.MSG_TRUNC
            | Constants.MSG_WAITALL;

    private final SystemCalls calls;

    Transfers(SystemCalls calls) {
        this.calls = calls;
    }

    CallResult send(Action.SystemCall call) throws MtcpException {
        List<Expression> arguments = call.arguments();
        MtcpSocket socket = calls.socketOf(arguments);
        int length = switch (call.name()) {
            case "writev" -> vector(SystemCalls.argument(arguments, 1));
            case "sendmsg" -> message(SystemCalls.argument(arguments, 1));
            default -> length(arguments);
        };
        int flags = switch (call.name()) {
            case "send", "sendto" -> Values.integer(SystemCalls.argument(arguments, 3));
            case "sendmsg" -> Values.integer(SystemCalls.argument(arguments, 2));
            default -> 0;
        };
        check(flags, SEND_FLAGS, call.name());
        if (call.name().equals("sendto")
                && arguments.size() > 4
                && !Values.isAny(arguments.get(4))
                && !isNull(arguments.get(4))) {
            throw Failure.unsupported("sendto with an address");
        }
        ByteBuffer source = ByteBuffer.allocate(length);
        boolean wait = socket.isBlocking() && (flags & Constants.MSG_DONTWAIT) != 0;
        if (wait) {
            socket.blocking(false);
        }
        try {
            int n = (flags & Constants.MSG_OOB) != 0 ? socket.writeUrgent(source) : socket.write(source);
            return n == 0 && length > 0 ? CallResult.error("EAGAIN") : CallResult.of(n);
        } finally {
            if (wait) {
                socket.blocking(true);
            }
        }
    }

    CallResult receive(Action.SystemCall call) throws MtcpException {
        List<Expression> arguments = call.arguments();
        MtcpSocket socket = calls.socketOf(arguments);
        int length = switch (call.name()) {
            case "readv" -> vector(SystemCalls.argument(arguments, 1));
            case "recvmsg" -> message(SystemCalls.argument(arguments, 1));
            default -> length(arguments);
        };
        int flags = switch (call.name()) {
            case "recv", "recvfrom" -> Values.integer(SystemCalls.argument(arguments, 3));
            case "recvmsg" -> Values.integer(SystemCalls.argument(arguments, 2));
            default -> 0;
        };
        check(flags, RECEIVE_FLAGS, call.name());
        ByteBuffer destination = ByteBuffer.allocate(length);
        boolean wait = socket.isBlocking() && (flags & Constants.MSG_DONTWAIT) != 0;
        if (wait) {
            socket.blocking(false);
        }
        try {
            return receive(socket, destination, flags);
        } finally {
            if (wait) {
                socket.blocking(true);
            }
        }
    }

    private static CallResult receive(MtcpSocket socket, ByteBuffer destination, int flags) throws MtcpException {
        boolean peek = (flags & Constants.MSG_PEEK) != 0;
        int n = peek ? socket.peek(destination) : socket.read(destination);
        int total = n;
        while (!peek && (flags & Constants.MSG_WAITALL) != 0 && n > 0 && destination.hasRemaining()) {
            n = socket.read(destination);
            total += Math.max(n, 0);
        }
        if (total == 0 && destination.hasRemaining()) {
            return CallResult.error("EAGAIN");
        }
        return CallResult.of(Math.max(total, 0));
    }

    private static void check(int flags, int known, String name) {
        int unknown = flags & ~known;
        if (unknown != 0) {
            throw Failure.unsupported(name + " with the flags 0x" + Integer.toHexString(unknown));
        }
    }

    private static boolean isNull(Expression expression) {
        return expression instanceof Expression.Word(String name) && name.equals("NULL")
                || expression instanceof Expression.Numeral(long value) && value == 0;
    }

    private static int length(List<Expression> arguments) {
        Expression buffer = SystemCalls.argument(arguments, 1);
        if (isNull(buffer)) {
            throw Failure.unsupported("a buffer that is not there");
        }
        return size(Values.number(SystemCalls.argument(arguments, 2)));
    }

    private static int size(long length) {
        if (length < 0 || length > 1 << 30) {
            throw Failure.unsupported("a buffer of " + length + " bytes");
        }
        return (int) length;
    }

    /** The bytes of a list of buffers: <code>[{..., 100}, {..., 200}]</code>. */
    private static int vector(Expression expression) {
        if (!(expression instanceof Expression.Listing(List<Expression> elements))) {
            throw Failure.unsupported("the buffers " + Values.show(expression));
        }
        long total = 0;
        for (Expression element : elements) {
            if (!(element instanceof Expression.Tuple(List<Expression> parts)) || parts.size() != 2) {
                throw Failure.unsupported("the buffer " + Values.show(element));
            }
            total += Values.number(parts.get(1));
        }
        return size(total);
    }

    private static int message(Expression expression) {
        if (!(expression instanceof Expression.Struct struct)
                || struct.field("msg_iov").isEmpty()) {
            throw Failure.unsupported("the message " + Values.show(expression));
        }
        boolean control = struct.field("msg_control")
                .filter(c -> !(c instanceof Expression.Listing(List<Expression> list) && list.isEmpty()))
                .isPresent();
        if (control) {
            throw Failure.unsupported("control messages");
        }
        return vector(struct.field("msg_iov").get());
    }
}
