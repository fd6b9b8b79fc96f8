package dev.jmtcp.pcap;

import java.io.IOException;

/** A capture file is cut off, damaged, or of a kind that is not read. The message names the file and the byte at which that was found. */
public final class PcapException extends IOException {

    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;

    PcapException(String file, long offset, String problem) {
        super(file + ": at byte " + offset + ": " + problem);
        this.file = file;
        this.offset = offset;
    }

    /** The file's name. */
    public String file() {
        return file;
    }

    /** Where in the file, counted from 0, the damaged part begins. */
    public long offset() {
        return offset;
    }
}
