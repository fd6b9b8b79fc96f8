package dev.jmtcp.bench.race;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MeterTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long CPU = 20_000_000;
    private static final int BYTES = 1 << 20;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<byte[]> kept = new ArrayList<>();

    @Test
    void work_ofAnotherThread_counts() throws InterruptedException {
        Thread other = Thread.ofPlatform().daemon().start(this::work);
        var meter = new Meter(other);

        meter.start(10, -1);
        boolean wasOver = meter.isOver(Long.MAX_VALUE / 100);
        begun.countDown();
        done.await();
        boolean isOver = meter.isOver(CPU);
        Work work = meter.stop(12, -1);
        over.countDown();

        assertThat(wasOver).isFalse();
        assertThat(isOver).isTrue();
        assertThat(work.units()).isEqualTo(2);
        assertThat(work.cpuNanos()).isGreaterThanOrEqualTo(CPU);
        assertThat(work.allocatedBytes()).isGreaterThanOrEqualTo(BYTES);
        assertThat(kept).hasSize(1);
    }

    private void work() {
        try {
            begun.await();
            long start = THREADS.getCurrentThreadCpuTime();
            kept.add(new byte[BYTES]);
            while (THREADS.getCurrentThreadCpuTime() - start < CPU) {
                Thread.onSpinWait();
            }
            done.countDown();
            over.await(); // the time of a thread that has ended is not known
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
