package dev.jmtcp.packetdrill.script;

import java.util.List;
import java.util.Optional;

/** An argument or a result of a system call. */
public sealed interface Expression {

    /** {@code ...}: anything. */
    record Ellipsis() implements Expression {}

    record Numeral(long value) implements Expression {}

    /** The name of a constant. */
    record Word(String name) implements Expression {}

    /** A string; with {@code open} it is followed by {@code ...}. */
    record Text(String value, boolean open) implements Expression {}

    /** Two operands: {@code |} and {@code =}; {@code .} for two strings, one after the other. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /** {@code [a, b]}. */
    record Listing(List<Expression> elements) implements Expression {
        public Listing {
            elements = List.copyOf(elements);
        }
    }

    /** <code>{a, b}</code>: values without names. */
    record Tuple(List<Expression> elements) implements Expression {
        public Tuple {
            elements = List.copyOf(elements);
        }
    }

    /** <code>{name=value, name=value}</code>. */
    record Struct(List<Field> fields) implements Expression {
        public Struct {
            fields = List.copyOf(fields);
        }

        /** The value of a field. */
        public Optional<Expression> field(String name) {
            return fields.stream()
                    .filter(f -> f.name().equals(name))
                    .map(Field::value)
                    .findFirst();
        }
    }

    /** A member of a structure; {@code name(size)=value} has a size. */
    record Field(String name, Optional<Expression> size, Expression value) {}

    /** {@code htons(8080)}, {@code inet_addr("192.0.2.1")}. */
    record Application(String name, List<Expression> arguments) implements Expression {
        public Application {
            arguments = List.copyOf(arguments);
        }
    }
}
