package dev.jmtcp.driver.dpdk.bindings;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Functions of the C library. Static, for any thread. */
final class Libc {

    private Libc() {}

    /** A function by its name. */
    @SuppressWarnings("restricted") // this module exists to call native code
    static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
