package dev.jmtcp.core.config;

import java.util.OptionalLong;

/** A {@link FaultConfig} under construction; the initial values are the defaults. */
final class FaultDraft {

    double loss;
    double duplicate;
    double reorder;
    long reorderDelay = FaultConfig.NONE.reorderDelay();
    double corrupt;
    long delay;
    OptionalLong seed = OptionalLong.empty();

    FaultConfig build() {
        return new FaultConfig(loss, duplicate, reorder, reorderDelay, corrupt, delay, seed);
    }
}
