package dev.jmtcp.packetdrill;

/** What became of a script. */
public sealed interface Outcome {

    /** The stack did all that the script expects. */
    record Passed() implements Outcome {}

    /**
     * The stack did something else, or the script cannot be read.
     *
     * @param line the line of the script, from 1; 0 if it is about none
     * @param message what was expected and what happened
     */
    record Failed(int line, String message) implements Outcome {}

    /**
     * The script needs something that the stack does not claim to have, or the interpreter does not know.
     *
     * @param line the line of the script, from 1; 0 if it is about none
     * @param reason what it needs
     */
    record Unsupported(int line, String reason) implements Outcome {}
}
