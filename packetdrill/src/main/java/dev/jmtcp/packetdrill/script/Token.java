package dev.jmtcp.packetdrill.script;

/**
 * A piece of a script.
 *
 * @param kind what it is
 * @param text as written; of strings, commands and code what is between the delimiters
 * @param value of an integer
 * @param line the number of its line, from 1
 * @param offset where it begins in the script
 * @param end where it ends there
 */
record Token(Kind kind, String text, long value, int line, int offset, int end) {

    enum Kind {
        WORD,
        INTEGER,
        HEX,
        DECIMAL,
        STRING,
        COMMAND,
        CODE,
        SETTING,
        ELLIPSIS,
        IPV4,
        IPV6,
        SYMBOL,
        END
    }

    boolean is(String symbol) {
        return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equals(symbol);
    }

    boolean isSymbol(char symbol) {
        return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case END -> "the end of the script";
            case STRING -> '"' + text + '"';
            case COMMAND -> '`' + text + '`';
            case CODE -> "%{" + text + "}%";
            case SETTING -> "'--" + text + "'";
            default -> "'" + text + "'";
        };
    }
}
