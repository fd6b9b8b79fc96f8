package dev.jmtcp.core.socket;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * A signal that ends programs which do not take it. Taken by reflection, since sun.misc.Signal, the only way there is, is not part of the Java API: where it is
 * missing, or the signal was ignored when the program started, nothing is taken. For one thread at a time, but for {@link #handle}.
 */
final class EndSignal {

    /** What shells add to a signal's number for the exit code of what it has ended. */
    private static final int EXIT = 128;

    private final String name;
    private final int number;
    private volatile Runnable handler = () -> {};

    /** What was there before this was taken; null while it is not taken. */
    private @Nullable Object before;

    private EndSignal(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /** ^C. */
    static EndSignal interrupt() {
        return new EndSignal("INT", 2);
    }

    /** What kill sends, and those who manage services. */
    static EndSignal termination() {
        return new EndSignal("TERM", 15);
    }

    /** The exit code of a program that it has ended. */
    int exitCode() {
        return EXIT + number;
    }

    /** What to do when it has come, by {@link #handle}. */
    void handler(Runnable handler) {
        this.handler = handler;
    }

    /** Does what is to be done. From any thread. */
    void handle() {
        handler.run();
    }

    boolean isTaken() {
        return before != null;
    }

    /** Has the signal run something from now on, on a thread of the JVM. */
    void take(Runnable action) {
        if (before == null) {
            before = install(action);
        }
    }

    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    private @Nullable Object install(Runnable action) {
        try {
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invoked = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            };
            return replace(
                    Proxy.newProxyInstance(handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, invoked));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Puts back what was there before. */
    void restore() {
        if (before == null) {
            return;
        }
        try {
            replace(before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("it was possible before", e);
        }
        before = null;
    }

    private Object replace(Object newHandler) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        Object signal = type.getConstructor(String.class).newInstance(name);
        return type.getMethod("handle", type, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal, newHandler);
    }
}
