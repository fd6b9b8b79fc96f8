package dev.jmtcp.pcap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;

/** A capture file of any content, pcap or pcapng: frames that lie within what was read, or an error. */
public final class PcapFuzz {

    private PcapFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        long bytes = 0;
        try (PcapReader reader = PcapReader.of(Channels.newChannel(new ByteArrayInputStream(input)), "input")) {
            while (reader.next()) {
                int length = reader.length();
                MemorySegment frame = reader.memory().asSlice(reader.offset(), length);
                bytes += frame.byteSize();
                require(length <= PcapReader.MAXIMUM_LENGTH, "longest frame");
                require(reader.interfaceIndex() < reader.interfaces().size(), "interface");
                require(bytes <= input.length, "more frames than there were bytes");
            }
        } catch (IOException e) {
            require(e.getMessage() != null, "an error that says nothing");
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
