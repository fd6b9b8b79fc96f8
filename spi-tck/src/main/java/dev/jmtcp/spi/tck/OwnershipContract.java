package dev.jmtcp.spi.tck;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import org.junit.jupiter.api.Test;

/** A received frame belongs to the receiver until its next receive of the same port: {@link dev.jmtcp.spi.PacketQueue}. */
public sealed interface OwnershipContract extends Contract permits PacketIoContractTest {

    @Test
    default void receivedFrames_moreIsSent_stayAsTheyAre() throws Exception {
        bench().onLink(link -> {
            Held held = Held.of(takeSome(link));
            overrun(link);
            held.assertUnchanged();
            link.drain(new FrameBurst(32));
        });
    }

    @Test
    default void receivedFrames_writtenInPlace_stayAsWrittenAndHarmNoOther() throws Exception {
        bench().onLink(link -> {
            for (int round = 0; round < 4; round++) {
                FrameBurst burst = takeSome(link);
                link.send(Math.min(32, link.fixture().framesInFlight() / 2), 300);
                for (int i = 0; i < burst.count(); i++) {
                    for (int at = 0; at < burst.length(i); at++) {
                        burst.memory().set(JAVA_BYTE, burst.offset(i) + at, (byte) (0xa5 ^ i));
                    }
                }
                Held held = Held.of(burst);
                overrun(link);
                held.assertUnchanged();
                link.drain(new FrameBurst(32));
            }
        });
    }

    @Test
    default void receivedFrames_otherPortReceives_stayAsTheyAre() throws Exception {
        bench().onLink(link -> {
            Held held = Held.of(takeSome(link));
            if (!link.isLooped()) {
                Link back = link.reversed();
                back.pass(256, 500, new FrameBurst(32));
                held.assertUnchanged();
                back.assertSettled();
            }
            held.assertUnchanged();
            link.drain(new FrameBurst(32));
        });
    }

    /** A burst with at least one frame of ours, out of those just sent; the others are still to come. */
    private static FrameBurst takeSome(Link link) {
        var burst = new FrameBurst(4);
        link.send(8, 200);
        for (long end = link.deadline(); link.take(0, burst) == 0 || link.accept(burst) == 0; ) {
            assertThat(link.isBefore(end)).as("a frame comes").isTrue();
            link.flush();
            link.turn();
        }
        return burst;
    }

    /** Sends as much as goes in while nobody receives. */
    private static void overrun(Link link) {
        for (int i = 0; i < 10_000 && link.offer(200); i++) {
            if (i % 32 == 31) {
                link.flush();
            }
        }
        link.flush();
        link.turn();
        link.flush();
    }
}
