package dev.jmtcp.bench;

import dev.jmtcp.bench.report.Json;
import dev.jmtcp.bench.report.Plot;
import dev.jmtcp.bench.report.Report;
import dev.jmtcp.bench.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Where results go. */
final class FileOptions {

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "Where bench-<workload>.json and .png are written.")
    private Path folder = Path.of(".");

    @Option(names = "--no-files", description = "Writes neither.")
    private boolean noFiles;

    /**
     * Prints a report and writes the files.
     *
     * @return the exit code: 0 if all was verified
     */
    int publish(Report report, PrintWriter out) throws IOException {
        Table.lines(report).forEach(out::println);
        if (!noFiles) {
            Path json = folder.resolve("bench-" + report.workload() + ".json");
            Path plot = folder.resolve("bench-" + report.workload() + ".png");
            Files.createDirectories(folder);
            Files.writeString(json, Json.of(report));
            try {
                Plot.write(report, plot);
                out.println("written: " + json + ", " + plot);
            } catch (IOException e) {
                out.println("written: " + json + "; " + e.getMessage());
            }
        }
        boolean good = report.problems().isEmpty();
        out.println(good ? "OK: all bytes and connections verified" : "FAILED: see WRONG above");
        out.flush();
        return good ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
