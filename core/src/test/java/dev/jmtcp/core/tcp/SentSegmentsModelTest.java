package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random use beside a model that knows everything of each byte. */
class SentSegmentsModelTest {

    private static final int SPAN = 400_000;
    private static final int SMSS = 20;

    private final SentSegments sent = new SentSegments();

    /** Of each byte; segments begin where {@link #begins} is set. */
    private final boolean[] begins = new boolean[SPAN + 1];

    private final boolean[] sacked = new boolean[SPAN];
    private final boolean[] lost = new boolean[SPAN];
    private final boolean[] again = new boolean[SPAN];
    private final boolean[] resent = new boolean[SPAN];
    private final long[] sentAt = new long[SPAN];

    private int una;
    private int nxt;
    private int iss;
    private long now;
    private SplittableRandom random;
    private String seedText;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomUse_besideBytes_knowsTheSame(long seed) {
        seedText = "seed " + seed;
        random = new SplittableRandom(seed);
        iss = random.nextInt(10) == 0 ? random.nextInt() : -random.nextInt(SPAN);
        now = random.nextLong();
        sent.reset(iss);
        int window = 50 << random.nextInt(7);
        int rounds = 0;
        while (nxt < SPAN - 200 && rounds++ < 20_000) {
            now += random.nextInt(1, 100);
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4, 5 -> send(window);
                case 6, 7, 8 -> ack();
                case 9, 10 -> sack();
                case 11 -> detectLost();
                case 12, 13 -> resendNext();
                case 14 -> resendAny();
                default -> rare();
            }
            check();
        }
        assertThat(nxt).isGreaterThan(10 * window);
    }

    private void send(int window) {
        int length = random.nextInt(1, 2 * SMSS);
        if (nxt + length - una > window) {
            return;
        }
        sent.sent(iss + nxt + length, now);
        begins[nxt] = true;
        Arrays.fill(sentAt, nxt, nxt + length, now);
        nxt += length;
        begins[nxt] = true;
    }

    private void ack() {
        int to = una + random.nextInt(1 + Math.min(nxt - una, 4 * SMSS));
        if (random.nextInt(3) == 0 && to > una) { // usually at the end of a segment
            while (!begins[to]) {
                to++;
            }
        }
        long sample = SentSegments.NO_SAMPLE;
        boolean any = false;
        for (int b = una; b < to; b++) {
            any |= resent[b];
            sample = resent[b] || sacked[b] ? sample : sentAt[b];
        }
        assertThat(sent.acked(iss + to)).as(seedText).isEqualTo(to - una);
        assertThat(sent.rttSampleSentAt()).as(seedText).isEqualTo(any ? SentSegments.NO_SAMPLE : sample);
        una = to;
    }

    private void sack() {
        int from = una - 10 + random.nextInt(nxt - una + 20);
        int to = from + random.nextInt(4 * SMSS);
        if (random.nextBoolean()) {
            while (from > 0 && from < nxt && !begins[from]) {
                from++;
            }
            while (to > 0 && to < nxt && !begins[to]) {
                to++;
            }
        }
        int newly = 0;
        if (to > from && to <= nxt && to > una) {
            int start = Math.max(from, una);
            for (int b = start; b < to; b++) {
                if (!sacked[b]) {
                    newly++;
                    // a block splits segments only where it newly acknowledges
                    begins[b] |= b == start || sacked[b - 1];
                    begins[b + 1] |= b + 1 == to || sacked[b + 1];
                }
            }
            Arrays.fill(sacked, start, to, true);
            Arrays.fill(lost, start, to, false);
            Arrays.fill(again, start, to, false);
        }
        assertThat(SelectiveAcks.take(sent, iss + from, iss + to)).as(seedText).isEqualTo(newly);
    }

    private void detectLost() {
        int segments = 0;
        int bytes = 0;
        int newly = 0;
        for (int b = nxt - 1; b >= una; b--) {
            if (sacked[b]) {
                bytes++;
                segments += begins[b] || b == una ? 1 : 0;
            } else if ((segments >= 3 || bytes > 2 * SMSS) && !lost[b]) {
                lost[b] = true;
                newly++;
            }
        }
        assertThat(LossMarks.markBelowSacked(sent, SMSS, 3)).as(seedText).isEqualTo(newly);
    }

    private int firstWaiting() {
        for (int b = una; b < nxt; b++) {
            if (lost[b] && !again[b]) {
                return b;
            }
        }
        return -1;
    }

    private void resendNext() {
        int i = NextSegment.lost(sent);
        int first = firstWaiting();
        assertThat(i < 0 ? -1 : sent.start(i) - iss).as(seedText).isEqualTo(first);
        if (i >= 0) {
            resend(i);
        }
    }

    private void resendAny() {
        if (sent.count() > 0) {
            int i = random.nextInt(sent.count());
            if (!sent.isSacked(i)) {
                resend(i);
            }
        }
    }

    private void resend(int i) {
        int from = sent.start(i) - iss;
        int to = sent.end(i) - iss;
        if (random.nextInt(4) == 0) {
            to = from + random.nextInt(1, to - from + 1);
        }
        sent.retransmitted(i, iss + to, now);
        begins[to] = true;
        Arrays.fill(again, from, to, true);
        Arrays.fill(resent, from, to, true);
        Arrays.fill(sentAt, from, to, now);
    }

    private void rare() {
        switch (random.nextInt(6)) {
            case 0 -> {
                LossMarks.markAll(sent);
                for (int b = una; b < nxt; b++) {
                    lost[b] = !sacked[b];
                    again[b] = false;
                }
            }
            case 1 -> {
                SelectiveAcks.forget(sent);
                Arrays.fill(sacked, una, nxt, false);
            }
            case 2 -> {
                LossMarks.forget(sent);
                Arrays.fill(lost, una, nxt, false);
            }
            case 3 -> {
                if (sent.count() > 0) {
                    int i = random.nextInt(sent.count());
                    LossMarks.mark(sent, i);
                    for (int b = sent.start(i) - iss; b < sent.end(i) - iss; b++) {
                        lost[b] |= !sacked[b];
                        again[b] = false;
                    }
                }
            }
            default -> markHeadLost(random.nextBoolean() ? Integer.MAX_VALUE : SMSS);
        }
    }

    private void markHeadLost(int most) {
        int first = una;
        while (first < nxt && sacked[first]) {
            first++;
        }
        int end = first;
        int newly = 0;
        if (first < nxt && !lost[first]) {
            do {
                end++;
            } while (!begins[end] && end - first < most);
            begins[end] = true;
            newly = end - first;
            Arrays.fill(lost, first, end, true);
        }
        assertThat(LossMarks.markHead(sent, most)).as(seedText).isEqualTo(newly);
    }

    private void check() {
        int sackedBytes = 0;
        int lostBytes = 0;
        int againBytes = 0;
        int pipe = 0;
        int highest = una;
        int record = 0;
        for (int b = una; b < nxt; b++) {
            if (b == una || begins[b]) {
                int i = record++;
                assertThat(sent.start(i) - iss).as(seedText).isEqualTo(b);
                assertThat(sent.isSacked(i)).as(seedText).isEqualTo(sacked[b]);
                assertThat(sent.isLost(i)).as(seedText).isEqualTo(lost[b]);
                assertThat(sent.isRetransmitted(i)).as(seedText).isEqualTo(again[b]);
                assertThat(sent.wasResent(i)).as(seedText).isEqualTo(resent[b]);
                assertThat(sent.sentAt(i)).as(seedText).isEqualTo(sentAt[b]);
            }
            if (sacked[b]) {
                sackedBytes++;
                highest = b + 1;
            }
            lostBytes += lost[b] ? 1 : 0;
            againBytes += again[b] ? 1 : 0;
            // RFC 6675 section 4, SetPipe
            if (!sacked[b]) {
                pipe += (lost[b] ? 0 : 1) + (again[b] ? 1 : 0);
            }
        }
        assertThat(sent.count()).as(seedText).isEqualTo(record);
        assertThat(sent.una()).isEqualTo(iss + una);
        assertThat(sent.nxt()).isEqualTo(iss + nxt);
        assertThat(sent.outstanding()).isEqualTo(nxt - una);
        assertThat(sent.sackedBytes()).as(seedText).isEqualTo(sackedBytes);
        assertThat(sent.lostBytes()).as(seedText).isEqualTo(lostBytes);
        assertThat(sent.retransmittedBytes()).as(seedText).isEqualTo(againBytes);
        assertThat(sent.pipe()).as(seedText).isEqualTo(pipe);
        assertThat(sent.hasSack()).as(seedText).isEqualTo(sackedBytes > 0);
        assertThat(sent.highestSacked()).as(seedText).isEqualTo(iss + highest);
    }
}
