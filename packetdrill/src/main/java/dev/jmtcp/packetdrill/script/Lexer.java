package dev.jmtcp.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a script into tokens. A token is the longest piece that fits one kind; of those equally long the kind named first. */
final class Lexer {

    private record Rule(Token.Kind kind, Pattern pattern) {
        Rule(Token.Kind kind, String pattern) {
            this(kind, Pattern.compile(pattern));
        }
    }

    private static final Pattern BLANK = Pattern.compile("(?:\\s|//[^\n]*|/\\*(?s:.*?)\\*/)+");

    private static final List<Rule> RULES = List.of(
            new Rule(Token.Kind.ELLIPSIS, "\\.\\.\\."),
            new Rule(Token.Kind.SETTING, "--[a-zA-Z0-9_]+"),
            new Rule(Token.Kind.DECIMAL, "-?[0-9]*\\.[0-9]+"),
            new Rule(Token.Kind.INTEGER, "-?[0-9]+"),
            new Rule(Token.Kind.HEX, "0[xX][0-9a-fA-F]+"),
            new Rule(Token.Kind.WORD, "[a-zA-Z0-9_]+"),
            new Rule(Token.Kind.STRING, "\"(?:\\\\(?s:.)|[^\"\\\\])*\""),
            new Rule(Token.Kind.COMMAND, "`(?:\\\\(?s:.)|[^`\\\\])*`"),
            new Rule(Token.Kind.CODE, "%\\{(?s:.*?)\\}%"),
            new Rule(Token.Kind.IPV4, "[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+"),
            // With "::" or seven colons: sequence numbers have one.
            new Rule(
                    Token.Kind.IPV6,
                    "(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}"
                            + "|(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){0,6})?::(?:[0-9a-fA-F]{1,4}:){0,6}"
                            + "(?:[0-9a-fA-F]{1,4}|[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+)?)"),
            new Rule(Token.Kind.SYMBOL, "\\S"));

    private final String text;
    private final Map<String, String> definitions;
    private int position;

    /** Where the token that is being made ends. */
    private int end;

    private int line = 1;

    /**
     * @param definitions words that stand for something else; may grow while tokens are taken
     */
    Lexer(String text, Map<String, String> definitions) {
        this.text = text;
        this.definitions = definitions;
    }

    /** All of a script's tokens, the last of them {@link Token.Kind#END}. */
    static List<Token> tokens(String text, Map<String, String> definitions) throws ScriptSyntaxException {
        var lexer = new Lexer(text, definitions);
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.next();
            tokens.add(token);
        } while (token.kind() != Token.Kind.END);
        return tokens;
    }

    Token next() throws ScriptSyntaxException {
        Matcher blank = BLANK.matcher(text).region(position, text.length());
        if (blank.lookingAt()) {
            advance(blank.end());
        }
        if (position == text.length()) {
            return new Token(Token.Kind.END, "", 0, line, position, position);
        }
        Rule best = null;
        int longest = position;
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern.matcher(text).region(position, text.length());
            if (matcher.lookingAt() && matcher.end() > longest) {
                longest = matcher.end();
                best = rule;
            }
        }
        if (best == null) {
            throw new ScriptSyntaxException(line, "cannot be read");
        }
        end = longest;
        Token token = token(best.kind, text.substring(position, end));
        advance(end);
        return token;
    }

    private void advance(int to) {
        for (int i = position; i < to; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        position = to;
    }

    private Token token(Token.Kind kind, String raw) throws ScriptSyntaxException {
        return switch (kind) {
            case INTEGER -> token(kind, raw, number(raw, 10));
            case HEX -> token(kind, raw, number(raw.substring(2), 16));
            case STRING, COMMAND -> token(kind, raw.substring(1, raw.length() - 1), 0);
            case CODE -> token(kind, raw.substring(2, raw.length() - 2), 0);
            case SETTING -> token(kind, raw.substring(2), 0);
            case WORD -> word(raw);
            case SYMBOL -> {
                if ("\"`".contains(raw)) {
                    throw new ScriptSyntaxException(line, "nothing closes the " + raw + " here");
                }
                yield token(kind, raw, 0);
            }
            case DECIMAL, ELLIPSIS, IPV4, IPV6, END -> token(kind, raw, 0);
        };
    }

    /** A word, or what it was defined to be. */
    private Token word(String word) {
        String value = definitions.get(word);
        if (value == null) {
            return token(Token.Kind.WORD, word, 0);
        }
        if (value.startsWith("\"") || value.startsWith("`")) {
            return token(
                    value.startsWith("\"") ? Token.Kind.STRING : Token.Kind.COMMAND,
                    value.substring(1, value.length() - 1),
                    0);
        }
        if (value.matches("-?[0-9]+")) {
            return token(Token.Kind.INTEGER, value, number(value, 10));
        }
        return value.matches("0[xX][0-9a-fA-F]+")
                ? token(Token.Kind.HEX, value, number(value.substring(2), 16))
                : token(Token.Kind.WORD, value, 0);
    }

    private Token token(Token.Kind kind, String shown, long value) {
        return new Token(kind, shown, value, line, position, end);
    }

    /** Digits of any number, since they may be those of a Fast Open cookie; as a number Long.MAX_VALUE is too large everywhere. */
    private static long number(String digits, int radix) {
        try {
            return radix == 16 ? Long.parseUnsignedLong(digits, radix) : Long.parseLong(digits, radix);
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }
}
