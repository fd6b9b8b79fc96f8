package dev.jmtcp.bench.report;

import dev.jmtcp.bench.race.Statistics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** A report as a picture: a bar for each contestant, with the range of its runs. */
public final class Plot {

    private static final int WIDTH = 1100;
    private static final int HEIGHT = 620;

    private Plot() {}

    /**
     * Writes a PNG file.
     *
     * @throws IOException if the file cannot be written, or this machine has no fonts
     */
    public static void write(Report report, Path file) throws IOException {
        try {
            var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            chart(report).paint(graphics, WIDTH, HEIGHT);
            graphics.dispose();
            ImageIO.write(image, "png", file.toFile());
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new IOException("no picture: " + e + "; it needs fonts: apt-get install fontconfig", e);
        }
    }

    private static CategoryChart chart(Report report) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(report.workload() + ": " + report.title())
                .yAxisTitle(report.unit())
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setYAxisDecimalPattern("#,###.##");
        List<String> groups = report.groups().stream().map(Report.Group::name).toList();
        Set<String> contestants = new LinkedHashSet<>();
        for (Report.Group group : report.groups()) {
            group.rows().forEach(row -> contestants.add(row.contestant()));
        }
        for (String contestant : contestants) {
            List<Double> medians = new ArrayList<>();
            List<Double> halfRanges = new ArrayList<>();
            for (Report.Group group : report.groups()) {
                Statistics values = group.rows().stream()
                        .filter(row -> row.contestant().equals(contestant))
                        .findFirst()
                        .map(Report.Row::statistics)
                        .orElse(new Statistics(0, 0, 0));
                medians.add(values.median());
                halfRanges.add((values.most() - values.least()) / 2);
            }
            chart.addSeries(contestant, groups, medians, halfRanges);
        }
        return chart;
    }
}
