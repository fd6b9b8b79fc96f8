package dev.jmtcp.packetdrill.script;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tokens of a script, one after the other, and what parsers need to ask of them. */
final class Tokens {

    private static final long NANOS = 1_000_000_000;

    private final List<Token> tokens;
    private int next;

    Tokens(String text, Map<String, String> definitions) throws ScriptSyntaxException {
        Map<String, String> known = new HashMap<>(definitions);
        collectDefinitions(text, known);
        tokens = Lexer.tokens(text, known);
    }

    /** Definitions stand at the beginning of a script, before what they are used in. */
    private static void collectDefinitions(String text, Map<String, String> known) {
        var definition = java.util.regex.Pattern.compile(
                "^\\s*(?:--define=|-D\\s*)([A-Za-z0-9_]+)=(\"[^\"\n]*\"|`[^`\n]*`|[^\\s]+)",
                java.util.regex.Pattern.MULTILINE);
        var matcher = definition.matcher(text);
        while (matcher.find()) {
            known.put(matcher.group(1), matcher.group(2));
        }
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(next + ahead, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        return token;
    }

    /** The line of the token before the next one. */
    int lineBefore() {
        return tokens.get(Math.max(0, next - 1)).line();
    }

    boolean at(Token.Kind kind) {
        return peek().kind() == kind;
    }

    boolean at(String text) {
        return peek().is(text);
    }

    /** Whether the next token follows the one before without a space. */
    boolean adjoins() {
        Token before = tokens.get(next - 1);
        return peek().offset() == before.end();
    }

    /** Takes a token if it is this one. */
    boolean skip(String text) {
        boolean found = at(text);
        if (found) {
            next++;
        }
        return found;
    }

    void expect(String text) throws ScriptSyntaxException {
        if (!skip(text)) {
            throw unexpected("'" + text + "'");
        }
    }

    Token expect(Token.Kind kind, String what) throws ScriptSyntaxException {
        if (!at(kind)) {
            throw unexpected(what);
        }
        return take();
    }

    /** An integer within bounds, decimal or hexadecimal. */
    long integer(String what, long minimum, long maximum) throws ScriptSyntaxException {
        if (!at(Token.Kind.INTEGER) && !at(Token.Kind.HEX)) {
            throw unexpected(what);
        }
        Token token = take();
        if (token.value() < minimum || token.value() > maximum) {
            throw new ScriptSyntaxException(
                    token.line(), what + " " + token.text() + " is not from " + minimum + " to " + maximum);
        }
        return token.value();
    }

    /** A time in seconds, as nanoseconds. */
    long time() throws ScriptSyntaxException {
        if (!at(Token.Kind.INTEGER) && !at(Token.Kind.DECIMAL)) {
            throw unexpected("a time");
        }
        Token token = take();
        if (token.text().startsWith("-")) {
            throw new ScriptSyntaxException(token.line(), "the time " + token.text() + " is negative");
        }
        return new java.math.BigDecimal(token.text())
                .multiply(java.math.BigDecimal.valueOf(NANOS))
                .longValue();
    }

    ScriptSyntaxException unexpected(String expected) {
        return new ScriptSyntaxException(peek().line(), "expected " + expected + ", found " + peek());
    }
}
