package dev.jmtcp.interop;

/** What the wire does to frames, both ways. */
enum Conditions {
    CLEAN("", 1),
    LOSS_1("""
            fault.loss = 1%
            fault.reorder = 1%
            fault.duplicate = 1%
            """, 20),
    LOSS_5("""
            fault.loss = 5%
            fault.reorder = 2%
            fault.duplicate = 2%
            """, 40);

    private final String lines;
    private final int divisor;

    /** @param divisor by how much less is transferred than on a clean wire */
    Conditions(String lines, int divisor) {
        this.lines = lines;
        this.divisor = divisor;
    }

    /** Lines of the configuration. The seed is logged when the driver is opened. */
    String lines(int seed) {
        return lines.isEmpty() ? "" : lines + "fault.seed = " + seed + "\n";
    }

    /** So much, or less where the wire is bad. */
    int scaled(int amount) {
        return Math.max(1, amount / divisor);
    }
}
