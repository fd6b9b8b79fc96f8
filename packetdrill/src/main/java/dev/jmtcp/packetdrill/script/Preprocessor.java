package dev.jmtcp.packetdrill.script;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/** Blanks the parts of a script that are not for this system: {@code #ifdef NAME}, {@code #ifndef NAME}, {@code #else}, {@code #endif}. */
final class Preprocessor {

    private Preprocessor() {}

    /** The text with the same lines, those that do not hold being empty. */
    static String process(String text, Set<String> symbols) throws ScriptSyntaxException {
        if (!text.contains("#if")) {
            return text;
        }
        var result = new StringBuilder(text.length());
        Deque<Boolean> conditions = new ArrayDeque<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String[] words = line.strip().split("\\s+", 3);
            switch (words[0]) {
                case "#ifdef", "#ifndef" -> {
                    if (words.length < 2) {
                        throw new ScriptSyntaxException(number, words[0] + " without a name");
                    }
                    conditions.push(symbols.contains(words[1]) == words[0].equals("#ifdef"));
                }
                case "#else" -> {
                    requireOpen(conditions, number, "#else");
                    conditions.push(!conditions.pop());
                }
                case "#endif" -> {
                    requireOpen(conditions, number, "#endif");
                    conditions.pop();
                }
                default -> {
                    if (!conditions.contains(false)) {
                        result.append(line);
                    }
                }
            }
            result.append('\n');
        }
        if (!conditions.isEmpty()) {
            throw new ScriptSyntaxException(number, "an #ifdef without #endif");
        }
        return result.toString();
    }

    private static void requireOpen(Deque<Boolean> conditions, int line, String directive)
            throws ScriptSyntaxException {
        if (conditions.isEmpty()) {
            throw new ScriptSyntaxException(line, directive + " without #ifdef");
        }
    }
}
