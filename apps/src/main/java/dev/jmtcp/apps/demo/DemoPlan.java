package dev.jmtcp.apps.demo;

import dev.jmtcp.driver.sim.Impairments;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a demo is to do.
 *
 * @param connections how many connections, each with one request
 * @param concurrency how many of them at most at a time
 * @param fileSize the bytes of the file that each fetches
 * @param seed where all chance comes from
 * @param impairments what the wire does to frames, each way
 * @param capture the file to record frames in
 * @param captureBytes how large that file may become
 * @param durationLimit the longest time that it may take, in nanoseconds of real time
 * @param damaged whether the file that is served has one bit wrong, so that the demo must fail
 */
public record DemoPlan(
        int connections,
        int concurrency,
        long fileSize,
        long seed,
        Impairments impairments,
        Optional<Path> capture,
        long captureBytes,
        long durationLimit,
        boolean damaged) {}
