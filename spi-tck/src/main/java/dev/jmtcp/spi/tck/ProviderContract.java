package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a provider says of itself, without opening anything: {@link PacketIoProvider}. */
public sealed interface ProviderContract extends Contract permits PacketIoContractTest {

    @Test
    default void name_isLowerCaseLettersDigitsAndDashes() {
        assertThat(bench().provider().name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    }

    @Test
    default void description_isOneLine() {
        assertThat(bench().provider().description()).isNotBlank().doesNotContain("\n");
    }

    @Test
    default void probe_saysInOneLineWhetherAndWhyNot() {
        for (int time = 0; time < 2; time++) {
            switch (bench().provider().probe()) {
                case Probe.Usable(String detail) ->
                    assertThat(detail).isNotBlank().doesNotContain("\n");
                case Probe.Unusable(String reason, String remedy) -> {
                    assertThat(reason).isNotBlank().doesNotContain("\n");
                    assertThat(remedy).isNotBlank().doesNotContain("\n");
                }
            }
        }
    }

    @Test
    default void provider_isFoundAsAService() throws IOException {
        Class<?> type = bench().provider().getClass();
        ModuleDescriptor module = type.getModule().getDescriptor();
        if (module != null && !module.isAutomatic()) {
            assertThat(module.provides())
                    .as("'provides %s with %s' in module-info.java", PacketIoProvider.class.getName(), type.getName())
                    .anyMatch(provides -> provides.service().equals(PacketIoProvider.class.getName())
                            && provides.providers().contains(type.getName()));
        }
        assertThat(ServiceFile.classes(type))
                .as("%s, for use on the class path", ServiceFile.NAME)
                .contains(type.getName());
    }

    @Test
    default void options_areDescribedInOneLineEachAndNamedOnce() {
        for (List<DriverOption> options :
                List.of(bench().provider().options(), bench().provider().portOptions())) {
            var names = new HashSet<String>();
            for (DriverOption option : options) {
                assertThat(option.name()).matches("[a-z0-9]+([_.-][a-z0-9]+)*");
                assertThat(names.add(option.name()))
                        .as("%s, once", option.name())
                        .isTrue();
                assertThat(option.accepted()).as(option.name()).isNotBlank().doesNotContain("\n");
                assertThat(option.description()).as(option.name()).isNotBlank().doesNotContain("\n");
                assertThat(option.defaultValue())
                        .as(option.name())
                        .isEqualTo(option.defaultValue().strip());
            }
        }
    }
}
