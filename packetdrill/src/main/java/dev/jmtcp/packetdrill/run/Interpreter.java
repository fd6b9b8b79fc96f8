package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.Outcome;
import dev.jmtcp.packetdrill.Profile;
import dev.jmtcp.packetdrill.code.CodeBlock;
import dev.jmtcp.packetdrill.code.CodeException;
import dev.jmtcp.packetdrill.script.Action;
import dev.jmtcp.packetdrill.script.Direction;
import dev.jmtcp.packetdrill.script.Event;
import dev.jmtcp.packetdrill.script.Expression;
import dev.jmtcp.packetdrill.script.Script;
import dev.jmtcp.packetdrill.script.TcpSpec;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs one script. One thread does it all, in virtual time: the script goes on in small steps, and a call that waits lets it: while the call is under way, the
 * turns that the stack would have are steps of the script. So a run is the same every time.
 */
public final class Interpreter {

    /** For how long the stack is given to send what may come at any time. */
    private static final long PATIENCE = 3_600_000_000_000L;

    /** A script of so many steps will never end. */
    private static final int MAX_STEPS = 2_000_000;

    private final Script script;
    private final Configuration configuration;
    private final Commands commands;
    private final Map<String, Object> variables = new HashMap<>();
    private @Nullable Session session;

    /** The event that comes next or is under way. */
    private int index;

    /** When it is to happen; null if it has not been looked at yet. */
    private @Nullable Clock clock;

    /** When the event before was to happen. */
    private long scheduled;

    /** The call that waits, and its latest end; null if there is none. */
    private @Nullable Event waiting;

    private long waitingLimit;
    private int steps;

    private Interpreter(Script script, Configuration configuration) {
        this.script = script;
        this.configuration = configuration;
        commands = new Commands(configuration);
        InfoVariables.constants(variables);
    }

    /** Runs a script against a stack of its own. */
    public static Outcome run(Script script, Profile profile) {
        Interpreter interpreter = null;
        try {
            interpreter = new Interpreter(script, new Configuration(profile, script));
            interpreter.run();
            return new Outcome.Passed();
        } catch (Failure e) {
            int line = interpreter == null ? 0 : interpreter.line();
            String message = String.valueOf(e.getMessage());
            return e.isUnsupported() ? new Outcome.Unsupported(line, message) : new Outcome.Failed(line, message);
        } catch (RuntimeException e) {
            int line = interpreter == null ? 0 : interpreter.line();
            return new Outcome.Failed(line, "the stack or the interpreter broke: " + Traces.brief(e));
        } finally {
            if (interpreter != null && interpreter.session != null) {
                interpreter.session.close();
            }
        }
    }

    private int line() {
        return index < script.events().size() ? script.events().get(index).line() : 0;
    }

    private void run() {
        script.initial().ifPresent(command -> commands.run(command, null, false));
        while (index < script.events().size()) {
            step(Long.MAX_VALUE);
        }
        script.cleanup().ifPresent(command -> commands.run(command, session, true));
    }

    private Session session() {
        Session current = session;
        if (current == null) {
            current = new Session(configuration, this::turn);
            session = current;
        }
        return current;
    }

    /** The time since the script began. */
    private long now() {
        return session == null ? 0 : session.machine().elapsed();
    }

    /** A time since the script began, or Long.MAX_VALUE, as a time of the machine. */
    private static long machineTime(long elapsed) {
        return elapsed == Long.MAX_VALUE ? elapsed : elapsed + Machine.START;
    }

    // ---- Steps

    /**
     * Does one small thing: an event, or a part of one, or some of the time until the next.
     *
     * @param until the latest time to go on to, in nanoseconds since the script began
     */
    private void step(long until) {
        if (++steps > MAX_STEPS) {
            throw Failure.failed("the script does not come to an end");
        }
        Event event = script.events().get(index);
        Clock time = clock;
        if (time == null) {
            Event before = index == 0 ? null : script.events().get(index - 1);
            time = Clock.of(event, before, scheduled, now());
            clock = time;
        }
        if (event.action() instanceof Action.Tcp(TcpSpec spec)) {
            Features.require(spec);
        }
        switch (event.action()) {
            case Action.Tcp(TcpSpec segment)
            when segment.direction() == Direction.OUTBOUND -> expect(segment, time, until);
            case Action.Icmp message
            when message.direction() == Direction.OUTBOUND -> throw Failure.unsupported("ICMP that the stack sends");
            case Action.OtherPacket other -> throw Failure.unsupported("packets of " + other.protocol());
            default -> {
                if (now() < time.from()) {
                    session().machine().advance(machineTime(Math.min(until, time.from())));
                } else if (!(event.action() instanceof Action.SystemCall) || waiting == null) {
                    punctual(time);
                    perform(event, time);
                } else {
                    letPass(until);
                }
            }
        }
    }

    private void punctual(Clock time) {
        if (time.misses(now(), configuration.tolerance(time.from() - scheduled))) {
            throw Failure.failed("expected at " + time + ", but it is " + Clock.seconds(now()) + " already");
        }
    }

    private void done(Clock time) {
        scheduled = time.from();
        clock = null;
        index++;
    }

