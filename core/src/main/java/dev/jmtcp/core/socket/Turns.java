package dev.jmtcp.core.socket;

import dev.jmtcp.core.config.IdleMode;
import dev.jmtcp.core.stack.Stack;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes a stack's turns, and the rests between them; or has others make them. Belongs to the stack's thread. */
final class Turns {

    private final Stack stack;
    private final LongSupplier clock;
    private final Mailbox mailbox;
    private final IdleStrategy idle;

    /** Lets a turn happen that this does not make itself; null if this makes it. */
    private final @Nullable LongConsumer turner;

    /** Whether turns are made by others altogether. */
    private final boolean passive;

    private Turns(
            Stack stack,
            LongSupplier clock,
            Mailbox mailbox,
            IdleMode idle,
            @Nullable LongConsumer turner,
            boolean passive) {
        this.stack = stack;
        this.clock = clock;
        this.mailbox = mailbox;
        this.idle = new IdleStrategy(idle);
        this.turner = turner;
        this.passive = passive;
    }

    static Turns own(Stack stack, LongSupplier clock, Mailbox mailbox, IdleMode idle) {
        return new Turns(stack, clock, mailbox, idle, null, false);
    }

    /** Those that others make; null for {@code turner} if they cannot be asked to. */
    static Turns ofOthers(Stack stack, LongSupplier clock, Mailbox mailbox, @Nullable LongConsumer turner) {
        return new Turns(stack, clock, mailbox, IdleMode.SPIN, turner, true);
    }

    /** The time in nanoseconds. */
    long now() {
        return clock.getAsLong();
    }

    /** When a timeout from now ends. */
    long deadline(long timeout) {
        long now = now();
        return timeout >= Long.MAX_VALUE - now ? Long.MAX_VALUE : now + timeout;
    }

    /** Whether turns are made by others. */
    boolean isPassive() {
        return passive;
    }

    /** Whether there can be a turn when the owner has to wait. */
    boolean isPossible() {
        return !passive || turner != null;
    }

    /** A turn, without rest; whether there was anything to do, as far as that is known. */
    boolean once() {
        if (turner == null) {
            return stack.step(now());
        }
        turner.accept(now());
        return false;
    }

    /** A turn, and if there was nothing to do perhaps a rest, which ends at a time at the latest, or by {@link Mailbox#wakeup}. */
    void next(long until) {
        if (turner != null) {
            turner.accept(until);
        } else if (stack.step(now())) {
            idle.reset();
        } else if (idle.shouldRest()) {
            rest(until);
        }
    }

    private void rest(long until) {
        long deadline = Math.min(until, stack.nextDeadline());
        long nanos = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - now();
        if (nanos > 0) {
            mailbox.rest(nanos);
        }
    }
}
