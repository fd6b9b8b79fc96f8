package dev.jmtcp.apps;

import com.google.inject.Injector;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Has Guice make the program's own commands, and picocli what is its own. */
final class InjectingFactory implements IFactory {

    private final Injector injector;
    private final IFactory ofPicocli = CommandLine.defaultFactory();

    InjectingFactory(Injector injector) {
        this.injector = injector;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        boolean ours = type.getModule() == InjectingFactory.class.getModule() && !type.isInterface();
        return ours ? injector.getInstance(type) : ofPicocli.create(type);
    }
}
