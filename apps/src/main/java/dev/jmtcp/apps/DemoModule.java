package dev.jmtcp.apps;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;

/** What the demo needs of the terminal. */
final class DemoModule extends AbstractModule {

    private static final int REDRAW_MILLIS = 200;

    /** Fits any terminal. */
    private static final int COLUMNS = 79;

    DemoModule() {}

    @Provides
    DemoDisplay.Bars bars() {
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
            return DemoDisplay.Bars.NONE;
        }
        return steps -> new ProgressBarBuilder()
                .setTaskName("demo")
                .setInitialMax(steps)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .clearDisplayOnFinish()
                .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
                .build();
    }
}
