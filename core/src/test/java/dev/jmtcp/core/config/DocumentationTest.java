package dev.jmtcp.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Run with {@code -Djmtcp.docs=write}, this writes the tables of keys instead of checking them. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static Stream<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("conf"))) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @EnumSource
    void documentation_ofConfiguration_hasEveryKey(ConfigKey.Group group) throws IOException {
        String begin = "<!-- begin " + group + " -->\n";
        Path file = ROOT.resolve("docs/configuration.md");
        String text = Files.readString(file);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf("<!-- end " + group + " -->\n");
        assertThat(to).as("the place of %s in %s", group, file).isGreaterThanOrEqualTo(from);

        if ("write".equals(System.getProperty("jmtcp.docs"))) {
            Files.writeString(file, text.substring(0, from) + table(group) + text.substring(to));
        } else {
            assertThat(text.substring(from, to))
                    .as("to be made anew with bin/mvn -o -pl core -am test -Dtest=DocumentationTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Djmtcp.docs=write")
                    .isEqualTo(table(group));
        }
    }

    private static String table(ConfigKey.Group group) {
        var table = new StringBuilder("\n| key | default | value | meaning |\n|---|---|---|---|\n");
        for (ConfigKey key : ConfigKey.all()) {
            if (key.group() == group) {
                String name = group == ConfigKey.Group.PORT ? "port.<name>." + key.name() : key.name();
                table.append("| `%s` | %s | %s | %s |\n"
                        .formatted(name, key.defaultValue(), key.accepted(), key.description()));
            }
        }
        return table.append('\n').toString();
    }

    @Test
    void defaults_asDocumented_areThoseThatHold() {
        JmtcpConfig defaults = JmtcpConfig.parse("num_cores = 1");
        for (ConfigKey key : ConfigKey.all()) {
            boolean written =
                    !key.defaultValue().contains(" ") && !key.defaultValue().equals("none");
            if (written && key.group() != ConfigKey.Group.PORT && !key.name().endsWith("_file")) {
                JmtcpConfig set = JmtcpConfig.parse("num_cores = 1\n" + key.name() + " = " + key.defaultValue());
                assertThat(set.tcp()).as(key.name()).isEqualTo(defaults.tcp());
                assertThat(List.of(
                                set.io(),
                                set.numMemChannels(),
                                set.maxConcurrency(),
                                set.maxNumBuffers(),
                                set.multiprocess(),
                                set.idle(),
                                set.burst()))
                        .as(key.name())
                        .isEqualTo(List.of(
                                defaults.io(),
                                defaults.numMemChannels(),
                                defaults.maxConcurrency(),
                                defaults.maxNumBuffers(),
                                defaults.multiprocess(),
                                defaults.idle(),
                                defaults.burst()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_loaded_isRightAndWithoutWarning(Path file) {
        List<String> warnings = new ArrayList<>();
        var loader = new ConfigLoader(file.getParent().getParent().resolve("nowhere"), _ -> List.of(), warnings::add);

        JmtcpConfig config = loader.load(file);

        assertThat(config.ports())
                .isNotEmpty()
                .allSatisfy(port -> assertThat(config.addresses(port)).isNotEmpty());
        assertThat(warnings).isEmpty();
    }
}
