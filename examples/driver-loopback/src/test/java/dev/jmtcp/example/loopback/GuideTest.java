package dev.jmtcp.example.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide's code is the example's own. */
class GuideTest {

    private static final Path GUIDE = Path.of("../../docs/write-a-driver.md");
    private static final Pattern CODE =
            Pattern.compile("^```(?:java|xml)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void guide_everyBlockOfCode_isInTheExample() throws IOException {
        List<String> sources = sources();
        List<String> blocks = CODE.matcher(Files.readString(GUIDE))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(blocks)
                .hasSizeGreaterThan(10)
                .allSatisfy(block -> assertThat(sources)
                        .as("sources that hold: %s", block)
                        .anyMatch(source -> source.contains(withoutBlanks(block))));
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> all = Stream.concat(files.filter(Files::isRegularFile), Stream.of(Path.of("pom.xml")))
                    .toList();
            assertThat(all).hasSizeGreaterThan(6);
            return all.stream().map(GuideTest::read).toList();
        }
    }

    private static String read(Path file) {
        try {
            return withoutBlanks(Files.readString(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "");
    }
}
