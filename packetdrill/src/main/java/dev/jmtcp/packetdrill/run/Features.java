package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.OptionSpec;
import dev.jmtcp.packetdrill.script.TcpFlags;
import dev.jmtcp.packetdrill.script.TcpSpec;
import java.util.List;

/** What a script's packets are about that the stack does not claim to have. */
final class Features {

    private Features() {}

    /** Refuses a segment of which the script makes an option or flag that the stack does not know. */
    static void require(TcpSpec segment) {
        if (segment.has(TcpFlags.AE)) {
            throw Failure.unsupported("Accurate ECN");
        }
        for (OptionSpec option : segment.options().orElse(List.of())) {
            if (option instanceof OptionSpec.Raw raw) {
                throw Failure.unsupported(
                        switch (raw.name()) {
                            case "FO", "FOEXP" -> "Fast Open";
                            case "ECN" -> "Accurate ECN";
                            default -> "MD5 signatures";
                        });
            }
        }
    }
}