    private void perform(Event event, Clock time) {
        switch (event.action()) {
            case Action.Tcp(TcpSpec segment) -> {
                session().conversation().inject(segment);
                done(time);
            }
            case Action.Icmp message -> {
                session().conversation().inject(message);
                done(time);
            }
            case Action.Command command -> {
                boolean tail = isTail(index + 1);
                commands.run(command, session, tail);
                done(time);
            }
            case Action.Code code -> {
                code(code);
                done(time);
            }
            case Action.SystemCall call -> call(event, call, time);
            case Action.OtherPacket _ -> throw new AssertionError(event);
        }
    }

    /** Whether nothing that the stack's settings could matter for comes from an event on. */
    private boolean isTail(int from) {
        for (Event event : script.events().subList(from, script.events().size())) {
            boolean matters = switch (event.action()) {
                case Action.SystemCall call -> !call.name().equals("close");
                case Action.Command _, Action.Code _ -> false;
                case Action.Tcp _, Action.Icmp _, Action.OtherPacket _ -> true;
            };
            if (matters) {
                return false;
            }
        }
        return true;
    }

    // ---- Packets of the stack

    private void expect(TcpSpec segment, Clock time, long until) {
        Session current = session();
        long tolerance = configuration.tolerance(time.from() - scheduled);
        LivePacketText text = new LivePacketText(segment);
        try {
            long sent = current.conversation().take(segment);
            if (sent >= 0) {
                long at = sent - Machine.START;
                if (time.misses(at, tolerance)) {
                    throw Failure.failed("unexpected time: " + Clock.seconds(at) + " instead of " + time);
                }
                done(time);
                return;
            }
            long limit = time.limit(tolerance);
            boolean never = current.machine().isIdle() && waiting == null;
            if (now() >= limit || (limit == Long.MAX_VALUE && (never || now() > time.origin() + PATIENCE))) {
                throw Failure.failed("nothing was sent by " + Clock.seconds(now()));
            }
            current.machine().advance(machineTime(Math.min(until, limit)));
        } catch (Failure e) {
            if (e.isUnsupported()) {
                throw e;
            }
            if (!configuration.packetsMayFail()) {
                throw Failure.failed(text.explain(e, current.conversation().last(), time));
            }
            done(time);
        }
    }

    // ---- Calls

    private void call(Event event, Action.SystemCall call, Clock time) {
        Session current = session();
        boolean blocking = call.end().isPresent();
        long tolerance = configuration.tolerance(0);
        long end = blocking ? time.origin() + call.end().getAsLong() : now();
        waiting = event;
        waitingLimit = end + tolerance;
        CallResult result;
        if (blocking) {
            // The script goes on while the call waits.
            done(time);
        }
        try {
            result = current.calls().call(call);
            current.machine().settle();
            verify(call, result);
            if (blocking && Math.abs(now() - end) > tolerance) {
                throw Failure.failed(
                        call.name() + " returned at " + Clock.seconds(now()) + " instead of " + Clock.seconds(end));
            }
        } catch (Failure e) {
            if (e.isUnsupported() || !configuration.callsMayFail()) {
                throw e;
            }
        } finally {
            waiting = null;
        }
        if (!blocking) {
            done(time);
        }
    }

    private static void verify(Action.SystemCall call, CallResult actual) {
        String wantedError = call.error();
        if (Values.isAny(call.result()) && wantedError == null) {
            return;
        }
        long wanted = call.result() instanceof Expression.Ellipsis ? actual.value() : Values.number(call.result());
        boolean sameError = wantedError == null
                ? wanted == -1 || actual.error() == null
                : actual.error() != null && Constants.of(wantedError) == Constants.of(actual.error());
        if (wanted != actual.value() || !sameError) {
            throw Failure.failed(call.name() + ": expected " + wanted + (wantedError == null ? "" : " " + wantedError)
                    + ", got " + actual);
        }
    }

    /** A call waits: what happens meanwhile. */
    private void turn(long until) {
        Event call = waiting;
        if (call == null) {
            throw new AssertionError("nobody waits");
        }
        long limit = until == Long.MAX_VALUE ? until : until - Machine.START;
        boolean blocking =
                call.action() instanceof Action.SystemCall c && c.end().isPresent();
        if (now() >= waitingLimit) {
            throw Failure.failed("the call of line " + call.line() + " has not returned by " + Clock.seconds(now()));
        }
        if (blocking && index < script.events().size()) {
            step(Math.min(limit, waitingLimit));
        } else {
            letPass(limit);
        }
    }

    private void letPass(long until) {
        if (now() >= waitingLimit) {
            throw Failure.failed("a call is still waiting at " + Clock.seconds(now()));
        }
        session().machine().advance(machineTime(Math.min(until, waitingLimit)));
    }

    // ---- Code

    private void code(Action.Code code) {
        InfoVariables.snapshot(variables, session().calls().underTest());
        try {
            CodeBlock.run(code.text(), variables);
        } catch (CodeException e) {
            throw switch (e.kind()) {
                case ASSERTION -> Failure.failed(e.getMessage() + values(code.text()));
                case UNKNOWN_NAME -> Failure.unsupported("the variable " + e.getMessage());
                case UNKNOWN_LANGUAGE -> Failure.unsupported(String.valueOf(e.getMessage()));
            };
        }
    }

    /** The values of the variables that code mentions. */
    private String values(String text) {
        var shown = new StringBuilder();
        variables.forEach((name, value) -> {
            if (name.startsWith("tcpi_") && text.contains(name)) {
                shown.append(", ").append(name).append(" = ").append(value);
            }
        });
        return shown.toString();
    }
}
