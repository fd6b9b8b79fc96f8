package dev.jmtcp.spi;

/** An option or port in the config is unknown to the driver or has a value it cannot take. */
public final class InvalidOptionException extends PacketIoException {

    private static final long serialVersionUID = 1;

    private final String option;
    private final String problem;
    private final String accepted;

    /**
     * @param option the option's name, {@code port.<port>.<option>} for one of a port, or {@code port} for the list of ports itself
     * @param problem what is wrong with it, in words
     * @param accepted the accepted values, in words
     */
    public InvalidOptionException(String option, String problem, String accepted) {
        super(option + ": " + problem + "; expected " + accepted);
        this.option = option;
        this.problem = problem;
        this.accepted = accepted;
    }

    /** The option, so that whoever read the config file can name the line. */
    public String option() {
        return option;
    }

    public String problem() {
        return problem;
    }

    public String accepted() {
        return accepted;
    }
}
