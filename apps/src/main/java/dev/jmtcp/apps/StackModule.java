package dev.jmtcp.apps;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import dev.jmtcp.core.config.ConfigLoader;

/** What commands that run a stack begin with. */
final class StackModule extends AbstractModule {

    StackModule() {}

    @Provides
    ConfigLoader configLoader() {
        return new ConfigLoader();
    }

    @Provides
    ServerLimits serverLimits() {
        return ServerLimits.DEFAULT;
    }
}
