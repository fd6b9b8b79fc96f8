package dev.jmtcp.bench.race;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the applications at both ends count. Belongs to the thread that they run on. */
public final class Tally {

    private static final int PROBLEMS_KEPT = 5;

    /** Connections, as the client and as the server have them. */
    public long connected;

    public long accepted;

    /** Answers that have come back complete. */
    public long transactions;

    /** Connections of which the client has read the end. */
    public long ended;

    /** Bytes that were handed to the stack, and that came out at the other end, or came back. */
    public long sent;

    public long received;

    private long wrong;
    private long failed;
    private final List<String> problems = new ArrayList<>();

    /** Bytes were not those that were sent. */
    public void wrong(String what) {
        wrong++;
        note("wrong bytes: " + what);
    }

    /** A connection has failed. */
    public void failed(String what) {
        failed++;
        note("failed: " + what);
    }

    /** Something else is not as it should be. */
    public void note(String problem) {
        if (problems.size() < PROBLEMS_KEPT) {
            problems.add(problem);
        }
    }

    /** Two counts that must be the same. */
    public void expect(String what, long count, long wanted) {
        if (count != wanted) {
            note(what + ": " + count + ", should be " + wanted);
        }
    }

    /** Counts what was counted elsewhere, too. */
    public void add(Tally other) {
        connected += other.connected;
        accepted += other.accepted;
        transactions += other.transactions;
        ended += other.ended;
        sent += other.sent;
        received += other.received;
        wrong += other.wrong;
        failed += other.failed;
        other.problems.forEach(this::note);
    }

    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** All counts by name, in order. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("connected", connected);
        counts.put("accepted", accepted);
        counts.put("answers", transactions);
        counts.put("ends read", ended);
        counts.put("bytes sent", sent);
        counts.put("bytes verified", received);
        counts.put("wrong", wrong);
        counts.put("failed", failed);
        return counts;
    }
}
