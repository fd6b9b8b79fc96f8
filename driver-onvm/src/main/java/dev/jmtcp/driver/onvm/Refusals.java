package dev.jmtcp.driver.onvm;

import java.util.List;

/** What the manager's answers to one that wants to start mean, and what helps. */
final class Refusals {

    private Refusals() {}

    /**
     * @param core which of them was refused
     * @param cores how many were asked for
     * @param instance the id asked for, where it was
     */
    static String explain(Status status, OnvmOptions options, int core, int cores, int instance) {
        String which = cores == 1 ? "" : "core " + core + " of " + cores + ": ";
        return which + "the openNetVM manager refuses: " + reason(status, options, core, instance);
    }

    private static String reason(Status status, OnvmOptions options, int core, int instance) {
        List<Integer> cpus = options.cpus();
        String cpu = cpus.isEmpty() ? "the CPU" : "CPU " + cpus.get(core);
        return switch (status) {
            case ID_CONFLICT ->
                "instance id " + instance + " is in use (ID_CONFLICT): set another onvm_inst, or none; one that crashed"
                        + " keeps its id until the manager is started again";
            case NO_IDS ->
                "all " + (OnvmLayout.INSTANCES - 1) + " instance ids are in use, or onvm_inst is beyond them (NO_IDS)";
            case SERVICE_MAX ->
                "service " + options.service() + " is beyond its limit (SERVICE_MAX): set onvm_serv below "
                        + OnvmLayout.SERVICES_MAX;
            case SERVICE_COUNT_MAX ->
                "service " + options.service() + " has all the " + OnvmLayout.INSTANCES_PER_SERVICE
                        + " network functions it can have (SERVICE_COUNT_MAX): set another onvm_serv";
            case NO_CORES ->
                "it has no CPU left (NO_CORES): start onvm_mgr with more CPUs in -n, a mask, or set"
                        + " onvm.share_cores = on for all network functions that are to share";
            case NO_DEDICATED_CORES ->
                "it has no CPU left for this one alone (NO_DEDICATED_CORES): start onvm_mgr with more CPUs in -n, a"
                        + " mask, or set onvm.share_cores = on";
            case CORE_OUT_OF_RANGE ->
                cpu + " is not one for network functions (CORE_OUT_OF_RANGE): take one of the mask that onvm_mgr was"
                        + " started with as -n for core_mask, or leave core_mask out";
            case CORE_BUSY ->
                cpu
                        + " is another network function's alone (CORE_BUSY): take another one for core_mask, or leave it out";
            case WAITING_FOR_ID, STARTING, RUNNING, PAUSED, STOPPED, UNKNOWN ->
                "with an answer that this driver does not know (" + status + "); is it openNetVM v21.10?";
        };
    }
}
