package dev.jmtcp.driver.onvm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The states of a network function, and what the manager answers to one that wants to start: NF_WAITING_FOR_ID and so on, by their numbers. */
enum Status {
    WAITING_FOR_ID(0),
    STARTING(1),
    RUNNING(2),
    PAUSED(3),
    STOPPED(4),
    ID_CONFLICT(5),
    NO_IDS(6),
    SERVICE_MAX(7),
    SERVICE_COUNT_MAX(8),
    NO_CORES(9),
    NO_DEDICATED_CORES(10),
    CORE_OUT_OF_RANGE(11),
    CORE_BUSY(12);

    private final int number;

    Status(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Null for a number that is no status. */
    static @Nullable Status of(int number) {
        return Arrays.stream(values())
                .filter(status -> status.number == number)
                .findFirst()
                .orElse(null);
    }
}
