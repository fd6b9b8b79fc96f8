package dev.jmtcp.packetdrill.run;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Exceptions in one line. */
final class Traces {

    private static final int FRAMES = 6;

    private Traces() {}

    /** The exception and the innermost places. */
    static String brief(Throwable e) {
        return e
                + Arrays.stream(e.getStackTrace())
                        .limit(FRAMES)
                        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                        .collect(Collectors.joining(", ", " at ", ""));
    }
}
