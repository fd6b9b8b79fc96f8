package dev.jmtcp.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** One run of Jazzer, in a process of its own. */
final class Fuzzing implements Callable<Fuzzing.Outcome> {

    /** What came of it: the process' exit code, all that it said, and the end of that. */
    record Outcome(int exitCode, Path log, List<String> lines) {

        String end() {
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        }

        /** How many inputs were tried. */
        String runs() {
            return lines.stream()
                    .filter(line -> line.startsWith("Done "))
                    .findFirst()
                    .orElse("");
        }
    }

    private static final int PATIENCE = 300;

    private final Target target;
    private final Path folder;

    Fuzzing(Target target) {
        this.target = target;
        folder = Path.of("target/fuzz", target.toString());
    }

    @Override
    public Outcome call() throws IOException, InterruptedException {
        Path found = Files.createDirectories(folder.resolve("corpus"));
        boolean full = Boolean.getBoolean("jmtcp.test.full");
        int seconds = Integer.getInteger("jmtcp.fuzz.seconds", full ? 60 : 3);
        Outcome outcome = jazzer(
                "fuzzing",
                seconds,
                List.of(
                        "-max_total_time=" + seconds,
                        "-timeout=120",
                        found.toString(),
                        target.corpus().toString()));
        if (outcome.exitCode == 0 && Boolean.getBoolean("jmtcp.fuzz.keep")) {
            keep(found);
        }
        return outcome;
    }

    /** Replaces the corpus by the smallest inputs that reach as much as all. */
    private void keep(Path found) throws IOException, InterruptedException {
        Path merged = Files.createTempDirectory(folder, "merged");
        Outcome outcome = jazzer(
                "merging",
                600,
                List.of("-merge=1", merged.toString(), target.corpus().toString(), found.toString()));
        if (outcome.exitCode != 0) {
            throw new IOException("merging failed, see " + outcome.log);
        }
        for (Path input : target.inputs()) {
            if (!input.getFileName().toString().contains("-")) { // those with a name of their own stay
                Files.delete(input);
            }
        }
        try (var inputs = Files.list(merged)) {
            for (Path input : inputs.toList()) {
                Files.copy(input, target.corpus().resolve(input.getFileName()));
            }
        }
    }

    private Outcome jazzer(String name, int seconds, List<String> arguments) throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className,
                "--instrumentation_includes=dev.jmtcp.**",
                "--custom_hook_includes=dev.jmtcp.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_len=" + target.longest,
                "-rss_limit_mb=4096"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(seconds + PATIENCE, TimeUnit.SECONDS)) {
                throw new IOException("not ended in time, see " + log);
            }
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), log, Files.readAllLines(log));
    }
}
