package dev.jmtcp.core.config;

/**
 * A setting cannot be used. The message reads {@code file:line: key: problem; expected …}, without the parts that do not apply: a setting that
 * a program made has no line, a file that cannot be read has no key.
 */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String file;
    private final int line;
    private final String key;
    private final String problem;
    private final String expected;

    /**
     * @param file the file, or what else the setting came from; may be empty
     * @param line the line in it, from 1; 0 if there is none
     * @param key the key as written; may be empty
     * @param problem what is wrong, in words
     * @param expected what would be right, in words; may be empty
     */
    public ConfigException(String file, int line, String key, String problem, String expected) {
        super(message(file, line, key, problem, expected));
        this.file = file;
        this.line = line;
        this.key = key;
        this.problem = problem;
        this.expected = expected;
    }

    /** The problem with a setting. */
    public static ConfigException of(Setting setting, String problem, String expected) {
        return new ConfigException(setting.file(), setting.line(), setting.key(), problem, expected);
    }

    public String file() {
        return file;
    }

    /** The line, from 1; 0 if there is none. */
    public int line() {
        return line;
    }

    public String key() {
        return key;
    }

    public String problem() {
        return problem;
    }

    public String expected() {
        return expected;
    }

    private static String message(String file, int line, String key, String problem, String expected) {
        var text = new StringBuilder();
        if (!file.isEmpty()) {
            text.append(file);
            if (line > 0) {
                text.append(':').append(line);
            }
            text.append(": ");
        }
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        text.append(problem);
        if (!expected.isEmpty()) {
            text.append("; expected ").append(expected);
        }
        return text.toString();
    }
}
