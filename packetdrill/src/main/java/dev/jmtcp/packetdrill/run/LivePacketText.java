package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.TcpSpec;
import org.jspecify.annotations.Nullable;

/** What is said of an expected segment that did not come. */
record LivePacketText(TcpSpec expected) {

    /** What has gone wrong, what was expected, and what was seen. */
    String explain(Failure problem, @Nullable LivePacket actual, Clock time) {
        String wanted = "\n    expected  " + expected + " at " + time;
        String message = String.valueOf(problem.getMessage());
        boolean seen = !message.startsWith("nothing") && !message.startsWith("the stack sent");
        String found = actual == null || !seen
                ? ""
                : "\n    actual    " + actual + " at " + Clock.seconds(actual.time() - Machine.START);
        return message + wanted + found;
    }
}
