package dev.jmtcp.pcap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One of the two formats of capture files, at one frame. */
abstract sealed class Format permits PcapFormat, PcapngFormat {

    static final long SECOND = 1_000_000_000;

    final Input input;
    final List<CaptureInterface> interfaces = new ArrayList<>();
    long offset;
    int length;
    long originalLength;
    long timestamp;
    int interfaceIndex;

    /** Bytes of the frame's record that are still to be passed over. */
    int pending;

    Format(Input input) {
        this.input = input;
    }

    abstract boolean next() throws IOException;
}
