package dev.jmtcp.core.driver;

/**
 * Something that was looked at for drivers and cannot be used.
 *
 * @param origin what was looked at: a jar, a folder, a class
 * @param reason one line: what is wrong with it
 */
public record DriverProblem(String origin, String reason) {}
