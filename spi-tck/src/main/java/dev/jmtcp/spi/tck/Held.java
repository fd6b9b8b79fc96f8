package dev.jmtcp.spi.tck;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import java.util.ArrayList;
import java.util.List;

/** A burst that is held, and what its frames held when it was taken. */
record Held(FrameBurst burst, List<byte[]> content) {

    static Held of(FrameBurst burst) {
        var content = new ArrayList<byte[]>();
        for (int i = 0; i < burst.count(); i++) {
            content.add(bytes(burst, i));
        }
        return new Held(burst, content);
    }

    void assertUnchanged() {
        for (int i = 0; i < content.size(); i++) {
            assertThat(bytes(burst, i))
                    .as("frame %d of a burst that is held", i)
                    .isEqualTo(content.get(i));
        }
    }

    private static byte[] bytes(FrameBurst burst, int i) {
        return burst.memory().asSlice(burst.offset(i), burst.length(i)).toArray(JAVA_BYTE);
    }
}
