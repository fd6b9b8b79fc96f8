package dev.jmtcp.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ContentTest {

    private static final int LENGTH = 5_000;

    private final MemorySegment memory = Arena.ofAuto().allocate(LENGTH);

    @Test
    void message_anyByteChanged_doesNotMatch() {
        Message.write(memory, 8, 77);
        assertThat(Message.matches(memory, 8, 77)).isTrue();
        assertThat(Message.matches(memory, 8, 78)).isFalse();

        for (int i = 0; i < Message.SIZE; i++) {
            byte right = memory.get(ValueLayout.JAVA_BYTE, 8 + i);
            memory.set(ValueLayout.JAVA_BYTE, 8 + i, (byte) (right ^ 1));
            assertThat(Message.matches(memory, 8, 77)).as("byte %d", i).isFalse();
            memory.set(ValueLayout.JAVA_BYTE, 8 + i, right);
        }
    }

    @Test
    void stream_fromAnyPosition_isKnownAgainAndNoByteElse() {
        var stream = new Stream(3);
        for (long position : new long[] {0, 1, 65_534, 65_535, 1_000_000_007}) {
            MemorySegment.copy(stream.memory, Stream.place(position), memory, 0, LENGTH);
            assertThat(stream.matches(position, memory, 0, LENGTH)).isTrue();
            assertThat(stream.matches(position + 1, memory, 0, LENGTH)).isFalse();
            assertThat(stream.matches(position + Stream.WINDOW, memory, 0, LENGTH))
                    .isFalse();
            memory.set(ValueLayout.JAVA_BYTE, LENGTH - 1, (byte) ~memory.get(ValueLayout.JAVA_BYTE, LENGTH - 1));
            assertThat(stream.matches(position, memory, 0, LENGTH)).isFalse();
        }
    }
}
