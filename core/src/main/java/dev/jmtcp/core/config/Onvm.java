package dev.jmtcp.core.config;

import java.util.OptionalInt;

/**
 * The place of the stack among openNetVM's network functions.
 *
 * @param instance {@code onvm_inst}
 * @param service {@code onvm_serv}
 * @param destination {@code onvm_dest}: where packets go; empty for out
 */
public record Onvm(OptionalInt instance, OptionalInt service, OptionalInt destination) {

    /** No place. */
    public static final Onvm NONE = new Onvm(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
}
