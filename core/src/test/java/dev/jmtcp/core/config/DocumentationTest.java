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
import org.junit.jupiter.params.provider.MethodSource;

class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static Stream<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("conf"))) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    @Test
    void documentation_ofConfiguration_hasTheRowOfEveryKey() throws IOException {
        List<String> rows = ConfigKey.all().stream()
                .map(key -> "| `%s` | %s | %s | %s |"
                        .formatted(
                                key.group() == ConfigKey.Group.PORT ? "port.<name>." + key.name() : key.name(),
                                key.defaultValue(),
                                key.accepted(),
                                key.description()))
                .toList();

        assertThat(Files.readAllLines(ROOT.resolve("docs/configuration.md"))).containsAll(rows);
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
