package dev.jmtcp.packetdrill.script;

import java.util.List;
import java.util.Optional;

/**
 * A parsed script.
 *
 * @param name what messages call it, usually its file
 * @param settings the lines {@code --name=value} at its beginning
 * @param initial a shell command before the first event
 * @param events what happens and what is expected, in order
 * @param cleanup a shell command after the last event
 */
public record Script(
        String name,
        List<Setting> settings,
        Optional<Action.Command> initial,
        List<Event> events,
        Optional<Action.Command> cleanup) {

    public Script {
        settings = List.copyOf(settings);
        events = List.copyOf(events);
    }

    /** A line {@code --name=value}; the value is empty if there is none. */
    public record Setting(int line, String name, String value) {}
}
