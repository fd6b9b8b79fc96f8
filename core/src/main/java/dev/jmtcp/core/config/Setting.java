package dev.jmtcp.core.config;

/**
 * A setting as it was written.
 *
 * @param key the key
 * @param value the value; never empty
 * @param file the file it stands in; another name for where it comes from if it stands in none
 * @param line the line in that file, from 1; 0 if there is none
 */
public record Setting(String key, String value, String file, int line) {}
