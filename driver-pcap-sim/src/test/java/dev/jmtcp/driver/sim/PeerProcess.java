package dev.jmtcp.driver.sim;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The other process of ProcessesTest: sends every frame back, to whom its number says, until it is killed or its input ends. Its
 * first line of output is its hardware address.
 */
final class PeerProcess {

    private PeerProcess() {}

    /**
     * {@code file port-name mode}, of which the mode is {@code echo}; or {@code hold}, receive one burst and never give it back; or {@code exit}, as
     * echo, but end without closing.
     */
    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().start(PeerProcess::exitWithInput);
        var config = WireConfig.DEFAULT.withRing(64).withPlaces(4);
        Wire wire = Wire.ofFile(Path.of(arguments[0]), config);
        SimPacketIo io = wire.open(arguments[1], System::nanoTime);
        if (!arguments[2].equals("exit")) {
            Runtime.getRuntime().addShutdownHook(new Thread(io::close));
        }
        System.out.println(io.port().mac());
        PacketQueue queue = io.queue(0);
        var burst = new FrameBurst(16);
        boolean hold = arguments[2].equals("hold");
        while (true) {
            queue.await(TimeUnit.MILLISECONDS.toNanos(20));
            if (hold) {
                Frames.put(queue, 0, MacAddress.BROADCAST, 0, 60);
                queue.flush();
                if (queue.receive(0, burst) > 0) {
                    System.out.println("holding");
                    Thread.sleep(TimeUnit.HOURS.toMillis(1));
                }
            } else {
                echo(queue, burst);
            }
        }
    }

    private static void echo(PacketQueue queue, FrameBurst burst) {
        queue.receive(0, burst);
        for (int i = 0; i < burst.count(); i++) {
            var back = new MacAddress(Frames.source(burst, i));
            while (!Frames.put(queue, 0, back, Frames.number(burst, i), burst.length(i))) {
                queue.flush();
            }
        }
        queue.flush();
    }

    private static void exitWithInput() {
        try {
            while (System.in.read() >= 0) {
                // until the parent is gone
            }
        } catch (IOException _) {
            // it is gone
        }
        System.exit(0);
    }

    static Process start(Path file, String port, String mode, Path errors) throws IOException {
        Path classes = directory(PcapSimProvider.class);
        List<String> path = new ArrayList<>();
        path.add(classes.toString());
        path.add(classes.resolveSibling("test-classes").toString());
        path.add(directory(PacketQueue.class).toString());
        path.add(directory(dev.jmtcp.pcap.PcapReader.class).toString());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        String.join(System.getProperty("path.separator"), path),
                        PeerProcess.class.getName(),
                        file.toString(),
                        port,
                        mode)
                .redirectError(errors.toFile())
                .start();
    }

    private static Path directory(Class<?> type) {
        return Path.of(java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
