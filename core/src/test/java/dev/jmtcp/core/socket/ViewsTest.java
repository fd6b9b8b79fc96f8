package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ViewsTest {

    private final Views views = new Views();

    @Test
    void sameEightObjects_againAndAgain_sameSegments() {
        var buffers = new ArrayList<ByteBuffer>();
        var segments = new ArrayList<MemorySegment>();
        for (int i = 0; i < 8; i++) {
            buffers.add(i % 2 == 0 ? ByteBuffer.allocate(10) : ByteBuffer.allocateDirect(10));
            segments.add(views.of(buffers.get(i)));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 8; i++) {
                assertThat(views.of(buffers.get(i).position(i))).isSameAs(segments.get(i));
            }
        }
    }

    @Test
    void aNinthObject_replacesTheOldest() {
        byte[] first = new byte[1];
        MemorySegment segment = views.of(first);
        for (int i = 0; i < 8; i++) {
            views.of(new byte[1]);
        }
        assertThat(views.of(first)).isNotSameAs(segment);
    }

    @Test
    void segmentAndOffset_ofASliceInTheMiddle_areItsBytes() {
        for (ByteBuffer whole : new ByteBuffer[] {ByteBuffer.allocate(20), ByteBuffer.allocateDirect(20)}) {
            whole.put(7, (byte) 42);
            ByteBuffer part = whole.slice(5, 10).position(2).limit(4);
            assertThat(views.of(part).get(ValueLayout.JAVA_BYTE, Views.offset(part)))
                    .isEqualTo((byte) 42);
            assertThat(part.position()).isEqualTo(2);
            assertThat(part.limit()).isEqualTo(4);
        }
    }
}
