package dev.jmtcp.packetdrill.script;

/** A script cannot be read. The message says what was found and what was expected. */
public final class ScriptSyntaxException extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;

    public ScriptSyntaxException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** The number of the line, from 1. */
    public int line() {
        return line;
    }
}
