package dev.jmtcp.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the arguments and results of system calls. */
final class ExpressionParser {

    private final Tokens tokens;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Expressions up to a closing bracket, which is taken, too. */
    List<Expression> list(String closing) throws ScriptSyntaxException {
        List<Expression> list = new ArrayList<>();
        if (tokens.skip(closing)) {
            return list;
        }
        do {
            list.add(expression());
        } while (tokens.skip(","));
        tokens.expect(closing);
        return list;
    }

    Expression expression() throws ScriptSyntaxException {
        Expression left = operand();
        while (tokens.skip("|")) {
            left = new Expression.Binary("|", left, operand());
        }
        return left;
    }

    private Expression operand() throws ScriptSyntaxException {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case ELLIPSIS -> {
                tokens.take();
                yield new Expression.Ellipsis();
            }
            case INTEGER, HEX -> new Expression.Numeral(tokens.take().value());
            case STRING -> strings();
            case WORD -> word();
            case SYMBOL -> {
                if (tokens.skip("[")) {
                    yield new Expression.Listing(list("]"));
                }
                if (tokens.skip("{")) {
                    yield braces();
                }
                throw tokens.unexpected("a value");
            }
            default -> throw tokens.unexpected("a value");
        };
    }

    private Expression strings() {
        Expression left = new Expression.Text(tokens.take().text(), false);
        while (tokens.at(Token.Kind.STRING)) {
            left = new Expression.Binary(
                    ".", left, new Expression.Text(tokens.take().text(), false));
        }
        if (tokens.at(Token.Kind.ELLIPSIS) && left instanceof Expression.Text(String value, boolean _)) {
            tokens.take();
            return new Expression.Text(value, true);
        }
        return left;
    }

    private Expression word() throws ScriptSyntaxException {
        String name = tokens.take().text();
        if (tokens.skip("(")) {
            return new Expression.Application(name, list(")"));
        }
        if (tokens.skip("=")) {
            return new Expression.Binary("=", new Expression.Word(name), expression());
        }
        return new Expression.Word(name);
    }

    private Expression braces() throws ScriptSyntaxException {
        boolean named = tokens.at(Token.Kind.WORD) && (tokens.peek(1).is("=") || isSized());
        if (!named) {
            return new Expression.Tuple(list("}"));
        }
        List<Expression.Field> fields = new ArrayList<>();
        do {
            String name = tokens.expect(Token.Kind.WORD, "the name of a member").text();
            Optional<Expression> size = Optional.empty();
            if (tokens.skip("(")) {
                size = Optional.of(expression());
                tokens.expect(")");
            }
            tokens.expect("=");
            fields.add(new Expression.Field(name, size, expression()));
        } while (tokens.skip(","));
        tokens.expect("}");
        return new Expression.Struct(fields);
    }

    /** {@code msg_name(...)=} and {@code msg_iov(1)=}. */
    private boolean isSized() {
        return tokens.peek(1).is("(")
                && tokens.peek(3).is(")")
                && tokens.peek(4).is("=");
    }
}
