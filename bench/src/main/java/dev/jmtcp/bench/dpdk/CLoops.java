package dev.jmtcp.bench.dpdk;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The loops in C, compiled when they are wanted, with the headers of the DPDK that is installed. They run in the calling thread. */
final class CLoops implements Loops {

    private static final String SOURCE = "loops.c";
    private static final List<String> COMPILER = List.of(
            "gcc",
            "-O3",
            "-march=native",
            "-shared",
            "-fPIC",
            "-include",
            "rte_config.h",
            "-I/usr/include/dpdk",
            "-I/usr/include/x86_64-linux-gnu/dpdk");
    private static final FunctionDescriptor TYPE = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final MethodHandle poll;
    private final MethodHandle forward;
    private final MethodHandle allocate;

    private CLoops(SymbolLookup library) {
        poll = function(library, "poll_port");
        forward = function(library, "forward");
        allocate = function(library, "allocate");
    }

    /** @param folder where the library is made */
    @SuppressWarnings("restricted") // this is what it is for
    static CLoops compile(Path folder) throws IOException {
        Path source = folder.resolve(SOURCE);
        try (InputStream in = CLoops.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IOException("no " + SOURCE);
            }
            Files.copy(in, source);
        }
        Path library = folder.resolve("libloops.so");
        var command = new java.util.ArrayList<>(COMPILER);
        command.addAll(List.of(
                "-o",
                library.toString(),
                source.toString(),
                "-l:librte_ethdev.so.23",
                "-l:librte_mbuf.so.23",
                "-l:librte_mempool.so.23"));
        Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (gcc.waitFor() != 0) {
                throw new IOException("the loops in C cannot be compiled; apt-get install gcc libdpdk-dev\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return new CLoops(SymbolLookup.libraryLookup(library, Arena.global()));
    }

    @Override
    public long poll(Bed bed, long rounds) {
        return call(poll, bed.idle().port(), rounds);
    }

    @Override
    public long forward(Bed bed, long rounds) {
        return call(forward, bed.busy().port(), rounds);
    }

    @Override
    public long allocate(Bed bed, long rounds) {
        return call(allocate, bed.pool().address(), rounds);
    }

    private static long call(MethodHandle function, long argument, long rounds) {
        try {
            return (long) function.invokeExact(argument, rounds);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), TYPE);
    }
}
