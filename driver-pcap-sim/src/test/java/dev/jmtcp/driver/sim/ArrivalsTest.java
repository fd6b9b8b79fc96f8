package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private record Item(long due, long order, long entry, int source) {}

    @Test
    void addAndRemove_atRandom_keepOrderOfTimeThenOfAdding() {
        long seed = 4711;
        var random = new SplittableRandom(seed);
        var arrivals = new Arrivals();
        var model = new PriorityQueue<Item>(Comparator.comparingLong(Item::due).thenComparingLong(Item::order));
        for (int i = 0; i < 200_000; i++) {
            boolean growing = i / 10_000 % 2 == 0;
            if (model.isEmpty() || random.nextInt(100) < (growing ? 60 : 40)) {
                var item = new Item(random.nextInt(50), i, random.nextLong(), random.nextInt(64));
                arrivals.add(item.due, item.entry, item.source);
                model.add(item);
            } else {
                Item first = model.remove();
                assertThat(arrivals.due()).as("seed %d, step %d", seed, i).isEqualTo(first.due);
                assertThat(arrivals.entry()).as("seed %d, step %d", seed, i).isEqualTo(first.entry);
                assertThat(arrivals.source()).isEqualTo(first.source);
                arrivals.remove();
            }
            assertThat(arrivals.isEmpty()).isEqualTo(model.isEmpty());
        }
    }
}
