package dev.jmtcp.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads scripts, in google's dialect of the language and in that of FreeBSD's test suite. */
public final class ScriptParser {

    private final String name;
    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final PacketParser packets;

    private ScriptParser(String name, String text, Dialect dialect) throws ScriptSyntaxException {
        this.name = name;
        tokens = new Tokens(Preprocessor.process(text, dialect.symbols()), dialect.definitions());
        expressions = new ExpressionParser(tokens);
        packets = new PacketParser(tokens);
    }

    /**
     * Reads a script.
     *
     * @param name what messages call it
     */
    public static Script parse(String name, String text, Dialect dialect) throws ScriptSyntaxException {
        return new ScriptParser(name, text, dialect).script();
    }

    private Script script() throws ScriptSyntaxException {
        List<Script.Setting> settings = new ArrayList<>();
        while (tokens.at(Token.Kind.SETTING)) {
            settings.add(setting());
        }
        Optional<Action.Command> initial = tokens.at(Token.Kind.COMMAND) ? Optional.of(command()) : Optional.empty();
        List<Event> events = new ArrayList<>();
        Optional<Action.Command> cleanup = Optional.empty();
        while (!tokens.at(Token.Kind.END)) {
            if (tokens.at(Token.Kind.COMMAND)) {
                cleanup = Optional.of(command());
                tokens.expect(Token.Kind.END, "the end of the script after the cleanup command");
            } else {
                events.add(event());
            }
        }
        if (events.isEmpty()) {
            throw tokens.unexpected("an event");
        }
        return new Script(name, settings, initial, events, cleanup);
    }

    private Script.Setting setting() throws ScriptSyntaxException {
        Token option = tokens.take();
        if (!tokens.skip("=")) {
            return new Script.Setting(option.line(), option.text(), "");
        }
        var value = new StringBuilder();
        do {
            Token token = tokens.take();
            if (token.kind() == Token.Kind.END || token.line() != option.line()) {
                throw new ScriptSyntaxException(option.line(), "--" + option.text() + " has no value");
            }
            value.append(token.text());
        } while (tokens.peek().line() == option.line() && tokens.adjoins());
        return new Script.Setting(option.line(), option.text(), value.toString());
    }

    private Action.Command command() {
        Token token = tokens.take();
        return new Action.Command(token.line(), token.text());
    }

    private Event event() throws ScriptSyntaxException {
        int line = tokens.peek().line();
        EventTime time = time();
        Action action = action();
        boolean outbound = switch (action) {
            case Action.Tcp(TcpSpec segment) -> segment.direction() == Direction.OUTBOUND;
            case Action.Icmp icmp -> icmp.direction() == Direction.OUTBOUND;
            case Action.OtherPacket other -> other.direction() == Direction.OUTBOUND;
            case Action.SystemCall _, Action.Command _, Action.Code _ -> false;
        };
        if (time.isForExpectedPackets() && !outbound) {
            throw new ScriptSyntaxException(line, "'*' and ranges of time are for outbound packets only");
        }
        return new Event(line, time, action);
    }

    private EventTime time() throws ScriptSyntaxException {
        if (tokens.skip("*")) {
            return new EventTime.Any();
        }
        boolean relative = tokens.skip("+");
        long from = tokens.time();
        if (!tokens.skip("~")) {
            return relative ? new EventTime.Relative(from) : new EventTime.Absolute(from);
        }
        if (relative) {
            tokens.expect("+");
        }
        int line = tokens.peek().line();
        long to = tokens.time();
        if (to < from) {
            throw new ScriptSyntaxException(line, "the range of time is backwards");
        }
        return relative ? new EventTime.RelativeRange(from, to) : new EventTime.AbsoluteRange(from, to);
    }

    private Action action() throws ScriptSyntaxException {
        return switch (tokens.peek().kind()) {
            case COMMAND -> command();
            case CODE -> {
                Token token = tokens.take();
                yield new Action.Code(token.line(), token.text());
            }
            case WORD, ELLIPSIS -> systemCall();
            default -> {
                if (tokens.at("<") || tokens.at(">")) {
                    yield packets.packet();
                }
                throw tokens.unexpected("a packet, a call, a command or code");
            }
        };
    }

    private Action systemCall() throws ScriptSyntaxException {
        OptionalLong end = OptionalLong.empty();
        if (tokens.at(Token.Kind.ELLIPSIS)) {
            tokens.take();
            end = OptionalLong.of(tokens.time());
        }
        String function = tokens.expect(Token.Kind.WORD, "the name of a call").text();
        tokens.expect("(");
        List<Expression> arguments = expressions.list(")");
        tokens.expect("=");
        Expression result = expressions.expression();
        String error = null;
        if (tokens.at(Token.Kind.WORD)) {
            error = tokens.take().text();
        }
        note();
        return new Action.SystemCall(end, function, arguments, result, error);
    }

    /** The text in parentheses that strace prints after a result: of no meaning here. */
    private @Nullable String note() throws ScriptSyntaxException {
        if (!tokens.skip("(")) {
            return null;
        }
        var text = new StringBuilder();
        while (!tokens.skip(")")) {
            if (tokens.at(Token.Kind.END)) {
                throw tokens.unexpected("')'");
            }
            text.append(tokens.take().text()).append(' ');
        }
        return text.toString();
    }
}
