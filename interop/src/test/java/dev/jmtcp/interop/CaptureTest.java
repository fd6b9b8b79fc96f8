package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Capture#violations(List)} finds, and what it does not mind. */
class CaptureTest {

    private static final String A = "10.0.0.1";
    private static final String B = "10.0.0.2";
    private static final int EDGE = 1 + 5000;

    private final List<String> segments = new ArrayList<>();

    /** B lets A send 5000 bytes, and A lets B send 3000. */
    @BeforeEach
    void handshake() {
        line(A, B, 0, 0, 0, 3000, "0", "1", "0");
        line(B, A, 0, 0, 1, 4000, "1", "1", "0");
        line(A, B, 1, 0, 1, 3000, "1", "0", "0");
        line(B, A, 1, 0, 1, 5000, "1", "0", "0");
    }

    private void line(
            String from, String to, int seq, int length, int ack, int window, String isAck, String syn, String fin) {
        segments.add(String.join(
                "\t",
                "7",
                from,
                to,
                "" + seq,
                "" + length,
                "" + ack,
                "" + window,
                isAck,
                syn,
                fin,
                "" + (segments.size() + 1)));
    }

    private void fromA(int seq, int length, int ack) {
        line(A, B, seq, length, ack, 3000, "1", "0", "0");
    }

    private void fromB(int seq, int length, int ack, int window) {
        line(B, A, seq, length, ack, window, "1", "0", "0");
    }

    private void assertLastIsViolation() {
        assertThat(Capture.violations(segments)).containsExactly(segments.getLast());
    }

    private void assertSound() {
        assertThat(Capture.violations(segments)).isEmpty();
    }

    @Test
    void dataUpToTheEdge_isSound() {
        fromA(1, 1000, 1);
        fromA(1001, EDGE - 1001, 1);
        assertSound();
    }

    @Test
    void dataBeyondTheEdge_isViolation() {
        fromA(1001, EDGE - 1001 + 2, 1);
        assertLastIsViolation();
    }

    @Test
    void edgeMovesOnByAck_moreIsSound() {
        fromA(1, 1000, 1);
        fromB(1, 0, 1001, 5000);
        fromA(EDGE, 1000, 1);
        assertSound();
        fromA(EDGE + 1000, 1000, 1);
        assertLastIsViolation();
    }

    /** RFC 9293 section 3.8.6: what the window let through once may be sent again when it has shrunk. */
    @Test
    void windowShrinks_dataUpToTheOldEdge_isSound() {
        fromA(1, 1000, 1);
        fromB(1, 0, 1001, 0);
        fromA(EDGE - 1000, 1000, 1);
        assertSound();
    }

    /** RFC 9293 section 3.8.6.1. */
    @Test
    void oneByteBeyondTheEdge_isSound() {
        fromA(EDGE, 1, 1);
        assertSound();
        fromA(EDGE, 2, 1);
        assertLastIsViolation();
    }

    @Test
    void ackOfWhatCame_isSound() {
        fromB(1, 1000, 1, 5000);
        fromA(1, 0, 1001);
        assertSound();
    }

    @Test
    void ackOfWhatDidNotCome_isViolation() {
        fromB(1, 1000, 1, 5000);
        fromA(1, 0, 1002);
        assertLastIsViolation();
    }

    @Test
    void ackOverHole_isViolationUntilItIsFilled() {
        fromB(1001, 1000, 1, 5000);
        fromB(501, 500, 1, 5000);
        fromA(1, 0, 1);
        assertSound();
        fromA(1, 0, 2001);
        assertLastIsViolation();
        segments.removeLast();
        fromB(1, 600, 1, 5000);
        fromA(1, 0, 2001);
        assertSound();
    }

    @Test
    void ackOfFin_isSoundWhereItCame() {
        line(B, A, 1, 10, 1, 5000, "True", "False", "True");
        fromA(1, 0, 12);
        assertSound();
        fromA(1, 0, 13);
        assertLastIsViolation();
    }

    @Test
    void otherStream_countsForItself() {
        segments.add(String.join("\t", "8", A, B, "9000", "1000", "0", "0", "0", "0", "0", "5"));
        assertThat(Capture.violations(segments)).isEmpty();
        segments.add(String.join("\t", "8", B, A, "9000", "0", "9000", "100", "1", "0", "0", "6"));
        segments.add(String.join("\t", "8", A, B, "9000", "1000", "9000", "0", "1", "0", "0", "7"));
        assertThat(Capture.violations(segments)).containsExactly(segments.getLast());
    }
}
