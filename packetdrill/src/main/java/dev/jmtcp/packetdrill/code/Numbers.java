package dev.jmtcp.packetdrill.code;

import java.util.List;

/** Arithmetic of code: integers unless a fraction takes part; texts are put together and filled in. */
final class Numbers {

    private Numbers() {}

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static int compare(Object a, Object b) throws CodeException {
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        return a instanceof Double || b instanceof Double
                ? Double.compare(decimal(a), decimal(b))
                : Long.compare(integer(a), integer(b));
    }

    static long integer(Object value) throws CodeException {
        return switch (value) {
            case Long number -> number;
            case Double number -> number.longValue();
            case Boolean flag -> flag ? 1 : 0;
            default -> throw notNumber(value);
        };
    }

    private static double decimal(Object value) throws CodeException {
        return value instanceof Double number ? number : integer(value);
    }

    private static CodeException notNumber(Object value) {
        return new CodeException(CodeException.Kind.UNKNOWN_LANGUAGE, "arithmetic with '" + value + "'");
    }

    static Object binary(String operator, Object a, Object b) throws CodeException {
        if (a instanceof String text) {
            return switch (operator) {
                case "%" -> format(text, b);
                case "+" -> text + b;
                default -> throw notNumber(a);
            };
        }
        boolean fraction = a instanceof Double || b instanceof Double || operator.equals("/");
        if ("/ // %".contains(operator) && decimal(b) == 0) {
            throw new CodeException(CodeException.Kind.ASSERTION, "division by zero");
        }
        if (fraction) {
            double x = decimal(a);
            double y = decimal(b);
            return switch (operator) {
                case "+" -> x + y;
                case "-" -> x - y;
                case "*" -> x * y;
                case "/" -> x / y;
                case "//" -> Math.floor(x / y);
                case "%" -> x - y * Math.floor(x / y);
                default -> throw notNumber(a);
            };
        }
        long x = integer(a);
        long y = integer(b);
        return switch (operator) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "//" -> Math.floorDiv(x, y);
            case "%" -> Math.floorMod(x, y);
            case "&" -> x & y;
            case "|" -> x | y;
            case "^" -> x ^ y;
            case "<<" -> x << y;
            case ">>" -> x >> y;
            default -> throw notNumber(a);
        };
    }

    /** {@code 'cwnd=%d rtt=%d' % (cwnd, rtt)}: each conversion takes the next value. */
    private static String format(String text, Object values) {
        List<?> list = values instanceof List<?> several ? several : List.of(values);
        String result = text;
        for (Object value : list) {
            result = result.replaceFirst(
                    "%[-0-9.]*[a-z]", java.util.regex.Matcher.quoteReplacement(String.valueOf(value)));
        }
        return result;
    }
}
