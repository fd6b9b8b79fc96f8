package dev.jmtcp.packetdrill.run;

/** A line {@code sysctl name=value}; the name with dots, the value without quotation marks. */
record Sysctl(String name, String value) {

    /** The value as a number; of several the one at an index. */
    long number(int index) {
        String[] words = value.strip().split("\\s+", -1);
        if (index < words.length) {
            try {
                return Long.decode(words[index]);
            } catch (NumberFormatException _) {
                // not a number: said below
            }
        }
        throw Failure.unsupported("sysctl " + name + "=" + value);
    }

    long number() {
        return number(0);
    }

    boolean isSet() {
        return number() != 0;
    }
}
