package dev.jmtcp.spi;

/**
 * An option that a driver takes from the config file.
 *
 * @param name the key after {@code <driver>.} or {@code port.<port>.}
 * @param defaultValue what holds when the key is absent, as it would be written; empty for "none"
 * @param accepted the accepted values in words, with their unit: {@code "0–1"}, {@code "a duration: 10us, 5ms, 1s"}
 * @param description one line: what it does
 */
public record DriverOption(String name, String defaultValue, String accepted, String description) {}
