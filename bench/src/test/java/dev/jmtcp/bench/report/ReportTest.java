package dev.jmtcp.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.bench.race.Statistics;
import dev.jmtcp.testsupport.Needs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private final Report report = new Report(
            "w1",
            "a \"title\"",
            "things",
            Map.of("Java", "25"),
            List.of(new Report.Group(
                    "64 at once",
                    List.of(
                            row("jmtcp", List.of(), 500_000, 400_000, 480_000),
                            row(
                                    "kernel-nio",
                                    List.of("bytes that arrived: 1, should be 2"),
                                    10_000,
                                    20_000,
                                    40_000)))));

    private static Report.Row row(String name, List<String> problems, double... values) {
        return new Report.Row(name, values, Map.of("on", "a\\b"), Map.of("answers", 12L), problems);
    }

    @Test
    void ratio_ofTwo_isThatOfEachRun() {
        Report.Group group = report.groups().getFirst();

        assertThat(group.ratio(group.rows().getLast())).isEqualTo(new Statistics(20, 12, 50));
    }

    @Test
    void statistics_ofEvenNumber_haveTheMiddleOfBoth() {
        assertThat(Statistics.of(4, 1, 3, 2)).isEqualTo(new Statistics(2.5, 1, 4));
    }

    @Test
    void table_ofReport_saysAllOfIt() {
        assertThat(String.join("\n", Table.lines(report)))
                .contains("480,000", "400,000 to 500,000", "20.0 (12.0 to 50.0) times this", "answers 12", "things")
                .contains("WRONG: bytes that arrived: 1, should be 2");
        assertThat(report.problems()).containsExactly("64 at once, kernel-nio: bytes that arrived: 1, should be 2");
    }

    @Test
    void json_ofReport_isEscaped() {
        assertThat(Json.of(report))
                .startsWith("{\n  \"workload\": \"w1\",\n  \"title\": \"a \\\"title\\\"\",")
                .contains("\"on\": \"a\\\\b\"", "\"runs\": [\n", "\"first_to_this\": 20.0")
                .endsWith("\n}\n");
    }

    @Test
    void plot_ofReport_isAPicture(@TempDir Path folder) throws IOException {
        Needs.command("fc-list", "fontconfig");
        Path file = folder.resolve("plot.png");

        Plot.write(report, file);

        BufferedImage image = ImageIO.read(file.toFile());
        assertThat(image.getWidth()).isEqualTo(1100);
        assertThat(image.getRGB(400, 300)).isNotEqualTo(image.getRGB(2, 2)); // a bar, and the margin
    }
}
