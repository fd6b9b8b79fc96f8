package dev.jmtcp.core.tcp;

import java.util.List;

/** The congestion control algorithms there are, by the name used in the configuration. For any thread. */
public final class CongestionControls {

    private static final String RENO = "reno";

    private CongestionControls() {}

    /** The names that {@link #create} takes. */
    public static List<String> names() {
        return List.of(Cubic.NAME, NewReno.NAME, RENO);
    }

    /**
     * A new instance, for one connection.
     *
     * @throws IllegalArgumentException if there is none with this name; the message has those there are
     */
    public static CongestionControl create(String name) {
        return switch (name) {
            case Cubic.NAME -> new Cubic();
            case NewReno.NAME, RENO -> new NewReno();
            default ->
                throw new IllegalArgumentException(
                        "no congestion control '" + name + "'; there are " + String.join(", ", names()));
        };
    }
}
