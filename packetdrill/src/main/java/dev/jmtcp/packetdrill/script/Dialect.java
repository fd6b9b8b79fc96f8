package dev.jmtcp.packetdrill.script;

import java.util.Map;
import java.util.Set;

/**
 * What a script's text depends on.
 *
 * @param definitions words that stand for others: a number, a word, a string in quotation marks, or a command in back quotes
 * @param symbols the names for which {@code #ifdef} holds
 */
public record Dialect(Map<String, String> definitions, Set<String> symbols) {

    public Dialect {
        definitions = Map.copyOf(definitions);
        symbols = Set.copyOf(symbols);
    }

    /** No definitions, and no symbols. */
    public static final Dialect PLAIN = new Dialect(Map.of(), Set.of());
}
