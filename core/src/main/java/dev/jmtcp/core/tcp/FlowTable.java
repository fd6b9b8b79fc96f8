package dev.jmtcp.core.tcp;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a stack, by addresses and ports. An open-addressing hash table with linear probing: a search looks at hashes that lie next to each
 * other, and at a connection only when its hash is right. Removing moves later entries back, so nothing is left behind to slow down searches. Belongs
 * to the stack's thread; allocates nothing except to grow.
 *
 * <p>It grows bit by bit: rehashing a million entries at once would hold up a turn of the stack for some ten milliseconds. When it is full, a table of
 * twice the size is made, and each later {@link #add} moves some entries from the old to the new one. Until all are moved, a search may have to look in
 * both.
 *
 * <p>Hashes depend on a secret, so that nobody can choose connections that collide.
 */
public final class FlowTable {

    private static final int MIN_CAPACITY = 16;

    /** How many slots of the old table each addition empties, at least: enough to be done long before the new table is full. */
    private static final int MOVED_SLOTS = 16;

    private final long secret0;
    private final long secret1;
    private final long secret2;
    private final long secret3;
    private final long secret4;
    private final long secret5;

    /** The hash of the flow in each slot; 0 if the slot is empty. */
    private int[] hashes;

    private @Nullable Flow[] flows;

    /** Like the above, the table from before it grew; null when all is moved. */
    private int @Nullable [] oldHashes;

    private @Nullable Flow[] oldFlows = new Flow[0];

    /** The slot of the old table to empty next; it and the slots up to it, from {@link #oldLeft} on, are empty. */
    private int oldNext;

    /** How many slots of the old table have not been emptied yet. */
    private int oldLeft;

    private int size;

    /**
     * An empty table.
     *
     * @param random to draw the secret from
     */
    public FlowTable(RandomGenerator random) {
        this(random, 0);
    }

    /**
     * An empty table with room for an expected number of flows, so that it need not grow before.
     *
     * @param random to draw the secret from
     */
    public FlowTable(RandomGenerator random, int expected) {
        secret0 = random.nextLong();
        secret1 = random.nextLong();
        secret2 = random.nextLong();
        secret3 = random.nextLong();
        secret4 = random.nextLong();
        secret5 = random.nextLong();
        int capacity = MIN_CAPACITY;
        while (limit(capacity) < expected) {
            capacity *= 2;
        }
        hashes = new int[capacity];
        flows = new Flow[capacity];
    }

    /** How many flows there are. */
    public int size() {
        return size;
    }

    /** The flow with these addresses and ports, or null. */
    public @Nullable Flow find(
            long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        return find(
                hash(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort),
                localHigh,
                localLow,
                localPort,
                remoteHigh,
                remoteLow,
                remotePort);
    }

    private @Nullable Flow find(
            int hash, long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        Flow found = search(hashes, flows, hash, localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        if (found == null && oldHashes != null) {
            found = search(
                    oldHashes, oldFlows, hash, localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        }
        return found;
    }

    /** Reads from where a search for a hash begins, for {@link Lookahead}. */
    long readAt(int hash) {
        int i = hash & hashes.length - 1;
        return (long) hashes[i] + (flows[i] == null ? 0 : 1);
    }

    /** A flow with a hash, most probably the one with what it was made of; it is not looked at. Null if there is none or the table has just grown. */
    @Nullable
    Flow candidate(int hash) {
        int mask = hashes.length - 1;
        for (int i = hash & mask; hashes[i] != 0; i = i + 1 & mask) {
            if (hashes[i] == hash) {
                return flows[i];
            }
        }
        return null;
    }

    /**
     * Adds a flow.
     *
     * @throws IllegalStateException if there is one with the same addresses and ports
     */
    public void add(Flow flow) {
        int hash =
                hash(flow.localHigh, flow.localLow, flow.localPort, flow.remoteHigh, flow.remoteLow, flow.remotePort);
        if (find(hash, flow.localHigh, flow.localLow, flow.localPort, flow.remoteHigh, flow.remoteLow, flow.remotePort)
                != null) {
            throw new IllegalStateException("there is a flow with these addresses and ports");
        }
        if (oldHashes != null) {
            moveSome(oldHashes);
        } else if (size >= limit(hashes.length)) {
            grow();
        }
        flow.flowHash = hash;
        insert(flow);
        size++;
    }

    /** Removes a flow; false if it is not in this table. */
    public boolean remove(Flow flow) {
        if (removeFrom(hashes, flows, flow) || oldHashes != null && removeFrom(oldHashes, oldFlows, flow)) {
            size--;
            return true;
        }
        return false;
    }

    /** How many slots there are for {@link #at}. */
    public int slots() {
        return hashes.length + (oldHashes == null ? 0 : oldHashes.length);
    }

    /**
     * The flow in a slot, or null. To look at all flows go through all {@link #slots}; adding or removing meanwhile may hide some or show some twice. To
     * remove all, go up and remove from each slot until it is empty.
     */
    public @Nullable Flow at(int slot) {
        return slot < hashes.length ? flows[slot] : oldFlows[slot - hashes.length];
    }

    /** How many flows a table of a capacity holds: five of eight slots, for which a search for what is not there looks at four slots on average. */
    private static int limit(int capacity) {
        return (int) (capacity * 5L / 8);
    }

    private static @Nullable Flow search(
            int[] hashes,
            @Nullable Flow[] flows,
            int hash,
            long localHigh,
            long localLow,
            int localPort,
            long remoteHigh,
            long remoteLow,
            int remotePort) {
        int mask = hashes.length - 1;
        for (int i = hash & mask; hashes[i] != 0; i = i + 1 & mask) {
            if (hashes[i] == hash) {
                Flow flow = flows[i];
                if (flow != null
                        && flow.remoteLow == remoteLow
                        && flow.remotePort == remotePort
                        && flow.localPort == localPort
                        && flow.localLow == localLow
                        && flow.remoteHigh == remoteHigh
                        && flow.localHigh == localHigh) {
                    return flow;
                }
            }
        }
        return null;
    }

    private void insert(Flow flow) {
        int mask = hashes.length - 1;
        int i = flow.flowHash & mask;
        while (hashes[i] != 0) {
            i = i + 1 & mask;
        }
        hashes[i] = flow.flowHash;
        flows[i] = flow;
    }

    @SuppressWarnings("ReferenceEquality") // this very flow is to be removed
    private static boolean removeFrom(int[] hashes, @Nullable Flow[] flows, Flow flow) {
        int mask = hashes.length - 1;
        int hole = flow.flowHash & mask;
        while (flows[hole] != flow) {
            if (hashes[hole] == 0) {
                return false;
            }
            hole = hole + 1 & mask;
        }
        // Move back what was displaced: an entry may fill the hole unless its own place lies behind the hole.
        for (int i = hole + 1 & mask; hashes[i] != 0; i = i + 1 & mask) {
            int home = hashes[i] & mask;
            if ((i - home & mask) >= (i - hole & mask)) {
                hashes[hole] = hashes[i];
                flows[hole] = flows[i];
                hole = i;
            }
        }
        hashes[hole] = 0;
        flows[hole] = null;
        return true;
    }

    private void grow() {
        if (hashes.length == 1 << 30) {
            throw new IllegalStateException("too many flows");
        }
        int[] full = hashes;
        oldHashes = full;
        oldFlows = flows;
        oldLeft = full.length;
        oldNext = 0;
        while (full[oldNext] != 0) { // between two clusters
            oldNext++;
        }
        hashes = new int[2 * full.length];
        flows = new Flow[2 * full.length];
        moveSome(full);
    }

    /** Moves some entries to the new table, whole clusters, so that searches in the old one still find what is there. */
    private void moveSome(int[] old) {
        int mask = old.length - 1;
        int slot = oldNext;
        int count = 0;
        while (oldLeft > 0 && (count < MOVED_SLOTS || old[slot] != 0)) {
            Flow flow = oldFlows[slot];
            if (flow != null) {
                insert(flow);
                old[slot] = 0;
                oldFlows[slot] = null;
            }
            slot = slot + 1 & mask;
            oldLeft--;
            count++;
        }
        oldNext = slot;
        if (oldLeft == 0) {
            oldHashes = null;
            oldFlows = new Flow[0];
        }
    }

    /** Never 0, which marks an empty slot. */
    int hash(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        long remote = mix(remoteHigh ^ secret0, remoteLow ^ secret1);
        long local = mix(localHigh ^ secret2, localLow ^ secret3);
        long ports = (long) remotePort << 16 | localPort;
        long all = mix(remote ^ ports ^ secret4, local ^ secret5);
        int hash = (int) (all ^ all >>> 32);
        return hash == 0 ? 1 : hash;
    }

    /** The two halves of the 128-bit product, folded. */
    private static long mix(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
