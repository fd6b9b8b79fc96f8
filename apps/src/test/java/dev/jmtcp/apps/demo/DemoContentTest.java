package dev.jmtcp.apps.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.apps.client.Body;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoContentTest {

    @TempDir
    private Path folder;

    private MemorySegment written(DemoContent content) throws IOException {
        Path file = folder.resolve("content");
        content.write(file);
        byte[] bytes = Files.readAllBytes(file);
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    private static boolean check(Body body, MemorySegment memory, int size, int piece) throws IOException {
        body.begin();
        for (int at = 0; at < size; at += piece) {
            body.take(memory, at, Math.min(piece, size - at));
        }
        return body.end();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1000, 65_536, 65_537})
    void written_checksOut_inPiecesOfAnySize(int size) throws IOException {
        var content = new DemoContent(5, size);
        MemorySegment memory = written(content);
        Body body = content.checker();
        for (int piece : new int[] {1, 3, 8, 13, 1448, 1 << 20}) {
            assertThat(check(body, memory, size, piece))
                    .as("pieces of " + piece)
                    .isTrue();
        }
    }

    @Test
    void everyWrongBit_isFound() throws IOException {
        int size = 21;
        var content = new DemoContent(5, size);
        MemorySegment memory = written(content);
        Body body = content.checker();
        for (int piece : new int[] {5, 21}) {
            for (int bit = 0; bit < 8 * size; bit++) {
                flip(memory, bit);
                assertThat(check(body, memory, size, piece)).as("bit " + bit).isFalse();
                flip(memory, bit);
            }
            assertThat(check(body, memory, size, piece)).isTrue();
        }
    }

    @Test
    void tooShort_tooLong_orAnotherSeed_isWrong() throws IOException {
        MemorySegment memory = written(new DemoContent(5, 64));

        assertThat(check(new DemoContent(5, 64).checker(), memory, 63, 10)).isFalse();
        assertThat(check(new DemoContent(5, 63).checker(), memory, 64, 10)).isFalse();
        assertThat(check(new DemoContent(6, 64).checker(), memory, 64, 10)).isFalse();
    }

    private static void flip(MemorySegment memory, int bit) {
        byte before = memory.get(ValueLayout.JAVA_BYTE, bit >> 3);
        memory.set(ValueLayout.JAVA_BYTE, bit >> 3, (byte) (before ^ 1 << (bit & 7)));
    }
}
