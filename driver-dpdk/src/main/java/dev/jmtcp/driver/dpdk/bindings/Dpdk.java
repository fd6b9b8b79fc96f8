package dev.jmtcp.driver.dpdk.bindings;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DPDK's libraries, loaded once for the process when they are first needed. Static, for any thread. */
public final class Dpdk {

    /** The ABI version whose layouts these bindings have. */
    static final int ABI = 23;

    /** The versions of DPDK that have it. */
    static final String RELEASES = "DPDK 22.11 (ABI " + ABI + ")";

    /** What helps where DPDK is missing. */
    public static final String INSTALL = "sudo apt-get install dpdk libdpdk-dev";

    private static final List<String> LIBRARIES = List.of("eal", "mempool", "mbuf", "ethdev", "ring");

    /** Null until loaded. Guarded by the class. */
    private static @Nullable SymbolLookup symbols;

    private Dpdk() {}

    /**
     * Loads DPDK.
     *
     * @throws DpdkException if it is not there, or only versions that are not supported; the message names those that are
     */
    public static synchronized void load() throws DpdkException {
        if (symbols == null) {
            symbols = loadAll(Installed.find());
        }
    }

    /** The version found, as DPDK calls itself: {@code DPDK 22.11.11}. */
    public static String version() throws DpdkException {
        load();
        try {
            MethodHandle version = function("rte_version", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
            return Native.text((long) version.invokeExact(), 128);
        } catch (Throwable e) {
            throw Native.unexpected(e);
        }
    }

    /** Why DPDK cannot be used here, as an error; null if it is installed in a version that is supported. Loads nothing. */
    public static @Nullable DpdkException missing() {
        return missing(Installed.find());
    }

    static @Nullable DpdkException missing(List<Installed> found) {
        if (found.isEmpty()) {
            return new DpdkException("DPDK is not installed; supported: " + RELEASES + "; " + INSTALL);
        }
        if (found.stream().noneMatch(installed -> installed.abi() == ABI)) {
            var versions = new ArrayList<String>();
            found.forEach(installed -> versions.add("ABI " + installed.abi() + " (" + installed.library() + ")"));
            return new DpdkException(
                    "DPDK is installed with " + String.join(", ", versions) + ", supported: " + RELEASES);
        }
        return null;
    }

    @SuppressWarnings("restricted") // this module exists to call native code
    private static SymbolLookup loadAll(List<Installed> found) throws DpdkException {
        SymbolLookup all = null;
        try {
            for (String library : LIBRARIES) {
                var next = SymbolLookup.libraryLookup("librte_" + library + ".so." + ABI, Arena.global());
                all = all == null ? next : all.or(next);
            }
        } catch (IllegalArgumentException e) {
            DpdkException missing = missing(found);
            throw missing != null ? missing : new DpdkException("DPDK cannot be loaded: " + e.getMessage(), e);
        }
        if (all == null) {
            throw new IllegalStateException("no libraries");
        }
        return all;
    }

    /**
     * The address of a function or variable; of one that threads have a copy of each, that of the calling thread.
     *
     * @throws UnsatisfiedLinkError if there is none of that name, or DPDK is not loaded
     */
    public static long symbol(String name) {
        SymbolLookup lookup;
        synchronized (Dpdk.class) {
            lookup = symbols;
        }
        if (lookup == null) {
            throw new UnsatisfiedLinkError("DPDK is not loaded");
        }
        return lookup.find(name)
                .map(MemorySegment::address)
                .orElseThrow(() -> new UnsatisfiedLinkError("DPDK has no " + name));
    }

    /** A function of DPDK by its name. */
    @SuppressWarnings("restricted")
    public static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(symbol(name)), type, options);
    }

    /** A function by its address, which is the first argument of a call. */
    @SuppressWarnings("restricted")
    public static MethodHandle pointer(FunctionDescriptor type, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(type, options);
    }

    /** What an error number means. */
    public static String errorText(int errno) {
        return ErrorText.of(Math.abs(errno));
    }

    /** DPDK's error number of the calling thread. */
    static int errno() {
        return Native.getInt(symbol("per_lcore__rte_errno"));
    }
}
