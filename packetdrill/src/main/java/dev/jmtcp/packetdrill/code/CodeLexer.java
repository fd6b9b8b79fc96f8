package dev.jmtcp.packetdrill.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a block of code. Line ends count, except within brackets. */
final class CodeLexer {

    private static final Pattern TOKEN =
            Pattern.compile("0[xX][0-9a-fA-F]+|[0-9]+\\.[0-9]*|\\.[0-9]+|[0-9]+|[A-Za-z_][A-Za-z0-9_.]*"
                    + "|'(?:\\\\.|[^'\\\\])*'|\"(?:\\\\.|[^\"\\\\])*\""
                    + "|\\*\\*|//=|<<|>>|==|!=|<=|>=|//|\\+=|-=|\\*=|/=|\\|=|&=|[-+*/%<>=&|^~(),;\\[\\]:]");

    private static final Set<String> ASSIGNMENTS = Set.of("=", "+=", "-=", "*=", "/=", "//=", "|=", "&=");

    private record Word(String text, int from, int to) {}

    private final String text;
    private final List<Word> words = new ArrayList<>();
    private int next;

    CodeLexer(String text) throws CodeException {
        this.text = text;
        int at = 0;
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '\n') {
                if (depth == 0) {
                    words.add(new Word("\n", at, at + 1));
                }
                at++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else {
                Matcher matcher = TOKEN.matcher(text).region(at, text.length());
                if (!matcher.lookingAt()) {
                    throw new CodeException(CodeException.Kind.UNKNOWN_LANGUAGE, "code with '" + c + "'");
                }
                String word = matcher.group();
                depth += "([".contains(word) ? 1 : ")]".contains(word) ? -1 : 0;
                words.add(new Word(word, at, matcher.end()));
                at = matcher.end();
            }
        }
    }

    boolean atEnd() {
        return next == words.size();
    }

    boolean at(String word) {
        return !atEnd() && words.get(next).text.equals(word);
    }

    boolean skip(String word) {
        boolean found = at(word);
        if (found) {
            next++;
        }
        return found;
    }

    /** The next word, empty at the end. */
    String peek() {
        return atEnd() ? "" : words.get(next).text;
    }

    String take() {
        String word = peek();
        next = Math.min(next + 1, words.size());
        return word;
    }

    boolean atName() {
        return !peek().isEmpty() && (Character.isLetter(peek().charAt(0)) || peek().startsWith("_"));
    }

    /** Whether the word after the next one assigns. */
    boolean nextIsAssignment() {
        return next + 1 < words.size() && ASSIGNMENTS.contains(words.get(next + 1).text);
    }

    int position() {
        return next;
    }

    /** What was written from a position up to here. */
    String textSince(int position) {
        return next <= position ? "" : text.substring(words.get(position).from, words.get(next - 1).to);
    }

    CodeException unknown() {
        return new CodeException(
                CodeException.Kind.UNKNOWN_LANGUAGE,
                atEnd() ? "code that ends too early" : "code with '" + peek() + "'");
    }
}
