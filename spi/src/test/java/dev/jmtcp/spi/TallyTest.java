package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void amounts_areSummedBeyond32Bits() {
        for (int i = 0; i < 3; i++) {
            tally.add(Integer.MAX_VALUE);
        }

        assertThat(tally.value()).isEqualTo(3L * Integer.MAX_VALUE);
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void amountOfAnotherThread_isSeenAtLast() throws InterruptedException {
        var reading = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            reading.countDown();
            while (tally.value() < 7) {
                Thread.onSpinWait();
            }
        });
        reading.await();

        tally.add(7);

        reader.join();
        assertThat(tally.value()).isEqualTo(7);
    }
}
