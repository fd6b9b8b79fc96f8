package dev.jmtcp.apps.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** ASCII text in byte arrays, without making strings of it. */
final class Ascii {

    private Ascii() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static int lower(int character) {
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
    }

    static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    /** The value of a hexadecimal digit, or −1. */
    static int hexadecimal(int character) {
        int lower = lower(character);
        if (isDigit(lower)) {
            return lower - '0';
        }
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Whether a character may stand in a token (RFC 9110 section 5.6.2). */
    static boolean isToken(int character) {
        int lower = lower(character);
        return lower >= 'a' && lower <= 'z' || isDigit(lower) || lower > 0 && "!#$%&'*+-.^_`|~".indexOf(lower) >= 0;
    }

    static boolean isBlank(int character) {
        return character == ' ' || character == '\t';
    }

    /** Whether a part of an array is this word, in lower case, whatever the part's case. */
    static boolean equalsIgnoreCase(byte[] text, int from, int to, byte[] word) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (lower(text[from + i]) != word[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The number that a part of an array is.
     *
     * @return the number, {@link Long#MAX_VALUE} for one too large, −1 for what is none
     */
    static long number(byte[] text, int from, int to) {
        if (from >= to) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(text[i])) {
                return -1;
            }
            int digit = text[i] - '0';
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : 10 * number + digit;
        }
        return number;
    }

    /** Writes a number that is not negative. */
    static void put(ByteBuffer out, long number) {
        long divisor = 1;
        while (number / divisor >= 10) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            out.put((byte) ('0' + number / divisor % 10));
        }
    }
}
