package dev.jmtcp.bench.race;

/**
 * One run of one contestant.
 *
 * @param jvm what the JVM's own threads took in that time
 */
public record Sample(Work work, JvmThreads.Times jvm) {}
