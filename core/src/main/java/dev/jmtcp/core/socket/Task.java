package dev.jmtcp.core.socket;

import org.jspecify.annotations.Nullable;

/** A call of another thread that never waits. */
final class Task<T extends @Nullable Object> extends Call {

    /** What is done on the stack's thread. */
    @FunctionalInterface
    interface Action {
        void run() throws MtcpException;
    }

    /** What is asked on the stack's thread. */
    @FunctionalInterface
    interface Question<T extends @Nullable Object> {
        T ask() throws MtcpException;
    }

    private final Question<T> question;
    private @Nullable T answer;

    Task(Context context, Question<T> question) {
        super(context.gate);
        this.question = question;
    }

    @Override
    long attempt() throws MtcpException {
        answer = question.ask();
        return 0;
    }

    /** What was answered, after {@link #join}. */
    @SuppressWarnings("NullAway") // null only where T is
    T answer() {
        return answer;
    }
}
