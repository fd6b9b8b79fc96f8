package dev.jmtcp.apps.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreTest {

    private static final long SECOND = 1_000_000_000;

    @TempDir
    Path directory;

    private Path root;
    private FileStore store;
    private FileStore.Reader reader;

    @BeforeEach
    void create() throws IOException {
        root = Files.createDirectories(directory.resolve("www"));
        store = new FileStore(root, 1000, 400, 2);
        reader = store.reader();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private StoredFile open(String path, long now) {
        byte[] bytes = path.getBytes(UTF_8);
        return reader.open(bytes, bytes.length, now);
    }

    private static String text(StoredFile file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) file.size());
        while (buffer.hasRemaining() && file.read(buffer.position(), buffer) >= 0) {
            // until it is full or the file ends
        }
        return new String(buffer.array(), 0, buffer.position(), UTF_8);
    }

    @Test
    void open_smallFile_liesInMemory() throws IOException {
        Files.writeString(root.resolve("a.html"), "hello");

        try (StoredFile file = open("a.html", 0)) {
            assertThat(file.size()).isEqualTo(5);
            assertThat(file.mediaType()).asString(UTF_8).startsWith("text/html");
            assertThat(file.content().toArray(ValueLayout.JAVA_BYTE))
                    .asString(UTF_8)
                    .isEqualTo("hello");
            assertThat(file.content().isReadOnly()).isTrue();
            assertThat(text(file)).isEqualTo("hello");
            assertThat(file.read(5, ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThat(store.cachedBytes()).isEqualTo(5);
    }

    @Test
    void open_largeFile_isReadFromDisk() throws IOException {
        Files.writeString(root.resolve("a"), "x".repeat(400) + "y");

        try (StoredFile file = open("a", 0)) {
            assertThat(file.content()).isNull();
            assertThat(text(file)).hasSize(401).endsWith("xy");
            assertThat(file.read(401, ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThat(store.cachedBytes()).isZero();
    }

    @Test
    void open_again_givesTheSame() throws IOException {
        Files.writeString(root.resolve("a"), "1");
        StoredFile first = open("a", 0);
        StoredFile second = open("a", SECOND - 1);
        StoredFile third = open("a", 10 * SECOND);

        assertThat(second).isSameAs(first);
        assertThat(third).isSameAs(first);
        List.of(first, second, third).forEach(StoredFile::close);
    }

    @Test
    void open_fileChanged_isSeenWithinASecond() throws IOException {
        Path path = Files.writeString(root.resolve("a"), "old");
        open("a", 0).close();
        Files.writeString(path, "newer");

        try (StoredFile kept = open("a", SECOND - 1);
                StoredFile fresh = open("a", SECOND)) {
            assertThat(text(kept)).isEqualTo("old");
            assertThat(text(fresh)).isEqualTo("newer");
        }
        assertThat(store.cachedBytes()).isEqualTo(5);
    }

    @Test
    void open_sameSizeOtherTime_isReadAnew() throws IOException {
        Path path = Files.writeString(root.resolve("a"), "old");
        open("a", 0).close();
        Files.writeString(path, "new");
        Files.setLastModifiedTime(path, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));

        try (StoredFile fresh = open("a", SECOND)) {
            assertThat(text(fresh)).isEqualTo("new");
        }
    }

    @Test
    void open_fileDeleted_isNoticed() throws IOException {
        Path path = Files.writeString(root.resolve("a"), "old");
        StoredFile held = open("a", 0);
        Files.delete(path);

        assertThat(open("a", SECOND)).isNull();
        assertThat(text(held)).isEqualTo("old");
        assertThat(store.cachedBytes()).isZero();
        held.close();
    }

    @ParameterizedTest
    @CsvSource({"'', root", "sub/, sub", "sub/index.html, sub"})
    void open_folder_meansItsIndex(String path, String content) throws IOException {
        Files.writeString(root.resolve("index.html"), "root");
        Files.writeString(Files.createDirectories(root.resolve("sub")).resolve("index.html"), "sub");

        try (StoredFile file = open(path, 0)) {
            assertThat(text(file)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"none", "", "sub", "sub/", "file/", "file/x", "../secret", "sub/../../secret", "/secret", "a\0b"
            })
    void open_whatIsNoFileHere_isNull(String path) throws IOException {
        Files.createDirectories(root.resolve("sub"));
        Files.writeString(root.resolve("file"), "x");
        Files.writeString(directory.resolve("secret"), "secret");

        assertThat(open(path, 0)).isNull();
    }

    @Test
    void open_linkOutside_isNullAndInsideIsFollowed() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.writeString(root.resolve("a"), "inside");
        Files.createSymbolicLink(root.resolve("file-link"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("folder-link"), outside);
        Files.createSymbolicLink(root.resolve("relative-link"), Path.of("../outside/secret"));
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        Files.createSymbolicLink(root.resolve("good-link"), Path.of("a"));
        Files.createDirectories(directory.resolve("www2"));
        Files.writeString(directory.resolve("www2/a"), "a neighbour whose name starts the same");
        Files.createSymbolicLink(root.resolve("neighbour"), directory.resolve("www2/a"));

        assertThat(open("file-link", 0)).isNull();
        assertThat(open("folder-link/secret", 0)).isNull();
        assertThat(open("relative-link", 0)).isNull();
        assertThat(open("loop", 0)).isNull();
        assertThat(open("neighbour", 0)).isNull();
        try (StoredFile file = open("good-link", 0)) {
            assertThat(text(file)).isEqualTo("inside");
        }
    }

    @Test
    void open_rootThatIsALink_isFollowed() throws IOException {
        Files.writeString(root.resolve("a"), "x");
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);

        try (var linked = new FileStore(link, 10, 10, 1);
                StoredFile file = linked.reader().open("a".getBytes(UTF_8), 1, 0)) {
            assertThat(text(file)).isEqualTo("x");
        }
    }

    @Test
    void open_beyondTheMemory_forgetsTheLongestUnused() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.writeString(root.resolve("f" + i), ("" + i).repeat(300));
        }
        StoredFile first = open("f0", 0);
        open("f1", 1).close();
        open("f2", 2).close();
        open("f0", 3).close();
        open("f3", 4).close();

        assertThat(store.cachedBytes()).isEqualTo(900);
        StoredFile again = open("f0", 5);
        assertThat(again).isSameAs(first);
        open("f1", 6).close();
        open("f4", 7).close();
        assertThat(store.cachedBytes()).isEqualTo(900);
        assertThat(text(first)).isEqualTo("0".repeat(300));
        first.close();
        again.close();
    }

    @Test
    void open_largeFilesBeyondTheLimit_forgottenOnesStayReadable() throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Files.writeString(root.resolve("f" + i), ("" + i).repeat(500));
            files.add(open("f" + i, i));
        }

        for (int i = 0; i < 4; i++) {
            assertThat(text(files.get(i))).isEqualTo(("" + i).repeat(500));
        }
        StoredFile first = files.getFirst();
        assertThat(open("f0", 5)).isNotSameAs(first);
        first.close();
        assertThatThrownBy(() -> text(first)).isInstanceOf(java.nio.channels.ClosedChannelException.class);
    }

    @Test
    void store_folderMissingOrFile_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatThrownBy(() -> new FileStore(directory.resolve("none"), 1, 1, 1))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> new FileStore(file, 1, 1, 1)).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void open_byManyThreads_alwaysGivesWholeFiles() throws Exception {
        for (int i = 0; i < 8; i++) {
            Files.writeString(root.resolve("f" + i), ("" + i).repeat(350 + 20 * i));
        }
        try (var executor = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int offset = thread;
                Callable<Integer> work = () -> {
                    FileStore.Reader own = store.reader();
                    int good = 0;
                    for (int i = 0; i < 2000; i++) {
                        int number = (i * 5 + offset) % 8;
                        byte[] path = ("f" + number).getBytes(UTF_8);
                        try (StoredFile file = own.open(path, path.length, i * SECOND / 100)) {
                            good += text(file).equals(("" + number).repeat(350 + 20 * number)) ? 1 : 0;
                        }
                    }
                    return good;
                };
                results.add(executor.submit(work));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(2000);
            }
        }
        assertThat(store.cachedBytes()).isLessThanOrEqualTo(1000);
    }
}
