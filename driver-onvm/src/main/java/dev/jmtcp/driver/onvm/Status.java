package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.Native;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

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
    CORE_BUSY(12),

    /** Any other number. */
    UNKNOWN(-1);

    private static final VarHandle STATUS = ValueLayout.JAVA_BYTE.varHandle();
    private static final Status[] ALL = values();

    private final int number;

    Status(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** What stands at an address now, as others write it. */
    static Status at(long address) {
        int number = (byte) STATUS.getVolatile(Native.MEMORY, address);
        for (Status status : ALL) {
            if (status.number == number) {
                return status;
            }
        }
        return UNKNOWN;
    }
}
