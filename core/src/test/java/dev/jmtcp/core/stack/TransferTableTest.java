package dev.jmtcp.core.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.driver.sim.Impairments;
import dev.jmtcp.spi.PacketIoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * How long downloads take over loss, round trip, buffer and reordering, in virtual time: {@code docs/transfers.txt}. Whatever changes what TCP sends changes
 * that file, and its difference shows whether for the better. Run with {@code -Djmtcp.docs=write}, this writes the file instead of checking it.
 */
class TransferTableTest {

    private static final Path FILE =
            Path.of("..", "docs", "transfers.txt").toAbsolutePath().normalize();

    private static final double MEGABIT = 1e6;
    private static final double BANDWIDTH = 50 * MEGABIT;
    private static final double[] LOSSES = {0, 0.005, 0.02, 0.05};
    private static final double[] ROUND_TRIPS = {0.2, 20, 100};
    private static final int[] QUEUES = {25, 250};
    private static final double[] REORDERINGS = {0, 0.05};

    private static final int BULK_RUNS = 4;
    private static final long BULK_BYTES = 2_000_000;

    private static final int SHORT_RUNS = 300;
    private static final long[] SHORT_BYTES = {3_000, 30_000};

    private static final TcpSettings SETTINGS = TcpSettings.DEFAULTS
            .with()
            .sendBuffer(2 << 20)
            .receiveBuffer(2 << 20)
            .timeWait(0)
            .build();

    @Test
    void downloads_overLossRoundTripBufferAndReordering_takeWhatTheTableSays() throws IOException, PacketIoException {
        String table = table();
        if ("write".equals(System.getProperty("jmtcp.docs"))) {
            Files.writeString(FILE, table);
        } else {
            assertThat(Files.readString(FILE))
                    .as("to be made anew with bin/mvn -o -pl core -am test -Dtest=TransferTableTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Djmtcp.docs=write")
                    .isEqualTo(table);
        }
    }

    private static String table() throws PacketIoException {
        var table = new StringBuilder();
        table.append("""
                Downloads in virtual time, made and checked by TransferTableTest. Loss and reordering hit both directions; what is
                reordered comes a quarter of a round trip late. Queue: frames before the bottleneck of 50 Mbit/s. resent, timeouts,
                spurious (reported by DSACK): the sum over all runs.

                """);
        table.append("One download of %d bytes, %d runs\n\n".formatted(BULK_BYTES, BULK_RUNS));
        table.append("  loss  rtt ms  queue  reorder |  mean ms  worst ms  Mbit/s  resent  timeouts  spurious\n");
        double totalNanos = 0;
        for (double loss : LOSSES) {
            for (double roundTrip : ROUND_TRIPS) {
                for (int queue : QUEUES) {
                    for (double reordering : REORDERINGS) {
                        Transfers.Outcome all = bulk(impairments(loss, roundTrip, queue, reordering));
                        double mean = all.mean();
                        totalNanos += mean;
                        table.append(String.format(
                                Locale.ROOT,
                                "%5.1f%%  %6.1f  %5d  %6.0f%% | %8.1f  %8.1f  %6.2f  %6d  %8d  %8d\n",
                                loss * 100,
                                roundTrip,
                                queue,
                                reordering * 100,
                                mean,
                                all.percentile(100),
                                BULK_BYTES * 8 / mean / 1e3,
                                all.retransmits(),
                                all.timeouts(),
                                all.spurious()));
                    }
                }
            }
        }
        table.append(String.format(Locale.ROOT, "\nSum of the means: %.0f ms\n", totalNanos));
        table.append(String.format(Locale.ROOT, "\n%d short downloads, one after another, queue 250\n\n", SHORT_RUNS));
        table.append(
                "  loss  rtt ms  bytes  reorder |  mean ms  median ms  90 %% ms  99 %% ms  resent  timeouts  spurious\n"
                        .formatted());
        double total = 0;
        for (double loss : LOSSES) {
            for (double roundTrip : ROUND_TRIPS) {
                for (long bytes : SHORT_BYTES) {
                    for (double reordering : REORDERINGS) {
                        Transfers.Outcome all = Transfers.run(
                                SETTINGS, impairments(loss, roundTrip, 250, reordering), 1, SHORT_RUNS, bytes);
                        total += all.mean();
                        table.append(String.format(
                                Locale.ROOT,
                                "%5.1f%%  %6.1f  %5d  %6.0f%% | %8.1f  %9.1f  %7.1f  %7.1f  %6d  %8d  %8d\n",
                                loss * 100,
                                roundTrip,
                                bytes,
                                reordering * 100,
                                all.mean(),
                                all.percentile(50),
                                all.percentile(90),
                                all.percentile(99),
                                all.retransmits(),
                                all.timeouts(),
                                all.spurious()));
                    }
                }
            }
        }
        table.append(String.format(Locale.ROOT, "\nSum of the means: %.0f ms\n", total));
        return table.toString();
    }

    private static Transfers.Outcome bulk(Impairments impairments) throws PacketIoException {
        long[] nanos = new long[BULK_RUNS];
        long retransmits = 0;
        long timeouts = 0;
        long spurious = 0;
        for (int run = 0; run < BULK_RUNS; run++) {
            Transfers.Outcome one = Transfers.run(SETTINGS, impairments, 100 + run, 1, BULK_BYTES);
            nanos[run] = one.nanos()[0];
            retransmits += one.retransmits();
            timeouts += one.timeouts();
            spurious += one.spurious();
        }
        java.util.Arrays.sort(nanos);
        return new Transfers.Outcome(nanos, retransmits, timeouts, spurious);
    }

    private static Impairments impairments(double loss, double roundTrip, int queue, double reordering) {
        long nanos = (long) (roundTrip * 1e6);
        return Impairments.NONE
                .withDelay(nanos / 2)
                .withBandwidth(BANDWIDTH, queue)
                .withLoss(loss)
                .withReorder(reordering, nanos / 4);
    }
}
