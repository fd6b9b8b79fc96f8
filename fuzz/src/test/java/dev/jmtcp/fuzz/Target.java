package dev.jmtcp.fuzz;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is fuzzed: a class with a {@code fuzzerTestOneInput(byte[])}, which throws what is found. */
enum Target {
    FRAMES("dev.jmtcp.core.link.FrameFuzz", 64 << 10),
    OPTIONS("dev.jmtcp.core.wire.OptionsFuzz", 40),
    ENGINE("dev.jmtcp.core.tcp.EngineFuzz", 32 << 10),
    CAPTURES("dev.jmtcp.pcap.PcapFuzz", 4 << 10),
    CONFIG("dev.jmtcp.core.config.ConfigFuzz", 4 << 10);

    private static final Path CORPUS = Path.of("src/test/resources/corpus");

    final String className;

    /** The most bytes that make sense. */
    final int longest;

    Target(String className, int longest) {
        this.className = className;
        this.longest = longest;
    }

    /** Inputs that between them reach everything that has been reached, and those that once found something. */
    Path corpus() {
        return CORPUS.resolve(toString());
    }

    List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(corpus())) {
            return files.sorted().toList();
        }
    }

    void run(byte[] input) throws Throwable {
        try {
            Class.forName(className)
                    .getMethod("fuzzerTestOneInput", byte[].class)
                    .invoke(null, (Object) input);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
