package dev.jmtcp.core.tcp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Objects kept for reuse, the last one first, up to a number. Belongs to the stack's thread; allocates only when it holds more than ever before.
 *
 * <p>Of an object taken the place still refers to it: most often the same object comes back there, and to write a reference costs a garbage collector's
 * barrier.
 */
final class Spares<T> {

    private static final int FIRST_LENGTH = 16;

    private final int most;
    private @Nullable Object[] items = new Object[FIRST_LENGTH];
    private int count;

    /** @param most how many are kept at most */
    Spares(int most) {
        this.most = most;
    }

    int count() {
        return count;
    }

    /** The one given last, or null. */
    @SuppressWarnings("unchecked") // only give() puts something there
    @Nullable
    T take() {
        return count == 0 ? null : (T) items[--count];
    }

    /** Keeps an object, if there is room. */
    @SuppressWarnings("ReferenceEquality") // the very same object
    void give(T item) {
        if (count == items.length) {
            if (count >= most) {
                return;
            }
            items = Arrays.copyOf(items, Math.min(most, 2 * count));
        }
        if (items[count] != item) {
            items[count] = item;
        }
        count++;
    }
}
