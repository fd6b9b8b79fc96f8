package dev.jmtcp.driver.dpdk.bindings;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** What DPDK's error numbers mean: rte_strerror(). */
final class ErrorText {

    private static final int LONGEST = 256;
    private static final MethodHandle STRERROR =
            Dpdk.function("rte_strerror", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));

    private ErrorText() {}

    static String of(int errno) {
        try {
            String text = Native.text((long) STRERROR.invokeExact(errno), LONGEST);
            return text.toLowerCase(Locale.ROOT) + " (error " + errno + ")";
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }
}
