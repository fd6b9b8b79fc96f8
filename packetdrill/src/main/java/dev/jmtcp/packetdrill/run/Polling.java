package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Epoll;
import dev.jmtcp.core.socket.EpollEvents;
import dev.jmtcp.core.socket.Errno;
import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The calls that wait for several sockets at once: poll by an epoll of its own. */
final class Polling {

    /** The events that poll and epoll have in common. */
    private static final int POLL_BITS = 0x23ff;

    private final SystemCalls calls;
    private final Context context;

    Polling(SystemCalls calls, Context context) {
        this.calls = calls;
        this.context = context;
    }

    CallResult create(Action.SystemCall call) throws MtcpException {
        if (call.name().equals("epoll_create") && Values.integer(SystemCalls.argument(call.arguments(), 0)) <= 0) {
            throw new MtcpException(Errno.EINVAL);
        }
        return calls.open(call, new Descriptor.Poller(context.epoll()));
    }

    private Epoll epoll(Expression expression) throws MtcpException {
        return switch (calls.descriptor(Values.integer(expression))) {
            case Descriptor.Poller(Epoll epoll) -> epoll;
            case Descriptor.Socket _ -> throw new MtcpException(Errno.EINVAL);
            case null -> throw new MtcpException(Errno.EBADF);
        };
    }

    CallResult control(List<Expression> arguments) throws MtcpException {
        Epoll epoll = epoll(SystemCalls.argument(arguments, 0));
        var target = calls.socketOf(List.of(SystemCalls.argument(arguments, 2)));
        String command = Values.word(SystemCalls.argument(arguments, 1));
        if (command.equals("EPOLL_CTL_DEL")) {
            epoll.remove(target);
            return CallResult.of(0);
        }
        Expression.Struct event = struct(SystemCalls.argument(arguments, 3));
        int events = (int) Values.number(field(event, "events"));
        long data = data(event).orElse(0L);
        switch (command) {
            case "EPOLL_CTL_ADD" -> epoll.add(target, events, data);
            case "EPOLL_CTL_MOD" -> epoll.modify(target, events, data);
            default -> throw Failure.unsupported("epoll_ctl " + command);
        }
        return CallResult.of(0);
    }

    CallResult await(List<Expression> arguments) throws MtcpException {
        Epoll epoll = epoll(SystemCalls.argument(arguments, 0));
        Expression expected = SystemCalls.argument(arguments, 1);
        int most = Values.integer(SystemCalls.argument(arguments, 2));
        if (most <= 0) {
            throw new MtcpException(Errno.EINVAL);
        }
        var found = new EpollEvents(most);
        int timeout = Values.integer(SystemCalls.argument(arguments, 3));
        int n = epoll.await(found, timeout, TimeUnit.MILLISECONDS);
        if (Values.isAny(expected)) {
            return CallResult.of(n);
        }
        List<Expression> list =
                expected instanceof Expression.Listing(List<Expression> elements) ? elements : List.of(expected);
        for (int i = 0; i < Math.min(n, list.size()); i++) {
            Expression.Struct event = struct(list.get(i));
            int wanted = (int) Values.number(field(event, "events"));
            if (wanted != found.events(i)) {
                throw Failure.failed("epoll_wait: expected the events "
                        + dev.jmtcp.core.socket.EpollEvent.toString(wanted) + ", got "
                        + dev.jmtcp.core.socket.EpollEvent.toString(found.events(i)));
            }
            Optional<Long> data = data(event);
            if (data.isPresent() && !data.get().equals(found.attachment(i))) {
                throw Failure.failed("epoll_wait: expected the data " + data.get() + ", got " + found.attachment(i));
            }
        }
        return CallResult.of(n);
    }

    CallResult poll(List<Expression> arguments) throws MtcpException {
        if (!(SystemCalls.argument(arguments, 0) instanceof Expression.Listing(List<Expression> elements))) {
            throw Failure.unsupported("poll(" + Values.show(arguments.get(0)) + ")");
        }
        int timeout = Values.integer(SystemCalls.argument(arguments, 2));
        List<Expression.Struct> entries = new ArrayList<>();
        try (Epoll epoll = context.epoll()) {
            for (Expression element : elements) {
                Expression.Struct entry = struct(element);
                entries.add(entry);
                epoll.add(
                        calls.socketOf(List.of(field(entry, "fd"))),
                        (int) Values.number(field(entry, "events")) & POLL_BITS,
                        (long) entries.size() - 1);
            }
            var found = new EpollEvents(Math.max(1, entries.size()));
            int n = epoll.await(found, timeout, TimeUnit.MILLISECONDS);
            int[] actual = new int[entries.size()];
            for (int i = 0; i < n; i++) {
                if (found.attachment(i) instanceof Long index) {
                    actual[index.intValue()] = found.events(i);
                }
            }
            for (int i = 0; i < actual.length; i++) {
                int wanted =
                        entries.get(i).field("revents").map(Values::integer).orElse(0);
                if (wanted != actual[i]) {
                    throw Failure.failed("poll: expected the events "
                            + dev.jmtcp.core.socket.EpollEvent.toString(wanted).replace("EPOLL", "POLL")
                            + ", got "
                            + dev.jmtcp.core.socket.EpollEvent.toString(actual[i])
                                    .replace("EPOLL", "POLL"));
                }
            }
            return CallResult.of(n);
        }
    }

    private static Expression.Struct struct(Expression expression) {
        if (expression instanceof Expression.Struct struct) {
            return struct;
        }
        throw Failure.unsupported("the events " + Values.show(expression));
    }

    private static Expression field(Expression.Struct struct, String name) {
        return struct.field(name).orElseThrow(() -> Failure.failed("no member " + name + " in " + Values.show(struct)));
    }

    /** What the application gave to have it back with each event. */
    private static Optional<Long> data(Expression.Struct event) {
        for (String name : List.of("fd", "ptr", "u32", "u64")) {
            Optional<Expression> value = event.field(name);
            if (value.isPresent()) {
                return value.filter(v -> !Values.isAny(v)).map(Values::number);
            }
        }
        return Optional.empty();
    }
}
