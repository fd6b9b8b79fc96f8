package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jmtcp.spi.MacAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A network card as the engine lists it.
 *
 * @param name the kernel's name of it, too
 * @param ifindex its number in the engine, from 0; not the kernel's
 */
record Device(String name, MacAddress mac, int ifindex, int rxQueues, int txQueues) {

    /** Asks the engine for its devices. */
    static List<Device> list() throws CallFailedException {
        try (Arena arena = Arena.ofConfined();
                var handle = Handle.open()) {
            MemorySegment listed = arena.allocate((long) Ps.LISTED * Ps.MAX_DEVICES, 8);
            int count = handle.call("LIST_DEVICES", Ps.LIST_DEVICES, listed);
            var devices = new ArrayList<Device>();
            for (int i = 0; i < Math.min(count, Ps.MAX_DEVICES); i++) {
                devices.add(read(listed.asSlice((long) i * Ps.LISTED, Ps.LISTED)));
            }
            return devices;
        }
    }

    private static Device read(MemorySegment listed) {
        byte[] text = listed.asSlice(Ps.LISTED_NAME, Ps.LISTED_NAME_LENGTH).toArray(JAVA_BYTE);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        long mac = 0;
        for (int i = 0; i < 6; i++) {
            mac = mac << 8 | listed.get(JAVA_BYTE, Ps.LISTED_MAC + i) & 0xff;
        }
        return new Device(
                new String(text, 0, length, StandardCharsets.US_ASCII),
                new MacAddress(mac),
                listed.get(JAVA_INT, Ps.LISTED_IFINDEX),
                listed.get(JAVA_INT, Ps.LISTED_RX_QUEUES),
                listed.get(JAVA_INT, Ps.LISTED_TX_QUEUES));
    }
}
