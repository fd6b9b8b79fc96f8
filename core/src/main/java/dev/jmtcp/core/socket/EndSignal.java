package dev.jmtcp.core.socket;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Takes SIGINT. By reflection, since sun.misc.Signal, the only way there is, is not part of the Java API: where it is missing, nothing is taken. For any
 * thread.
 */
final class Interrupts {

    private Interrupts() {}

    /**
     * Has SIGINT run a handler from now on, on a thread of the JVM.
     *
     * @return what was there before, for {@link #restore}; null if SIGINT cannot be taken
     */
    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    static @Nullable Object take(Runnable handler) {
        try {
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invoked = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    handler.run();
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIGINT";
            };
            return install(
                    Proxy.newProxyInstance(handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, invoked));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** Puts back what {@link #take} has returned. */
    static void restore(Object before) {
        try {
            install(before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("it was possible before", e);
        }
    }

    private static Object install(Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Object sigint = signal.getConstructor(String.class).newInstance("INT");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, sigint, handler);
    }
}
