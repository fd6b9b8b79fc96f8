package dev.jmtcp.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The project's own scripts, one test each. A script names its profile in a comment {@code // profile: linux}; without, it is rfc. */
class OwnScriptsTest {

    static Path scripts() throws URISyntaxException {
        URL url = Objects.requireNonNull(OwnScriptsTest.class.getResource("/scripts"));
        return Path.of(url.toURI());
    }

    static Profile profile(String text) {
        for (Profile profile : Profile.values()) {
            if (text.contains("// profile: " + profile.name().toLowerCase(java.util.Locale.ROOT) + "\n")) {
                return profile;
            }
        }
        return Profile.RFC;
    }

    @TestFactory
    Stream<DynamicTest> script_run_passes() throws IOException, URISyntaxException {
        Path folder = scripts();
        List<Path> scripts = Suite.find(List.of(folder));
        assertThat(scripts).isNotEmpty();
        return scripts.stream()
                .map(script -> DynamicTest.dynamicTest(folder.relativize(script).toString(), () -> {
                    String text = Files.readString(script);
                    assertThat(text).as("cites what it tests").containsPattern("RFC [0-9]+");
                    Outcome outcome = new Packetdrill(profile(text)).run(script.toString(), text);
                    assertThat(outcome).isEqualTo(new Outcome.Passed());
                }));
    }
}
