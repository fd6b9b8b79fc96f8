package dev.jmtcp.driver.onvm;

import dev.jmtcp.driver.dpdk.bindings.Eal;
import dev.jmtcp.driver.dpdk.bindings.Native;
import dev.jmtcp.driver.dpdk.bindings.SharedHeap;
import dev.jmtcp.driver.onvm.OnvmLayout.Message;
import dev.jmtcp.driver.onvm.OnvmLayout.Request;
import dev.jmtcp.spi.PacketIoException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How network functions of one service begin and end: one for each core, all or none. For one thread at a time. */
final class Admission {

    private static final System.Logger LOGGER = System.getLogger("dev.jmtcp.driver.onvm");

    private static final String TAG = "jmtcp";
    private static final long PAUSE = 5_000_000;

    /** A manager that has just begun looks at messages after 5 seconds, and then every second. */
    private static final long PATIENCE = 20_000_000_000L;

    /** How long a full queue of the manager's is tried again. */
    private static final long PATIENCE_WHEN_FULL = 3_000_000_000L;

    /** Those that have just taken leave are there until the manager looks at messages. */
    private static final long PATIENCE_TO_LEAVE = 3_000_000_000L;

    private final Manager manager;
    private final OnvmOptions options;

    /** Those admitted, in the order of cores. */
    private final List<NetworkFunction> admitted = new ArrayList<>();

    private int ready;

    Admission(Manager manager, OnvmOptions options) {
        this.manager = manager;
        this.options = options;
    }

    /** Starts so many; when this returns they run, and packets may be there. */
    List<NetworkFunction> start(int cores) throws PacketIoException {
        checkService(cores);
        boolean complete = false;
        try {
            askForAll(cores);
            for (NetworkFunction function : admitted) {
                function.clear();
                if (!patiently(PATIENCE_WHEN_FULL, function::sendReady)) {
                    throw silent("takes no more messages");
                }
                ready++;
            }
            if (!patiently(PATIENCE, this::areRunning)) {
                throw silent("does not let instance " + admitted.getFirst().instance() + " run");
            }
            complete = true;
            return List.copyOf(admitted);
        } finally {
            if (!complete) {
                stop();
            }
        }
    }

    private boolean areRunning() {
        return admitted.stream().allMatch(function -> function.status() == Status.RUNNING);
    }

    private void checkService(int cores) throws PacketIoException {
        for (int service : options.destination().isPresent()
                ? List.of(options.service(), options.destination().getAsInt())
                : List.of(options.service())) {
            if (service >= manager.services()) {
                throw new PacketIoException("service " + service + " is beyond those of the manager, 1 to "
                        + (manager.services() - 1) + "; start onvm_mgr with -r " + (service + 1)
                        + ", or take another one");
            }
        }
        if (cores > 1
                && !patiently(
                        PATIENCE_TO_LEAVE,
                        () -> manager.instances(options.service()).isEmpty())) {
            throw new PacketIoException("service " + options.service() + " has instances "
                    + manager.instances(options.service())
                    + " already, which would get a part of each core's packets; several cores need a service of their"
                    + " own: another onvm_serv, or num_cores = 1; where these are left over from a crash, the manager"
                    + " has to be started again");
        }
    }

    private void askForAll(int cores) throws PacketIoException {
        var requests = new ArrayList<Long>();
        try {
            for (int core = 0; core < cores; core++) {
                requests.add(ask(core));
            }
            boolean answered = patiently(
                    PATIENCE, () -> requests.stream().noneMatch(request -> statusOf(request) == Status.WAITING_FOR_ID));
            for (int core = 0; core < requests.size(); core++) {
                if (statusOf(requests.get(core)) == Status.STARTING) {
                    admitted.add(new NetworkFunction(
                            manager, Native.getShort(requests.get(core) + Request.INSTANCE), options.service()));
                }
            }
            if (!answered) {
                throw silent("does not answer");
            }
            for (int core = 0; core < requests.size(); core++) {
                Status status = statusOf(requests.get(core));
                if (status != Status.STARTING) {
                    throw new PacketIoException(Refusals.explain(
                            status, options, core, cores, Native.getShort(requests.get(core) + Request.INSTANCE)));
                }
            }
        } finally {
            requests.forEach(this::giveBack);
        }
    }

    private static Status statusOf(long request) {
        return Status.at(request + Request.STATUS);
    }

    /** Asks the manager to admit the network function of a core. */
    private long ask(int core) throws PacketIoException {
        long tag = tag();
        long request = 0;
        boolean sent = false;
        try {
            request = manager.takeRequest();
            boolean manual = !options.cpus().isEmpty();
            Native.setShort(
                    request + Request.INSTANCE,
                    options.instance().isPresent() ? options.instance().getAsInt() + core : Request.ANY_INSTANCE);
            Native.setShort(request + Request.SERVICE, options.service());
            Native.setShort(request + Request.CPU, manual ? options.cpus().get(core) : 0);
            Native.setShort(
                    request + Request.OPTIONS,
                    (manual ? Request.MANUAL_CPU : 0) | (options.shareCores() ? Request.SHARED_CPU : 0));
            Native.setByte(request + Request.STATUS, Status.WAITING_FOR_ID.number());
            Native.setLong(request + Request.TAG, tag);
            Native.setShort(request + Request.TIME_TO_LIVE, 0);
            Native.setShort(request + Request.PACKET_LIMIT, 0);
            long asked = request;
            sent = patiently(PATIENCE_WHEN_FULL, () -> manager.send(Message.STARTING, asked));
            if (!sent) {
                throw silent("takes no more messages");
            }
            return request;
        } finally {
            if (!sent) {
                SharedHeap.free(tag);
                if (request != 0) {
                    manager.putRequest(request);
                }
            }
        }
    }

    private static long tag() throws PacketIoException {
        byte[] bytes = TAG.getBytes(StandardCharsets.US_ASCII);
        long tag = SharedHeap.allocate("nf_tag", Request.TAG_SIZE);
        for (int i = 0; i < bytes.length; i++) {
            Native.setByte(tag + i, bytes[i]);
        }
        return tag;
    }

    /** Gives a request back, and its tag if the manager does not have it. One that the manager may still answer is the manager's. */
    private void giveBack(long request) {
        switch (statusOf(request)) {
            case WAITING_FOR_ID -> {}
            case STARTING -> manager.putRequest(request);
            default -> {
                SharedHeap.free(Native.getLong(request + Request.TAG));
                manager.putRequest(request);
            }
        }
    }

    /**
     * Takes leave of the manager. One that has not been ready gets ready first: what the manager gives to one that never was, it does not take back, and ends at
     * the next that has its id.
     */
    void stop() {
        while (ready < admitted.size()) {
            if (!patiently(PATIENCE_WHEN_FULL, admitted.get(ready)::sendReady)) {
                return;
            }
            ready++;
        }
        for (NetworkFunction function : admitted) {
            if (!patiently(PATIENCE_WHEN_FULL, function::sendStopping)) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "onvm: the manager could not be told that instance " + function.instance() + " stops");
            }
        }
        admitted.clear();
        ready = 0;
    }

    /** Whether something came true in some time, while the manager lived. */
    private static boolean patiently(long nanos, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > nanos || !Eal.isPrimaryAlive()) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(PAUSE);
        }
        return true;
    }

    private static PacketIoException silent(String what) {
        return new PacketIoException(
                Eal.isPrimaryAlive()
                        ? "the openNetVM manager " + what + "; is it stopped, or stopping?"
                        : "the openNetVM manager went away");
    }
}
