package dev.jmtcp.packetdrill.code;

/** Code did not do well. */
public final class CodeException extends Exception {

    private static final long serialVersionUID = 1;

    /** What has gone wrong. */
    public enum Kind {
        /** What was asserted does not hold. */
        ASSERTION,
        /** A name has no value. */
        UNKNOWN_NAME,
        /** The code is beyond this evaluator. */
        UNKNOWN_LANGUAGE
    }

    private final Kind kind;

    CodeException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
