package dev.jmtcp.bench.jmtcp;

import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.load.Stream;
import dev.jmtcp.bench.race.Client;
import dev.jmtcp.bench.race.Loop;
import dev.jmtcp.bench.race.Outcome;
import dev.jmtcp.bench.race.Tally;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.metrics.Counters;
import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.MtcpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One core of both hosts, on the thread that makes it. */
public final class JmtcpLoop extends Loop {

    private static final int TURNS = 256;

    static final String NAME = "jmtcp";
    static final int ETHERNET_MTU = 1500;

    private static final int FIRST_PORT = 80;
    private static final int SMALL_BUFFER = 8 << 10;
    private static final int LARGE_BUFFER = 1 << 20;

    /** Connections of one client to one port of the server: a bit less than there are local ports. */
    private static final int PER_PORT = 60_000;

    /** Connections that are closed before what comes of it is looked after. */
    static final int ENDING_AT_ONCE = 16;

    /** How long the last segments may take. */
    private static final long PATIENCE = 100_000_000_000L;

    private final Hosts hosts;
    private final boolean ownsHosts;
    private final Context server;
    private final Context client;
    private final Tally tally = new Tally();
    private final Client load;
    private final List<MtcpSocket> idle = new ArrayList<>();

    private JmtcpLoop(Hosts hosts, boolean ownsHosts, int core, Load kind) throws IOException {
        super(TURNS);
        this.hosts = hosts;
        this.ownsHosts = ownsHosts;
        server = hosts.server().adoptContext(core);
        client = hosts.client().adoptContext(core);
        load = switch (kind) {
            case Load.Transactions(int atOnce) -> transactions(atOnce);
            case Load.PingPong(int connections, int idleOnes) -> pingPong(connections, idleOnes);
            case Load.Paced(int connections) -> paced(connections);
            case Load.Idle(int connections) -> idle(connections);
            case Load.Bulk(int connections, int _) -> bulk(connections);
        };
    }

    /** Hosts of one core each, made for the purpose. */
    public static JmtcpLoop of(Load kind) throws IOException {
        int mtu = kind instanceof Load.Bulk bulk ? bulk.mtu() : ETHERNET_MTU;
        Hosts hosts = hosts(1, kind, mtu);
        boolean done = false;
        try {
            var loop = new JmtcpLoop(hosts, true, 0, kind);
            done = true;
            return loop;
        } finally {
            if (!done) {
                hosts.close();
            }
        }
    }

    /** A core of hosts that several have in common. */
    static JmtcpLoop ofCore(Hosts hosts, int core, Load kind) throws IOException {
        return new JmtcpLoop(hosts, false, core, kind);
    }

    /** Hosts with room for a kind of work on each core. */
    static Hosts hosts(int cores, Load kind, int mtu) throws IOException {
        return switch (kind) {
            // Those that end count until the last segment is acknowledged.
            case Load.Transactions(int atOnce) -> new Hosts(cores, 3 * atOnce + 1000, atOnce, SMALL_BUFFER, mtu);
            case Load.PingPong(int connections, int idle) ->
                new Hosts(cores, connections + idle + 1000, connections, SMALL_BUFFER, mtu);
            case Load.Idle(int connections) -> new Hosts(cores, connections + 10, 1, SMALL_BUFFER, mtu);
            case Load.Paced(int connections) -> new Hosts(cores, connections + 10, connections, SMALL_BUFFER, mtu);
            case Load.Bulk(int connections, int _) ->
                new Hosts(cores, connections + 10, connections, LARGE_BUFFER, mtu);
        };
    }

    private Client transactions(int atOnce) throws IOException {
        server.onTurn(new AnswerServer(server, tally, FIRST_PORT));
        var transactions = new Transactions(client, tally, Hosts.serverAddress(FIRST_PORT), atOnce);
        client.onTurn(transactions);
        return transactions;
    }

    private Client pingPong(int connections, int idleOnes) throws IOException {
        int all = connections + idleOnes;
        server.onTurn(new EchoServer(server, tally, FIRST_PORT, (all + PER_PORT - 1) / PER_PORT));
        List<MtcpSocket> sockets = dial(all);
        // The ones at work are spread among the others, as they would be anywhere.
        List<MtcpSocket> busy = new ArrayList<>(connections);
        for (int i = 0; i < all; i++) {
            boolean works = (long) (i + 1) * connections / all > (long) i * connections / all;
            (works ? busy : idle).add(sockets.get(i));
        }
        var players = new PingPong(client, tally, busy);
        client.onTurn(players);
        return players;
    }

