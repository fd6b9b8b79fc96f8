package dev.jmtcp.packetdrill.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads TCP options. */
final class OptionParser {

    private static final long MAX_32 = 0xffff_ffffL;

    private static final int MD5 = 19;
    private static final int FAST_OPEN = 34;
    private static final int EXPERIMENTAL = 254;

    /** The experiment id of Fast Open (RFC 7413 section 4.1.1). */
    private static final String FAST_OPEN_ID = "f989";

    /** The kinds of the AccECN option by its first counter (RFC 9768 section 3.2.3). */
    private static final Map<String, Integer> ACCURATE_ECN = Map.of("e0b", 172, "e1b", 174);

    private final Tokens tokens;

    OptionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The options in angle brackets, none if there are no brackets; empty for {@code <...>}. */
    Optional<List<OptionSpec>> options() throws ScriptSyntaxException {
        List<OptionSpec> list = new ArrayList<>();
        if (!tokens.skip("<")) {
            return Optional.of(list);
        }
        if (tokens.at(Token.Kind.ELLIPSIS)) {
            tokens.take();
            tokens.expect(">");
            return Optional.empty();
        }
        do {
            list.add(option());
        } while (tokens.skip(","));
        tokens.expect(">");
        return Optional.of(list);
    }

    private OptionSpec option() throws ScriptSyntaxException {
        String name = tokens.expect(Token.Kind.WORD, "a TCP option").text();
        return switch (name) {
            case "eol" -> new OptionSpec.EndOfList();
            case "nop" -> new OptionSpec.NoOperation();
            case "mss" -> new OptionSpec.MaximumSegment((int) tokens.integer("MSS", 0, 0xffff));
            case "wscale" -> new OptionSpec.WindowScale((int) tokens.integer("window scale", 0, 0xff));
            case "sackOK" -> new OptionSpec.SackPermitted();
            case "sack" -> sack();
            case "TS" -> {
                tokens.expect("val");
                long value = tokens.integer("timestamp", 0, MAX_32);
                tokens.expect("ecr");
                yield new OptionSpec.Timestamps(value, tokens.integer("timestamp", 0, MAX_32));
            }
            case "md5" ->
                tokens.skip("valid")
                        ? new OptionSpec.Raw("md5 valid", MD5, "00".repeat(16))
                        : new OptionSpec.Raw(name, MD5, hex());
            case "FO" -> new OptionSpec.Raw(name, FAST_OPEN, hex());
            case "FOEXP" -> new OptionSpec.Raw(name, EXPERIMENTAL, FAST_OPEN_ID + hex());
            case "ECN" -> accurateEcn();
            default ->
                throw new ScriptSyntaxException(tokens.lineBefore(), "'" + name + "' is no TCP option that is known");
        };
    }

    private OptionSpec sack() throws ScriptSyntaxException {
        List<OptionSpec.Block> blocks = new ArrayList<>();
        while (tokens.at(Token.Kind.INTEGER)) {
            long left = tokens.integer("sequence number", 0, MAX_32);
            tokens.expect(":");
            blocks.add(new OptionSpec.Block(left, tokens.integer("sequence number", 0, MAX_32)));
        }
        return new OptionSpec.Sack(blocks);
    }

    /** Hexadecimal digits without a prefix: they come as a word or a number, or as both. */
    private String hex() throws ScriptSyntaxException {
        var digits = new StringBuilder();
        while ((tokens.at(Token.Kind.WORD) || tokens.at(Token.Kind.INTEGER))
                && (digits.isEmpty() || tokens.adjoins())) {
            digits.append(tokens.take().text());
        }
        if (!digits.toString().matches("([0-9a-fA-F]{2})*")) {
            throw new ScriptSyntaxException(
                    tokens.lineBefore(), "'" + digits + "' are not pairs of hexadecimal digits");
        }
        return digits.toString().toLowerCase(java.util.Locale.ROOT);
    }

    private OptionSpec accurateEcn() throws ScriptSyntaxException {
        Integer kind = null;
        var content = new StringBuilder();
        while (tokens.at("e0b") || tokens.at("e1b") || tokens.at("ceb")) {
            String counter = tokens.take().text();
            if (kind == null) {
                kind = ACCURATE_ECN.get(counter);
            }
            content.append(String.format("%06x", tokens.integer("counter", 0, 0xffffff)));
        }
        if (kind == null) {
            throw tokens.unexpected("'e0b' or 'e1b'");
        }
        return new OptionSpec.Raw("ECN", kind, content.toString());
    }
}
