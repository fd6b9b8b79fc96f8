package dev.jmtcp.packetdrill.script;

/**
 * A line of a script.
 *
 * @param line the number of the line, from 1
 * @param time when it happens
 * @param action what happens
 */
public record Event(int line, EventTime time, Action action) {}
