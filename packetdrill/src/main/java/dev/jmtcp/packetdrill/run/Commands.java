package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.packetdrill.script.Action;
import org.jspecify.annotations.Nullable;

/** The shell commands of a script. None is run: settings are applied, checks are made, the rest is refused. */
final class Commands {

    private final Configuration configuration;

    Commands(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * Does what a command means.
     *
     * @param session null before the first call or packet
     * @param tail whether nothing comes after this that settings could matter for
     */
    void run(Action.Command command, @Nullable Session session, boolean tail) {
        for (ShellCommand part : ShellCommand.parse(command.text())) {
            switch (part) {
                case ShellCommand.Setting(Sysctl sysctl) -> {
                    if (!tail) {
                        set(sysctl, session);
                    }
                }
                case ShellCommand.Count count -> count(count, session);
                case ShellCommand.Nothing() -> {}
                case ShellCommand.Unknown(String text) -> {
                    if (!tail) {
                        throw Failure.unsupported("the command " + text);
                    }
                }
            }
        }
    }

    private void set(Sysctl sysctl, @Nullable Session session) {
        TcpSettings before = configuration.tcp().build();
        Sysctls.apply(sysctl, configuration.tcp());
        if (session != null && !before.equals(configuration.tcp().build())) {
            throw Failure.unsupported("sysctl " + sysctl.name() + " while the stack runs");
        }
    }

    private static void count(ShellCommand.Count count, @Nullable Session session) {
        State state = StateNames.of(count.state());
        int port = (int) count.port().orElse(0);
        long actual = session == null ? 0 : session.machine().stack().tcp().connections(state, port);
        if (count.state().equals("CLOSED") && session != null) {
            actual += session.calls().closedSockets();
        }
        if (actual != count.wanted()) {
            throw Failure.failed(
                    "expected " + count.wanted() + " connections in " + count.state() + ", there are " + actual);
        }
    }

    /** The names that FreeBSD's sockstat has for states. */
    private static final class StateNames {
        static State of(String name) {
            return switch (name) {
                case "SYN_RCVD" -> State.SYN_RECEIVED;
                case "SYN_SENT" -> State.SYN_SENT;
                case "ESTABLISHED" -> State.ESTABLISHED;
                case "CLOSE_WAIT" -> State.CLOSE_WAIT;
                case "FIN_WAIT_1" -> State.FIN_WAIT_1;
                case "FIN_WAIT_2" -> State.FIN_WAIT_2;
                case "CLOSING" -> State.CLOSING;
                case "LAST_ACK" -> State.LAST_ACK;
                case "TIME_WAIT" -> State.TIME_WAIT;
                case "CLOSED" -> State.CLOSED;
                default -> throw Failure.unsupported("counting connections in " + name);
            };
        }
    }
}
