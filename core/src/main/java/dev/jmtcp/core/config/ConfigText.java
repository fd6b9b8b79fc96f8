package dev.jmtcp.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The lines of a configuration file, taken apart as mTCP does: {@code #} starts a comment, blanks around a line do not count, and key and value
 * are separated by any number of blanks, tabs and equals signs.
 */
final class ConfigText {

    private static final String SEPARATORS = " \t=";

    private ConfigText() {}

    /** A line that says something, without comment and blanks around it. */
    record Line(int number, String text) {}

    static List<Line> lines(String text) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            int comment = line.indexOf('#');
            String content = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!content.isEmpty()) {
                lines.add(new Line(number, content));
            }
        }
        return lines;
    }

    /**
     * The settings of a file.
     *
     * @param file its name, for messages
     * @param warnings takes messages about what has no effect
     */
    static List<Setting> settings(String file, String text, Consumer<String> warnings) {
        List<Setting> settings = new ArrayList<>();
        for (Line line : lines(text)) {
            settings.add(setting(file, line, warnings));
        }
        return settings;
    }

    private static Setting setting(String file, Line line, Consumer<String> warnings) {
        String text = line.text();
        int keyStart = skip(text, 0, true);
        int keyEnd = skip(text, keyStart, false);
        String key = text.substring(keyStart, keyEnd);
        String value = text.substring(skip(text, keyEnd, true));
        if (key.isEmpty()) {
            throw new ConfigException(file, line.number(), "", "no key", "key = value");
        }
        if (value.isEmpty()) {
            throw new ConfigException(file, line.number(), key, "no value", "key = value");
        }
        if (ConfigKeys.isMtcp(key) && !ConfigKeys.isList(key)) {
            int end = skip(value, 0, false);
            if (end < value.length()) {
                warnings.accept("%s:%d: %s: '%s' has no effect: only the first word counts"
                        .formatted(
                                file, line.number(), key, value.substring(end).strip()));
                value = value.substring(0, end);
            }
        }
        return new Setting(key, value, file, line.number());
    }

    /** The first place from {@code start} on that is no separator, or that is one. */
    private static int skip(String text, int start, boolean separators) {
        int i = start;
        while (i < text.length() && SEPARATORS.indexOf(text.charAt(i)) >= 0 == separators) {
            i++;
        }
        return i;
    }
}
