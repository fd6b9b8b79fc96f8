package dev.jmtcp.core.tcp;

import dev.jmtcp.core.fuzz.Choices;

/** The fuzzer decides what happens to an engine with open connections: which segments come, what applications do, how much time passes. */
public final class EngineFuzz {

    private static final int MOST_STEPS = 2_000;

    private EngineFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var choices = new Choices(input);
        var chaos = new Chaos(choices);
        for (int step = 0; step < MOST_STEPS && !choices.isExhausted(); step++) {
            chaos.step();
        }
        chaos.tearDown();
    }
}
