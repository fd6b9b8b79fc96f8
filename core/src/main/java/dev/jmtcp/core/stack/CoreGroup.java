package dev.jmtcp.core.stack;

import dev.jmtcp.core.link.Siblings;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The stacks of several cores on the same ports, which pass each other the few frames that concern all of them (ARP, ICMP errors, fragments of
 * TCP). Any thread; a frame passed on costs an allocation, but such frames are rare, and at most {@value #CAPACITY} wait for a core: more are dropped
 * and counted.
 */
public final class CoreGroup {

    private static final int CAPACITY = 256;

    /** A frame on its way to another core. */
    record Mail(int port, byte[] frame) {}

    /** One core's place in the group. */
    final class Member implements Siblings {
        final MpscVarHandleArrayQueue<Mail> inbox = new MpscVarHandleArrayQueue<>(CAPACITY);
        private final Runnable wakeup;

        Member(Runnable wakeup) {
            this.wakeup = wakeup;
        }

        @Override
        public void tell(int port, MemorySegment memory, long offset, int length) {
            if (members.size() < 2) {
                return;
            }
            var frame = new byte[length];
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, frame, 0, length);
            var mail = new Mail(port, frame);
            for (Member member : members) {
                if (member != this) {
                    if (member.inbox.offer(mail)) {
                        member.wakeup.run();
                    } else {
                        dropped.incrementAndGet();
                    }
                }
            }
        }

        boolean isFirst() {
            return members.getFirst() == this;
        }

        void leave() {
            members.remove(this);
        }
    }

    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final AtomicLong dropped = new AtomicLong();

    Member join(Runnable wakeup) {
        var member = new Member(wakeup);
        members.add(member);
        return member;
    }

    /** Frames not passed on because a core did not keep up. */
    public long dropped() {
        return dropped.get();
    }
}
