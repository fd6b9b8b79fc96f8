package dev.jmtcp.packetdrill.run;

import org.jspecify.annotations.Nullable;

/**
 * What a call returned.
 *
 * @param value the value; −1 if it failed
 * @param error the name of the error; null if there is none
 */
record CallResult(long value, @Nullable String error) {

    static CallResult of(long value) {
        return new CallResult(value, null);
    }

    static CallResult error(String error) {
        return new CallResult(-1, error);
    }

    @Override
    public String toString() {
        return error == null ? Long.toString(value) : value + " " + error;
    }
}
