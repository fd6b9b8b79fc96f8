package dev.jmtcp.core.ip;

import dev.jmtcp.core.link.Packets;
import dev.jmtcp.core.wire.Ipv4;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts datagrams for tests. */
final class Fragmenter {

    private Fragmenter() {}

    /** The fragments of a datagram, in order, each but the last with so many payload bytes. */
    static List<byte[]> cut(
            String source, String destination, int protocol, int identification, byte[] payload, int size) {
        List<byte[]> fragments = new ArrayList<>();
        for (int at = 0; at < payload.length; at += size) {
            int end = Math.min(at + size, payload.length);
            fragments.add(piece(source, destination, protocol, identification, payload, at, end));
        }
        return fragments;
    }

    /** The fragment with some bytes of a datagram's payload. */
    static byte[] piece(
            String source, String destination, int protocol, int identification, byte[] payload, int start, int end) {
        int fragmentation = start / 8 | (end < payload.length ? Ipv4.MF : 0);
        return Packets.ipv4(
                source, destination, protocol, identification, fragmentation, Arrays.copyOfRange(payload, start, end));
    }
}
