package dev.jmtcp.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the word that was probably meant. */
public final class Nearest {

    private static final int SUGGESTIONS = 3;

    private Nearest() {}

    /**
     * What was expected instead of a word: {@code one of …}, the known words nearest to it first and alone if any is near, else all of them.
     */
    public static String oneOf(String word, Collection<String> known) {
        if (known.isEmpty()) {
            return "nothing: there are none";
        }
        int near = Math.max(2, word.length() / 3);
        List<String> suggestions = known.stream()
                .filter(candidate -> distance(word, candidate) <= near)
                .sorted(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SUGGESTIONS)
                .toList();
        return switch (suggestions.size()) {
            case 0 -> "one of " + String.join(", ", known.stream().sorted().toList());
            case 1 -> suggestions.getFirst();
            default -> "one of " + String.join(", ", suggestions);
        };
    }

    /** How many characters must be inserted, deleted, replaced or swapped with the next to make one word of the other. */
    static int distance(String one, String other) {
        var rows = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                int cost = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int least = Math.min(rows[i - 1][j - 1] + cost, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    least = Math.min(least, rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = least;
            }
        }
        return rows[one.length()][other.length()];
    }
}
