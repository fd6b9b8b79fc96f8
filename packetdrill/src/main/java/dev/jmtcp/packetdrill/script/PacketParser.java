package dev.jmtcp.packetdrill.script;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads packets. */
final class PacketParser {

    private static final long MAX_32 = 0xffff_ffffL;

    private final Tokens tokens;
    private final OptionParser options;

    PacketParser(Tokens tokens) {
        this.tokens = tokens;
        options = new OptionParser(tokens);
    }

    Action packet() throws ScriptSyntaxException {
        Direction direction = tokens.take().is("<") ? Direction.INBOUND : Direction.OUTBOUND;
        Optional<String> wrapping = wrapping();
        if (tokens.at("[") && tokens.peek(1).kind() != Token.Kind.WORD) {
            return oldIcmp(direction);
        }
        IpSpec ip = ip();
        if (tokens.at("icmp")) {
            tokens.take();
            return icmp(direction, ip);
        }
        if (tokens.at("udp") || tokens.at("udplite") || tokens.at("sctp")) {
            return other(direction, tokens.take().text());
        }
        if (tokens.at("encap")) {
            tokens.take();
            wrapping = Optional.of(tokens.take().text());
            if (tokens.skip("spi")) {
                tokens.integer("SPI", 0, MAX_32);
            }
            skipParentheses();
        }
        return new Action.Tcp(tcp(direction, wrapping, ip));
    }

    /** Outer headers: {@code ipv4 1.2.3.4 > 5.6.7.8:}, {@code gre:}, {@code mpls (label 0, ...):}. */
    private Optional<String> wrapping() throws ScriptSyntaxException {
        var outer = new StringBuilder();
        while (tokens.at("ipv4") || tokens.at("ipv6") || tokens.at("gre") || tokens.at("GREv0") || tokens.at("mpls")) {
            outer.append(tokens.take().text()).append(' ');
            int depth = 0;
            while (depth > 0 || !tokens.at(":")) {
                Token token = tokens.take();
                if (token.kind() == Token.Kind.END) {
                    throw tokens.unexpected("':' after an outer header");
                }
                depth += token.is("(") || token.is("[") ? 1 : token.is(")") || token.is("]") ? -1 : 0;
            }
            tokens.expect(":");
        }
        return outer.isEmpty() ? Optional.empty() : Optional.of(outer.toString().strip());
    }

    private IpSpec ip() throws ScriptSyntaxException {
        String closing = tokens.skip("[") ? "]" : tokens.skip("(") ? ")" : null;
        if (closing == null) {
            return IpSpec.NONE;
        }
        IpSpec ip = IpSpec.NONE;
        do {
            String word = tokens.expect(Token.Kind.WORD, "a property of the IP header")
                    .text();
            ip = switch (word) {
                case "noecn", "ect0", "ect1", "ce", "ect01" ->
                    new IpSpec(word, ip.trafficClass(), ip.hopLimit(), ip.flowLabel());
                case "tos", "class" -> new IpSpec(ip.ecn(), number("TOS", 0xff), ip.hopLimit(), ip.flowLabel());
                case "ttl", "hlim" -> new IpSpec(ip.ecn(), ip.trafficClass(), number("TTL", 0xff), ip.flowLabel());
                case "flowlabel" ->
                    new IpSpec(ip.ecn(), ip.trafficClass(), ip.hopLimit(), number("flow label", 0xfffff));
                default ->
                    throw new ScriptSyntaxException(
                            tokens.lineBefore(), "'" + word + "' is no property of the IP header");
            };
        } while (tokens.skip(",") || tokens.at(Token.Kind.WORD));
        tokens.expect(closing);
        return ip;
    }

    private OptionalInt number(String what, int maximum) throws ScriptSyntaxException {
        return OptionalInt.of((int) tokens.integer(what, 0, maximum));
    }

    /** ICMP with the segment that it is about first, as early scripts have it: {@code [1:1461(1460)] icmp ...}. */
    private Action oldIcmp(Direction direction) throws ScriptSyntaxException {
        tokens.expect("[");
        SequenceSpec echoed = sequence(MAX_32);
        tokens.expect("]");
        tokens.expect("icmp");
        Action.Icmp message = icmp(direction, IpSpec.NONE);
        return new Action.Icmp(
                direction,
                IpSpec.NONE,
                message.type(),
                message.code(),
                message.mtu(),
                message.quoted(),
                Optional.of(echoed));
    }

    private Action.Icmp icmp(Direction direction, IpSpec ip) throws ScriptSyntaxException {
        String type = tokens.expect(Token.Kind.WORD, "an ICMP type").text();
        Optional<String> code = Optional.empty();
        OptionalLong mtu = OptionalLong.empty();
        if (tokens.at(Token.Kind.WORD) && !tokens.at("mtu") && !tokens.at("id")) {
            code = Optional.of(tokens.take().text());
        }
        if (tokens.skip("mtu")) {
            mtu = OptionalLong.of(tokens.integer("MTU", 0, MAX_32));
        }
        if (tokens.skip("id")) {
            tokens.integer("echo id", 0, 0xffff);
        }
        Optional<SequenceSpec> echoed = Optional.empty();
        String quoted = "tcp";
        if (tokens.skip("[")) {
            if (tokens.at(Token.Kind.WORD)) {
                quoted = tokens.take().text();
            }
            if (quoted.equals("tcp")) {
                echoed = Optional.of(sequence(MAX_32));
            }
            skipTo("]");
        }
        return new Action.Icmp(direction, ip, type, code, mtu, quoted, echoed);
    }

