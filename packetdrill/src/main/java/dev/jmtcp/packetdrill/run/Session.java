package dev.jmtcp.packetdrill.run;

import java.util.function.LongConsumer;

/** A stack and what a script does with it: made at the first call or packet, when all settings are known. */
final class Session implements AutoCloseable {

    private final Machine machine;
    private final Conversation conversation;
    private final SystemCalls calls;

    Session(Configuration configuration, LongConsumer turner) {
        machine = new Machine(configuration, configuration.tcp().build(), turner);
        conversation = new Conversation(configuration, machine);
        calls = new SystemCalls(configuration, conversation, machine.context());
    }

    Machine machine() {
        return machine;
    }

    Conversation conversation() {
        return conversation;
    }

    SystemCalls calls() {
        return calls;
    }

    @Override
    public void close() {
        machine.close();
    }
}
