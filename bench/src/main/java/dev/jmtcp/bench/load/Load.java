package dev.jmtcp.bench.load;

/** A kind of work, the same for each contestant. */
public sealed interface Load {

    /** What it is, for people. */
    String description();

    /** What is counted. */
    String unit();

    /** How much of what is counted makes one of what is shown. */
    double unitSize();

    /**
     * Connections with one request and its answer of 64 bytes each; the server closes first.
     *
     * @param atOnce how many there are at a time
     */
    record Transactions(int atOnce) implements Load {
        @Override
        public String description() {
            return number(atOnce) + " at once";
        }

        @Override
        public String unit() {
            return "transactions";
        }

        @Override
        public double unitSize() {
            return 1;
        }
    }

    /**
     * Requests of 64 bytes and their answers, one after the other on each connection.
     *
     * @param connections that stand all the time
     * @param idle further connections, on which nothing happens
     */
    record PingPong(int connections, int idle) implements Load {
        @Override
        public String description() {
            return number(connections) + " connections" + (idle == 0 ? "" : ", " + number(idle) + " idle ones");
        }

        @Override
        public String unit() {
            return "transactions";
        }

        @Override
        public double unitSize() {
            return 1;
        }
    }

    /**
     * Requests of 64 bytes, sent when it is their time, whether or not earlier ones were answered.
     *
     * @param connections that they are spread over
     */
    record Paced(int connections) implements Load {
        @Override
        public String description() {
            return number(connections) + " connections, at a fixed rate";
        }

        @Override
        public String unit() {
            return "transactions";
        }

        @Override
        public double unitSize() {
            return 1;
        }
    }

    /**
     * Connections that were used once and on which nothing happens any more.
     *
     * @param connections how many
     */
    record Idle(int connections) implements Load {
        @Override
        public String description() {
            return number(connections) + " idle connections";
        }

        @Override
        public String unit() {
            return "connections";
        }

        @Override
        public double unitSize() {
            return 1;
        }
    }

    /**
     * Streams one way, each as fast as it can.
     *
     * @param connections how many
     * @param mtu of the wire, where it can be chosen
     */
    record Bulk(int connections, int mtu) implements Load {
        @Override
        public String description() {
            return connections + (connections == 1 ? " connection" : " connections") + ", MTU " + mtu;
        }

        @Override
        public String unit() {
            return "MB";
        }

        @Override
        public double unitSize() {
            return 1e6;
        }
    }

    private static String number(int n) {
        return "%,d".formatted(n);
    }
}
