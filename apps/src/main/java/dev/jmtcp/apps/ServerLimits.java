package dev.jmtcp.apps;

import dev.jmtcp.apps.files.FileStore;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How far epserver goes.
 *
 * @param cachedBytes the most bytes of files kept in memory
 * @param cachedFile the size of the largest file kept in memory
 * @param openFiles the most larger files kept open
 * @param drainNanos how long transfers may go on after the first ^C, in nanoseconds
 */
record ServerLimits(long cachedBytes, int cachedFile, int openFiles, long drainNanos) {

    static final ServerLimits DEFAULT = new ServerLimits(512L << 20, 64 << 20, 256, 5_000_000_000L);

    /** The files of a folder. */
    FileStore open(Path folder) throws IOException {
        return new FileStore(folder, cachedBytes, cachedFile, openFiles);
    }
}
