package dev.jmtcp.packetdrill.code;

import java.util.Map;

/**
 * Runs the code of scripts: statements of Python, separated by semicolons and line ends, which are {@code assert}, {@code print}, assignments and
 * expressions, {@code pass} and {@code import} too, which do nothing.
 */
public final class CodeBlock {

    private final Evaluator evaluator;
    private final CodeLexer lexer;

    private CodeBlock(String text, Map<String, Object> variables) throws CodeException {
        lexer = new CodeLexer(text.replace("\\\n", " "));
        evaluator = new Evaluator(lexer, variables);
    }

    /**
     * Runs code.
     *
     * @param variables the values of names: Long, Double, Boolean or String; assignments change them
     * @throws CodeException if an assertion does not hold, or the code cannot be run
     */
    public static void run(String text, Map<String, Object> variables) throws CodeException {
        new CodeBlock(text, variables).statements();
    }

    private void statements() throws CodeException {
        while (!lexer.atEnd()) {
            if (lexer.skip(";") || lexer.skip("\n")) {
                continue;
            }
            statement();
            if (!lexer.atEnd() && !lexer.at(";") && !lexer.at("\n")) {
                throw lexer.unknown();
            }
        }
    }

    private void statement() throws CodeException {
        if (lexer.skip("assert")) {
            assertion();
        } else if (lexer.skip("pass")) {
            return;
        } else if (lexer.at("import") || lexer.at("from")) {
            while (!lexer.atEnd() && !lexer.at(";") && !lexer.at("\n")) {
                lexer.take();
            }
        } else if (lexer.atName() && lexer.nextIsAssignment()) {
            String name = lexer.take();
            String operator = lexer.take();
            evaluator.assign(name, operator, evaluator.expression());
        } else {
            evaluator.tuple();
        }
    }

    private void assertion() throws CodeException {
        int from = lexer.position();
        Object value = evaluator.expression();
        String text = lexer.textSince(from);
        String message = "";
        if (lexer.skip(",")) {
            message = " (" + evaluator.expression() + ")";
        }
        if (!Evaluator.truth(value)) {
            throw new CodeException(CodeException.Kind.ASSERTION, "does not hold: " + text.strip() + message);
        }
    }
}
