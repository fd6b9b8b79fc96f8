package dev.jmtcp.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The interpreter bites: a copy of a script in which one expected packet is slightly wrong fails, whatever is wrong about it. */
class MutationTest {

    /** A packet of the stack at a relative time; the parts are time, flags, numbers, the rest. */
    private static final Pattern EXPECTED = Pattern.compile(
            "^\\+([0-9.]+)( +> +(?:[(\\[][^)\\]]*[)\\]] +)?)([SFRPUEWA.]+)( +[0-9]+:[0-9]+\\([0-9]+\\)!?)(.*)$");

    /** A way to spoil an expected packet. */
    private enum Mutation {
        LATER,
        FLAG,
        SEQUENCE,
        ACKNOWLEDGMENT,
        WINDOW,
        OPTION;

        String of(String line) {
            return switch (this) {
                case LATER -> line.replaceFirst("^\\+", "+1");
                case FLAG -> replaced(line, 3, flags -> flags.contains("P") ? flags.replace("P", "") : "P" + flags);
                case SEQUENCE -> replaced(line, 4, numbers -> isSyn(line) ? " 0:7(7)" : nextNumbers(numbers));
                case ACKNOWLEDGMENT ->
                    line.contains(" ack ")
                            ? line.replaceFirst(" ack ([0-9])", " ack 3$1")
                            : replaced(line, 3, flags -> flags + ".");
                case WINDOW ->
                    line.contains(" win ")
                            ? line.replaceFirst(" win [0-9]+", " win 77")
                            : replaced(
                                    line,
                                    5,
                                    rest -> rest.contains("<") ? rest.replaceFirst("<", "win 77 <") : rest + " win 77");
                case OPTION ->
                    line.contains("<")
                            ? line.replaceFirst("<[^>]*>", "<mss 1234,nop,nop>")
                            : line + " <nop,nop,nop,eol>";
            };
        }
    }

    private static String replaced(String line, int group, UnaryOperator<String> change) {
        Matcher matcher = EXPECTED.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        return line.substring(0, matcher.start(group))
                + change.apply(matcher.group(group))
                + line.substring(matcher.end(group));
    }

    /** Whose sequence number is what the others are counted from: it cannot be wrong. */
    private static boolean isSyn(String line) {
        Matcher matcher = EXPECTED.matcher(line);
        return matcher.matches() && matcher.group(3).contains("S");
    }

    private static String nextNumbers(String numbers) {
        Matcher matcher = Pattern.compile(" +([0-9]+):([0-9]+)(.*)").matcher(numbers);
        assertThat(matcher.matches()).as(numbers).isTrue();
        return " " + (Long.parseLong(matcher.group(1)) + 1) + ":" + (Long.parseLong(matcher.group(2)) + 1)
                + matcher.group(3);
    }

    /** The script with its last expected packet spoilt. */
    private static String mutated(String text, Mutation mutation) {
        String[] lines = text.split("\n", -1);
        for (int i = lines.length - 1; i >= 0; i--) {
            String line = lines[i].replaceFirst("\\s*//.*$", "").stripTrailing();
            if (EXPECTED.matcher(line).matches()) {
                lines[i] = mutation.of(line);
                return String.join("\n", lines);
            }
        }
        throw new AssertionError("no packet is expected");
    }

    @TestFactory
    Stream<DynamicTest> mutatedScript_run_fails() throws IOException, URISyntaxException {
        Path folder = OwnScriptsTest.scripts();
        List<Path> scripts = Suite.find(List.of(folder));
        assertThat(scripts).hasSizeGreaterThanOrEqualTo(30);
        return scripts.stream()
                .flatMap(script -> Stream.of(Mutation.values())
                        .map(mutation -> DynamicTest.dynamicTest(folder.relativize(script) + " " + mutation, () -> {
                            String text = Files.readString(script);
                            String changed = mutated(text, mutation);
                            assertThat(changed).isNotEqualTo(text);
                            Outcome outcome =
                                    new Packetdrill(OwnScriptsTest.profile(text)).run(script.toString(), changed);
                            assertThat(outcome).as(changed).isInstanceOf(Outcome.Failed.class);
                        })));
    }
}
