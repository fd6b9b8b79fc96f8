package dev.jmtcp.core.tcp;

/** IsLost of RFC 6675 section 4: how far selective acknowledgements prove that the rest is lost. */
final class IsLost {

    private IsLost() {}

    /** The sequence number below which all that is not selectively acknowledged is lost; SND.UNA if nothing is. */
    static int edge(SentSegments sent, int smss, int dupThresh) {
        int segments = 0;
        int bytes = 0;
        int most = (dupThresh - 1) * smss;
        for (int range = sent.sackedRanges() - 1; range >= 0; range--) {
            int start = sent.sackedStart(range);
            int i = sent.indexOf(sent.sackedEnd(range) - 1);
            int low;
            do {
                low = sent.start(i);
                segments++;
                bytes += sent.end(i) - low;
                if (segments >= dupThresh || bytes > most) {
                    return low;
                }
                i--;
            } while (low != start);
        }
        return sent.una();
    }
}