    private Client paced(int connections) throws IOException {
        server.onTurn(new EchoServer(server, tally, FIRST_PORT, 1));
        var sender = new PacedRequests(client, tally, dial(connections));
        client.onTurn(sender);
        return sender;
    }

    private Client idle(int connections) throws IOException {
        server.onTurn(new EchoServer(server, tally, FIRST_PORT, (connections + PER_PORT - 1) / PER_PORT));
        var greetings = new Greetings(client, tally, dial(connections));
        client.onTurn(greetings);
        return greetings;
    }

    private Client bulk(int connections) throws IOException {
        var stream = new Stream(1);
        server.onTurn(new BulkServer(server, tally, FIRST_PORT, stream));
        var sender = new BulkClient(client, tally, dial(connections), stream);
        client.onTurn(sender);
        return sender;
    }

    private List<MtcpSocket> dial(int count) throws IOException {
        var dialer = new Dialer(client, tally);
        client.onTurn(dialer);
        List<MtcpSocket> sockets = new ArrayList<>(count);
        for (int port = FIRST_PORT; sockets.size() < count; port++) {
            InetSocketAddress address = Hosts.serverAddress(port);
            sockets.addAll(dialer.dial(address, Math.min(PER_PORT, count - sockets.size()), this::turn));
        }
        client.removeHandler(dialer);
        while (tally.accepted < tally.connected) {
            turn();
        }
        return sockets;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        int mtu = hosts.server().io().ports().getFirst().mtu();
        return "simulated wire, MTU %d, software checksums at both ends, one thread for both".formatted(mtu);
    }

    @Override
    protected void turn() {
        server.turn();
        client.turn();
    }

    /** Waits for delayed ACKs: one that waited while others work would come so late that the other end had sent again. */
    @Override
    protected void rest() {
        long end = System.nanoTime() + PATIENCE;
        while (unacknowledged() > 0 && System.nanoTime() < end) {
            turn();
        }
    }

    /** The memory of what is not read or not acknowledged. */
    long unacknowledged() {
        return client.bufferBytesInUse() + server.bufferBytesInUse();
    }

    @Override
    public Client client() {
        return load;
    }

    @Override
    protected long frames() {
        return server.counters().value(Counter.RX_FRAMES) + client.counters().value(Counter.RX_FRAMES);
    }

    @Override
    public Outcome finish() throws IOException {
        for (int i = 0; i < idle.size(); i++) {
            idle.get(i).close();
            if (i % ENDING_AT_ONCE == 0) {
                turn();
            }
        }
        load.end();
        settle();
        long end = System.nanoTime() + PATIENCE;
        while (client.connections() + server.connections() > 0 && System.nanoTime() < end) {
            turn();
        }
        tally.expect("connections accepted", tally.accepted, tally.connected);
        tally.expect("bytes that arrived", tally.received, tally.sent);
        Map<String, Long> counts = tally.counts();
        look("client", client, counts);
        look("server", server, counts);
        return new Outcome(counts, tally.problems());
    }

    private void look(String side, Context context, Map<String, Long> counts) {
        Counters counters = context.counters();
        long closed = counters.value(Counter.TCP_CLOSED);
        tally.expect(side + ": connections established", counters.value(Counter.TCP_ESTABLISHED), tally.connected);
        tally.expect(side + ": connections closed in order", closed, tally.connected);
        tally.expect(side + ": connections left", context.connections(), 0);
        tally.expect(side + ": wrong TCP checksums", counters.value(Counter.TCP_BAD_CHECKSUM), 0);
        counts.put(side + ": established", counters.value(Counter.TCP_ESTABLISHED));
        counts.put(side + ": closed in order", closed);
        // Not a fault: a segment that comes twice, or late, is answered by one when its connection is over.
        counts.put(side + ": resets received", counters.value(Counter.TCP_RESET_IN));
        counts.put(side + ": frames received", counters.value(Counter.RX_FRAMES));
        counts.put(side + ": segments retransmitted", counters.value(Counter.TCP_RETRANSMITS));
        for (Counter counter : Counter.values()) {
            if (counter.isDrop() && counters.value(counter) > 0) {
                counts.put(side + ": dropped, " + counter.description(), counters.value(counter));
            }
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        if (ownsHosts) {
            hosts.close();
        }
    }
}
