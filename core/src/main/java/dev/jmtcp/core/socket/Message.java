package dev.jmtcp.core.socket;

/** What other threads send to a stack's thread: see {@link Mailbox}. */
abstract class Message {

    /** Does what it asks for; on the stack's thread. Throws nothing. */
    abstract void run();

    /** The context is closed: nobody will ever run this. */
    abstract void refuse();
}
