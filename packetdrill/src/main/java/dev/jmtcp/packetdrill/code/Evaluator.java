package dev.jmtcp.packetdrill.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Evaluates expressions as Python does. Integers are 64 bits. */
final class Evaluator {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final CodeLexer lexer;
    private final Map<String, Object> variables;

    Evaluator(CodeLexer lexer, Map<String, Object> variables) {
        this.lexer = lexer;
        this.variables = variables;
    }

    void assign(String name, String operator, Object value) throws CodeException {
        variables.put(
                name,
                operator.equals("=")
                        ? value
                        : Numbers.binary(operator.substring(0, operator.length() - 1), variable(name), value));
    }

    private Object variable(String name) throws CodeException {
        Object value = variables.get(name);
        if (value == null) {
            throw new CodeException(CodeException.Kind.UNKNOWN_NAME, name);
        }
        return value;
    }

    static boolean truth(Object value) {
        return switch (value) {
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            default -> true;
        };
    }

    /** An expression, or several with commas between. */
    Object tuple() throws CodeException {
        Object first = expression();
        if (!lexer.at(",")) {
            return first;
        }
        List<Object> elements = new ArrayList<>(List.of(first));
        while (lexer.skip(",")) {
            elements.add(expression());
        }
        return elements;
    }

    Object expression() throws CodeException {
        Object value = conjunction();
        while (lexer.skip("or")) {
            Object right = conjunction();
            value = truth(value) ? value : right;
        }
        return value;
    }

    private Object conjunction() throws CodeException {
        Object value = negation();
        while (lexer.skip("and")) {
            Object right = negation();
            value = truth(value) ? right : value;
        }
        return value;
    }

    private Object negation() throws CodeException {
        return lexer.skip("not") ? !truth(negation()) : comparison();
    }

    /** A chain: {@code a <= b < c} holds if both do. */
    private Object comparison() throws CodeException {
        Object left = level(0);
        if (!COMPARISONS.contains(lexer.peek())) {
            return left;
        }
        boolean holds = true;
        while (COMPARISONS.contains(lexer.peek())) {
            String operator = lexer.take();
            Object right = level(0);
            holds &= compare(operator, left, right);
            left = right;
        }
        return holds;
    }

    private static boolean compare(String operator, Object a, Object b) throws CodeException {
        if (operator.equals("==") || operator.equals("!=")) {
            boolean equal =
                    Numbers.isNumber(a) && Numbers.isNumber(b) ? Numbers.compare(a, b) == 0 : Objects.equals(a, b);
            return equal == operator.equals("==");
        }
        int order = Numbers.compare(a, b);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /** Operators by precedence, the weakest first. */
    private static final List<Set<String>> LEVELS = List.of(
            Set.of("|"), Set.of("^"), Set.of("&"), Set.of("<<", ">>"), Set.of("+", "-"), Set.of("*", "/", "//", "%"));

    private Object level(int level) throws CodeException {
        if (level == LEVELS.size()) {
            return unary();
        }
        Object left = level(level + 1);
        while (LEVELS.get(level).contains(lexer.peek())) {
            String operator = lexer.take();
            Object right = level(level + 1);
            left = Numbers.binary(operator, left, right);
        }
        return left;
    }

    private Object unary() throws CodeException {
        if (lexer.skip("-")) {
            return Numbers.binary("-", 0L, unary());
        }
        if (lexer.skip("~")) {
            return Numbers.binary("-", -1L, unary());
        }
        return lexer.skip("+") ? unary() : primary();
    }

    private Object primary() throws CodeException {
        if (lexer.skip("(")) {
            if (lexer.skip(")")) {
                return List.of();
            }
            Object value = tuple();
            expect(")");
            return value;
        }
        String word = lexer.peek();
        if (word.isEmpty() || (!Character.isLetterOrDigit(word.charAt(0)) && !"_'\".".contains(word.substring(0, 1)))) {
            throw lexer.unknown();
        }
        lexer.take();
        char first = word.charAt(0);
        if (first == '\'' || first == '"') {
            return word.substring(1, word.length() - 1);
        }
        if (Character.isDigit(first) || first == '.') {
            return number(word);
        }
        return switch (word) {
            case "True" -> true;
            case "False" -> false;
            default -> lexer.skip("(") ? function(word) : variable(word);
        };
    }

    private static Object number(String word) {
        if (word.contains(".")) {
            return Double.valueOf(word);
        }
        return word.startsWith("0x") || word.startsWith("0X")
                ? Long.parseLong(word.substring(2), 16)
                : Long.valueOf(word);
    }

    private Object function(String name) throws CodeException {
        List<Object> arguments = new ArrayList<>();
        while (!lexer.skip(")")) {
            arguments.add(expression());
            if (!lexer.at(")")) {
                expect(",");
            }
        }
        if (name.equals("print")) {
            return 0L;
        }
        if (arguments.isEmpty()) {
            throw new CodeException(CodeException.Kind.UNKNOWN_LANGUAGE, "the function " + name);
        }
        Object first = arguments.get(0);
        return switch (name) {
            case "abs" -> Numbers.compare(first, 0L) < 0 ? Numbers.binary("-", 0L, first) : first;
            case "int" -> Numbers.integer(first);
            case "str" -> String.valueOf(first);
            case "min" -> extreme(arguments, -1);
            case "max" -> extreme(arguments, 1);
            default -> throw new CodeException(CodeException.Kind.UNKNOWN_LANGUAGE, "the function " + name);
        };
    }

    /** The largest of some values, or with a sign of −1 the smallest. */
    private static Object extreme(List<Object> values, int sign) throws CodeException {
        Object result = values.get(0);
        for (Object other : values) {
            if (sign * Numbers.compare(other, result) > 0) {
                result = other;
            }
        }
        return result;
    }

    private void expect(String word) throws CodeException {
        if (!lexer.skip(word)) {
            throw lexer.unknown();
        }
    }
}
