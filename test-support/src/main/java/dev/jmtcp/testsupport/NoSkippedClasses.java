package dev.jmtcp.testsupport;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * In a full run ({@code -Djmtcp.test.full=true}), a class whose {@code @BeforeAll} finds that it cannot run fails. Surefire's
 * report would hold no trace of it, whereas it counts single skipped tests.
 */
public final class NoSkippedClasses implements LifecycleMethodExecutionExceptionHandler {

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        if (Boolean.getBoolean("jmtcp.test.full") && thrown instanceof TestAbortedException) {
            throw new AssertionError("skipped, in a full run: " + thrown.getMessage(), thrown);
        }
        throw thrown;
    }
}
