package dev.jmtcp.packetdrill;

import dev.jmtcp.packetdrill.run.Interpreter;
import dev.jmtcp.packetdrill.script.Dialect;
import dev.jmtcp.packetdrill.script.Script;
import dev.jmtcp.packetdrill.script.ScriptParser;
import dev.jmtcp.packetdrill.script.ScriptSyntaxException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Runs packetdrill scripts against a stack of their own, in virtual time: the same every time, and in milliseconds, whatever the script waits for. May
 * be called from any thread, from several at once.
 */
public final class Packetdrill {

    /** What the runners of public collections define for their scripts. */
    private static final Map<String, String> USUAL_DEFINITIONS = Map.of(
            "TFO_COOKIE", "3021b9d889017eeb",
            "TFO_COOKIE_ZERO", "b7c12350a90dc8f5",
            "CMSG_LEVEL_IP", "SOL_IP",
            "CMSG_TYPE_RECVERR", "IP_RECVERR",
            "MSS", "1460");

    private final Profile profile;
    private final Dialect dialect;

    /** Runs scripts that take a system's behaviour for granted. */
    public Packetdrill(Profile profile) {
        this(profile, Map.of());
    }

    /**
     * Runs scripts in which words stand for others.
     *
     * @param definitions a number, a word, a string in quotation marks or a command in back quotes for each word
     */
    public Packetdrill(Profile profile, Map<String, String> definitions) {
        this.profile = profile;
        var all = new HashMap<>(USUAL_DEFINITIONS);
        all.putAll(definitions);
        // FreeBSD's own deviations are not imitated: of alternatives in its scripts the standard one is expected.
        String symbol = profile == Profile.LINUX ? "Linux" : "STANDARD";
        dialect = new Dialect(all, Set.of(symbol));
    }

    /** Runs the script in a file. A script that cannot be read has failed. */
    public Outcome run(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            return new Outcome.Failed(0, "is not text in UTF-8");
        } catch (IOException e) {
            return new Outcome.Failed(0, "cannot be read: " + e);
        }
        return run(file.toString(), text);
    }

    /**
     * Runs a script.
     *
     * @param name what messages call it
     */
    public Outcome run(String name, String text) {
        Script script;
        try {
            script = ScriptParser.parse(name, text, dialect);
        } catch (ScriptSyntaxException e) {
            return new Outcome.Failed(e.line(), String.valueOf(e.getMessage()));
        }
        return Interpreter.run(script, profile);
    }
}
