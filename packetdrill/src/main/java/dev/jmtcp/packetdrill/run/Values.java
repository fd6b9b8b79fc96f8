package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.Expression;
import java.util.List;

/** What the arguments of calls mean. */
final class Values {

    private Values() {}

    /** A number, or several combined by {@code |}. */
    static long number(Expression expression) {
        return switch (expression) {
            case Expression.Numeral(long value) -> value;
            case Expression.Word(String name) -> Constants.of(name);
            case Expression.Binary(String operator, Expression left, Expression right)
            when operator.equals("|") -> number(left) | number(right);
            case Expression.Listing(List<Expression> elements) when elements.size() == 1 -> number(elements.get(0));
            case Expression.Application(String name, List<Expression> arguments)
            when name.equals("htons") && arguments.size() == 1 -> number(arguments.get(0));
            default -> throw Failure.unsupported("an argument where a number is needed: " + show(expression));
        };
    }

    static int integer(Expression expression) {
        return (int) number(expression);
    }

    static boolean isAny(Expression expression) {
        return expression instanceof Expression.Ellipsis
                || expression instanceof Expression.Listing(List<Expression> elements)
                        && elements.size() == 1
                        && isAny(elements.get(0));
    }

    /** The name of an option or a command. */
    static String word(Expression expression) {
        if (expression instanceof Expression.Word(String name)) {
            return name;
        }
        throw Failure.unsupported("an argument where a name is needed: " + show(expression));
    }

    /** An expression in a message. */
    static String show(Expression expression) {
        return switch (expression) {
            case Expression.Ellipsis _ -> "...";
            case Expression.Numeral(long value) -> Long.toString(value);
            case Expression.Word(String name) -> name;
            case Expression.Text(String value, boolean open) -> '"' + value + '"' + (open ? "..." : "");
            case Expression.Binary(String operator, Expression left, Expression right) ->
                show(left) + operator + show(right);
            case Expression.Listing(List<Expression> elements) -> "[" + show(elements) + "]";
            case Expression.Tuple(List<Expression> elements) -> "{" + show(elements) + "}";
            case Expression.Struct struct ->
                "{"
                        + String.join(
                                ", ",
                                struct.fields().stream()
                                        .map(field -> field.name() + "=" + show(field.value()))
                                        .toList())
                        + "}";
            case Expression.Application(String name, List<Expression> arguments) -> name + "(" + show(arguments) + ")";
        };
    }

    private static String show(List<Expression> elements) {
        return String.join(", ", elements.stream().map(Values::show).toList());
    }
}
