package dev.jmtcp.apps;

import dev.jmtcp.core.socket.Jmtcp;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs an application on its cores from the thread that started the program: has it print every second, and has it end at ^C or SIGTERM, first gently
 * and, when that takes too long, by force. That this thread is interrupted is the same as ^C.
 */
final class Supervisor {

    /**
     * How an application ends before it is done by itself. Both are done on the thread of the core's part.
     *
     * @param gently asks for the end
     * @param patience how long the end may take then, in nanoseconds
     * @param byForce brings it about
     */
    record Ending<A>(Consumer<A> gently, long patience, Consumer<A> byForce) {}

    private final Jmtcp jmtcp;
    private final StackScreen screen;
    private final Runnable everySecond;

    Supervisor(Jmtcp jmtcp, StackScreen screen, Runnable everySecond) {
        this.jmtcp = jmtcp;
        this.screen = screen;
        this.everySecond = everySecond;
    }

    /**
     * Returns when the application has ended everywhere.
     *
     * @return whether it was interrupted
     * @throws IOException if a part has failed
     */
    <A extends CoreApp> boolean run(List<Integer> cores, CoreApp.Factory<A> factory, Ending<A> ending)
            throws IOException {
        var interruptedAt = new AtomicReference<@Nullable Long>();
        CoreRunner<A> runner = CoreRunner.start(jmtcp, cores, context -> {
            A part = factory.start(context);
            screen.note("CPU " + context.core() + ": initialization finished.");
            return part;
        });
        Runnable interrupt = () -> {
            if (interruptedAt.compareAndSet(null, System.nanoTime())) {
                screen.note("Ending; ^C again ends at once");
                runner.forEach(ending.gently());
            }
        };
        jmtcp.onInterrupt(interrupt);
        jmtcp.onTermination(interrupt);
        boolean forced = false;
        while (!ended(runner, interrupt)) {
            if (screen.tick()) {
                everySecond.run();
            }
            Long since = interruptedAt.get();
            if (since != null && !forced && System.nanoTime() - since >= ending.patience()) {
                forced = true;
                runner.forEach(ending.byForce());
            }
        }
        return interruptedAt.get() != null;
    }

    private boolean ended(CoreRunner<?> runner, Runnable interrupt) throws IOException {
        try {
            return runner.await(screen.untilNext(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            interrupt.run();
            return false;
        }
    }
}