    private void skipTo(String closing) throws ScriptSyntaxException {
        while (!tokens.skip(closing)) {
            if (tokens.take().kind() == Token.Kind.END) {
                throw tokens.unexpected("'" + closing + "'");
            }
        }
    }

    /** A packet of a protocol that is not read: up to the next event. */
    private Action other(Direction direction, String protocol) throws ScriptSyntaxException {
        int depth = 0;
        while (!tokens.at(Token.Kind.END)) {
            boolean first = tokens.peek().line() != tokens.lineBefore();
            if (depth == 0 && first && !tokens.at("<") && !tokens.at("(") && !tokens.at(".")) {
                break;
            }
            Token token = tokens.take();
            depth += token.is("(") || token.is("[") || token.is("{") ? 1 : 0;
            depth -= token.is(")") || token.is("]") || token.is("}") ? 1 : 0;
        }
        return new Action.OtherPacket(direction, protocol);
    }

    private TcpSpec tcp(Direction direction, Optional<String> wrapping, IpSpec ip) throws ScriptSyntaxException {
        Optional<TcpSpec.Ports> ports = Optional.empty();
        if (tokens.at(Token.Kind.INTEGER) && tokens.peek(1).is(">")) {
            int source = (int) tokens.integer("port", 0, 0xffff);
            tokens.expect(">");
            ports = Optional.of(new TcpSpec.Ports(source, (int) tokens.integer("port", 0, 0xffff)));
        }
        int flags = flags();
        SequenceSpec sequence = sequence(0xffff);
        OptionalLong ack =
                tokens.skip("ack") ? OptionalLong.of(tokens.integer("ack", 0, MAX_32)) : OptionalLong.empty();
        OptionalInt window =
                tokens.skip("win") ? OptionalInt.of((int) tokens.integer("window", 0, 0xffff)) : OptionalInt.empty();
        OptionalInt urgent = tokens.skip("urg")
                ? OptionalInt.of((int) tokens.integer("urgent pointer", 0, 0xffff))
                : OptionalInt.empty();
        int line = tokens.peek().line();
        var list = options.options();
        if (list.isEmpty() && direction == Direction.INBOUND) {
            throw new ScriptSyntaxException(line, "<...> is for outbound packets only");
        }
        Optional<String> wrapped = wrapping;
        if (tokens.skip("/")) {
            wrapped = Optional.of(tokens.expect(Token.Kind.WORD, "what the segment is wrapped into")
                    .text());
            skipParentheses();
        }
        return new TcpSpec(direction, ip, ports, flags, sequence, ack, window, urgent, list, wrapped);
    }

    private void skipParentheses() throws ScriptSyntaxException {
        if (tokens.skip("(")) {
            skipTo(")");
        }
    }

    /** {@code S.}, {@code FP.}, {@code -}, or with a value of the ACE counter: {@code P.5}. */
    private int flags() throws ScriptSyntaxException {
        int flags = 0;
        boolean any = false;
        while (!any || tokens.adjoins() || tokens.at(".")) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case WORD -> {
                    for (char letter : token.text().toCharArray()) {
                        int flag = TcpFlags.of(letter);
                        if (flag < 0) {
                            throw tokens.unexpected("TCP flags");
                        }
                        flags |= flag;
                    }
                }
                case DECIMAL -> {
                    if (!token.text().matches("\\.[0-7]")) {
                        throw tokens.unexpected("TCP flags");
                    }
                    flags |= TcpFlags.ACK | TcpFlags.counter(token.text().charAt(1) - '0');
                }
                case SYMBOL -> {
                    if (token.is(".")) {
                        flags |= TcpFlags.ACK;
                    } else if (!token.is("-")) {
                        throw tokens.unexpected("TCP flags");
                    }
                }
                default -> throw tokens.unexpected("TCP flags");
            }
            tokens.take();
            any = true;
        }
        return flags;
    }

    private SequenceSpec sequence(long longest) throws ScriptSyntaxException {
        int line = tokens.peek().line();
        if (tokens.at(Token.Kind.ELLIPSIS)) {
            tokens.take();
            return new SequenceSpec(SequenceSpec.Origin.ANY, 0, length(longest));
        }
        long start = tokens.integer("sequence number", 0, MAX_32);
        tokens.expect(":");
        long end = tokens.integer("sequence number", 0, MAX_32);
        int length = length(longest);
        if (end != (start + length & MAX_32)) {
            throw new ScriptSyntaxException(
                    line,
                    start + ":" + end + "(" + length + ") contradicts itself: " + start + " + " + length + " = "
                            + (start + length & MAX_32));
        }
        boolean absolute = tokens.skip("!");
        return new SequenceSpec(absolute ? SequenceSpec.Origin.ZERO : SequenceSpec.Origin.INITIAL, start, length);
    }

    private int length(long longest) throws ScriptSyntaxException {
        tokens.expect("(");
        int length = (int) tokens.integer("length", 0, longest);
        tokens.expect(")");
        return length;
    }
}
