package dev.jmtcp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every requirement of RFC 9293 has a test that shows it, or a reason why not. The tests of all modules say by {@code @Requirement} what they show; their
 * sources are read here. Run with {@code -Djmtcp.docs=write}, this writes docs/conformance.md instead of checking it.
 */
class ConformanceTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Path SOURCES = Path.of("src/test/java");

    private static final Pattern ANNOTATION = Pattern.compile("@Requirement\\(\"([^\"]*)\"\\)");
    private static final Pattern TEST = Pattern.compile("^ +@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");
    private static final Pattern METHOD = Pattern.compile("^ +(?:[a-z]+ )*[\\w<>.]+ (\\w+)\\(.*\\{$");

    /** A line of requirements.txt. */
    private record Requirement(
            String section,
            String id,
            String text,
            @Nullable String exception) {}

    private final List<Requirement> requirements = requirements();

    /** Ids to the tests that show them. */
    private final Map<String, TreeSet<String>> tests = new TreeMap<>();

    ConformanceTest() throws IOException {
        try (Stream<Path> near = Files.walk(ROOT, 2)) { // modules, also those in a folder of their own
            for (Path module : near.filter(each -> Files.isDirectory(each.resolve(SOURCES)))
                    .toList()) {
                try (Stream<Path> files = Files.walk(module.resolve(SOURCES))) {
                    for (Path file : files.filter(each -> each.toString().endsWith(".java"))
                            .toList()) {
                        read(file);
                    }
                }
            }
        }
    }

    private static List<Requirement> requirements() throws IOException {
        List<Requirement> all = new ArrayList<>();
        String section = "";
        for (String line : Files.readAllLines(ROOT.resolve("core/src/test/requirements.txt"))) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int colon = line.indexOf(": ");
                int mark = line.indexOf(" ! ");
                String text = mark < 0 ? line.substring(colon + 2) : line.substring(colon + 2, mark);
                String exception = mark < 0 ? null : line.substring(mark + 3);
                all.add(new Requirement(section, line.substring(0, colon), text, exception));
            }
        }
        return all;
    }

    /** Takes the annotations of a source file; each must stand at a test. */
    private void read(Path file) throws IOException {
        String source = Files.readString(file);
        if (file.endsWith("ConformanceTest.java") || !source.contains("@Requirement(")) {
            return;
        }
        String name = file.getFileName().toString().replace(".java", "");
        String place = file.getParent().getFileName() + "." + name;
        List<String> pending = new ArrayList<>();
        boolean test = false;
        int taken = 0;
        for (String line : source.lines().toList()) {
            Matcher annotation = ANNOTATION.matcher(line);
            while (annotation.find()) {
                pending.add(annotation.group(1));
            }
            test |= TEST.matcher(line).find();
            Matcher method = METHOD.matcher(line);
            if (method.find()) {
                String where = place + "." + method.group(1);
                assertThat(test || pending.isEmpty()).as("%s is a test", where).isTrue();
                for (String id : pending) {
                    tests.computeIfAbsent(id, _ -> new TreeSet<>()).add(where);
                }
                taken += pending.size();
                pending.clear();
                test = false;
            }
        }
        assertThat(source.split("@Requirement\\(", -1).length - 1)
                .as("annotations understood in %s", file)
                .isEqualTo(taken);
    }

    @Test
    void list_ofRequirements_isThatOfRfc9293() {
        List<String> ids = requirements.stream().map(Requirement::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        List<String> expected = new ArrayList<>();
        Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("MUST-", 69);
        numbers.put("SHLD-", 31);
        numbers.put("MAY-", 18);
        numbers.put("REC-", 1);
        numbers.forEach((kind, count) ->
                IntStream.rangeClosed(1, count).mapToObj(i -> kind + i).forEach(expected::add));
        assertThat(expected).hasSize(119);
        assertThat(ids).startsWith(expected.toArray(String[]::new));
    }

    @Test
    void requirements_haveATestOrAReason() {
        for (Requirement each : requirements) {
            boolean shown = tests.containsKey(each.id);
            assertThat(shown)
                    .as("%s (%s): shown by a test; excepted: %s", each.id, each.text, each.exception)
                    .isEqualTo(each.exception == null);
        }
    }

    @Test
    void annotations_nameRequirementsThatThereAre() {
        assertThat(requirements.stream().map(Requirement::id).toList()).containsAll(tests.keySet());
    }

    @Test
    void documentation_ofConformance_isUpToDate() throws IOException {
        Path file = ROOT.resolve("docs/conformance.md");
        if ("write".equals(System.getProperty("jmtcp.docs"))) {
            Files.writeString(file, document());
        } else {
            assertThat(Files.readString(file))
                    .as("to be made anew with bin/mvn -o -pl core -am test -Dtest=ConformanceTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Djmtcp.docs=write")
                    .isEqualTo(document());
        }
    }

    private String document() {
        var text = new StringBuilder("""
                # Conformance

                The requirements of RFC 9293 (STD 7) by the ids of its Appendix B, in our words, and the tests that show them: their package, class and
                method. Made from `core/src/test/requirements.txt` and the `@Requirement` annotations of the tests, which are checked to cover
                every one: a requirement without a test is excepted here with a reason.
                """);
        String section = "";
        for (Requirement each : requirements) {
            if (!each.section.equals(section)) {
                section = each.section;
                text.append("\n## ").append(section).append("\n\n| id | what | shown by |\n|---|---|---|\n");
            }
            String shown = each.exception != null
                    ? "– " + each.exception
                    : String.join("<br>", tests.getOrDefault(each.id, new TreeSet<>()));
            text.append("| %s | %s | %s |\n".formatted(each.id, each.text, shown));
        }
        return text.toString();
    }
}
