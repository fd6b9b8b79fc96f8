package dev.jmtcp.driver.dpdk.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledTest {

    @TempDir
    private Path folder;

    @Test
    void nothing_isMissingAndSaysWhatToInstall() {
        List<Installed> found = Installed.find(folder.resolve("no-cache"), List.of(folder, folder.resolve("none")));

        assertThat(found).isEmpty();
        assertThat(Dpdk.missing(found))
                .isNotNull()
                .hasMessageContaining("not installed")
                .hasMessageContaining("DPDK 22.11 (ABI 23)")
                .hasMessageContaining("apt-get install");
    }

    @Test
    void otherVersionsAlone_areNamedBesideThoseSupported() throws IOException {
        Files.createFile(folder.resolve("librte_eal.so.24"));
        Files.createFile(folder.resolve("librte_eal.so.26"));
        Files.createFile(folder.resolve("librte_eal.so"));
        List<Installed> found = Installed.find(folder.resolve("no-cache"), List.of(folder));

        assertThat(found).extracting(Installed::abi).containsExactly(24, 26);
        assertThat(Dpdk.missing(found))
                .isNotNull()
                .hasMessageContaining("ABI 24")
                .hasMessageContaining("ABI 26")
                .hasMessageContaining("supported: DPDK 22.11 (ABI 23)");
    }

    @Test
    void supportedVersion_inTheLoadersCache_isFound() throws IOException {
        Path library = Files.createFile(folder.resolve("librte_eal.so.23"));
        Path cache = Files.writeString(
                folder.resolve("ld.so.cache"),
                "glibc-ld.so.cache1.1\0\1librte_eal.so.23\0" + library + "\0/nowhere/librte_eal.so.25\0",
                StandardCharsets.ISO_8859_1);

        List<Installed> found = Installed.find(cache, List.of());

        assertThat(found).containsExactly(new Installed(23, library));
        assertThat(Dpdk.missing(found)).isNull();
    }
}
