package dev.jmtcp.packetdrill.run;

/** A script ends here: it has failed, or it asks for something that is not there. The message says why. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean unsupported;

    private Failure(boolean unsupported, String message) {
        super(message, null, false, false);
        this.unsupported = unsupported;
    }

    /** The stack did something else than the script says. */
    static Failure failed(String message) {
        return new Failure(false, message);
    }

    /** The script needs something that the stack or the interpreter does not have. */
    static Failure unsupported(String what) {
        return new Failure(true, what);
    }

    boolean isUnsupported() {
        return unsupported;
    }
}
