package dev.jmtcp.driver.onvm;

/**
 * What a network function and openNetVM's manager share, as openNetVM v21.10 has it on 64 bit machines: names, numbers, and offsets in bytes into structures. All
 * numbers are in the machine's byte order.
 *
 * <pre>
 *  memzone  MProc_nf_init_cfg        records of all network functions by instance id; 0 is never one
 *           MProc_port_info          the manager's ports
 *           MProc_services_info      for each service id a pointer to the instance ids that serve it
 *           MProc_nf_per_service_info  for each service id how many those are
 *  pool     MProc_pktmbuf_pool       packet buffers
 *           NF_INFO_MEMPOOL          requests to start
 *           NF_MSG_MEMPOOL           messages
 *  ring     MSG_MSG_QUEUE            messages to the manager
 * </pre>
 */
final class OnvmLayout {

    static final String RECORDS = "MProc_nf_init_cfg";
    static final String PORTS = "MProc_port_info";
    static final String SERVICES = "MProc_services_info";
    static final String SERVICE_COUNTS = "MProc_nf_per_service_info";
    /** Of what the manager makes, the last. */
    static final String LAST = "MProc_ftp_info";

    static final String PACKET_POOL = "MProc_pktmbuf_pool";
    static final String REQUEST_POOL = "NF_INFO_MEMPOOL";
    static final String MESSAGE_POOL = "NF_MSG_MEMPOOL";
    static final String MANAGER_QUEUE = "MSG_MSG_QUEUE";

    /** Of what a packet goes through with: a field in packet buffers that the manager registers. */
    static final String META_FIELD = "onvm_pkt_meta_dynfield";

    /** Instance ids are from 1 to one less: MAX_NFS. */
    static final int INSTANCES = 128;

    /** Service ids are from 1 to one less: MAX_SERVICES. */
    static final int SERVICES_MAX = 32;

    /** The most network functions of one service: MAX_NFS_PER_SERVICE. */
    static final int INSTANCES_PER_SERVICE = 32;

    /** RTE_MAX_ETHPORTS. */
    static final int PORTS_MAX = 32;

    private OnvmLayout() {}

    /** A message, 16 bytes of a pool's element: struct onvm_nf_msg. */
    static final class Message {

        static final int SIZE = 16;

        /** 8 bits. */
        static final int TYPE = 0;

        /** An address. */
        static final int DATA = 8;

        static final int STOP = 1;
        static final int STARTING = 2;
        static final int STOPPING = 3;
        static final int READY = 4;
        static final int CHANGE_CORE = 8;

        private Message() {}
    }

    /** A request to start: struct onvm_nf_init_cfg. */
    static final class Request {

        static final int SIZE = 32;

        /** 16 bits; {@link #ANY_INSTANCE} to be given one. */
        static final int INSTANCE = 0;

        /** 16 bits. */
        static final int SERVICE = 2;

        /** 16 bits. */
        static final int CPU = 4;

        /** 16 bits: {@link #MANUAL_CPU}, {@link #SHARED_CPU}. */
        static final int OPTIONS = 6;

        /** 8 bits: of {@link Status}. */
        static final int STATUS = 8;

        /** The address of a text that the manager frees. */
        static final int TAG = 16;

        /** 16 bits. */
        static final int TIME_TO_LIVE = 24;

        /** 16 bits. */
        static final int PACKET_LIMIT = 26;

        static final int ANY_INSTANCE = 0xffff;
        static final int MANUAL_CPU = 1;
        static final int SHARED_CPU = 2;

        /** Bytes of a tag with its end. */
        static final int TAG_SIZE = 15;

        private Request() {}
    }

    /** The record of a network function: struct onvm_nf. */
    static final class Function {

        static final int SIZE = 184;

        /** Addresses of rings. */
        static final int RECEIVE_QUEUE = 0;

        static final int TRANSMIT_QUEUE = 8;
        static final int MESSAGE_QUEUE = 16;

        /** What openNetVM's library keeps here for itself. */
        static final int TRANSMIT_MANAGER = 24;

        /** 16 bits. */
        static final int INSTANCE = 32;

        /** 16 bits. */
        static final int SERVICE = 34;

        /** 8 bits: of {@link Status}. */
        static final int STATUS = 36;

        static final int TAG = 40;
        static final int DATA = 48;

        /** 16 bits each. */
        static final int CPU = 56;

        static final int PARENT = 58;
        static final int CHILDREN = 60;

        static final int FUNCTION_TABLE = 72;

        /** Counters of 64 bits. */
        static final int RX = 80;

        static final int RX_DROP = 88;
        static final int TX = 96;
        static final int TX_DROP = 104;
        static final int TX_RETURNED = 120;

        private Function() {}
    }

    /** What becomes of a packet: struct onvm_pkt_meta. */
    static final class Meta {

        static final int SIZE = 8;
        static final int ALIGNMENT = 2;

        /** 8 bits. */
        static final int ACTION = 0;

        /** 16 bits: a service, or a port. */
        static final int DESTINATION = 2;

        /** 16 bits: the instance that sent it. */
        static final int SOURCE = 4;

        /** 8 bits each. */
        static final int CHAIN_INDEX = 6;

        static final int FLAGS = 7;

        static final int TO_SERVICE = 2;
        static final int OUT = 3;

        private Meta() {}
    }

    /** The manager's ports: struct port_info. */
    static final class Ports {

        static final int SIZE = 1032;

        /** 8 bits. */
        static final int COUNT = 0;

        /** 8 bits each: the numbers of the ports that the manager uses. */
        static final int IDS = 1;

        /** 8 bits each, by port number. */
        static final int INITIALIZED = 33;

        /** 6 bytes each, by port number. */
        static final int ADDRESSES = 66;

        private Ports() {}
    }

    /** The name of a network function's queues and messages, by its instance id. */
    static String receiveQueue(int instance) {
        return "MProc_Client_" + instance + "_RX";
    }

    static String transmitQueue(int instance) {
        return "MProc_Client_" + instance + "_TX";
    }

    static String messageQueue(int instance) {
        return "NF_" + instance + "_MSG_QUEUE";
    }
}
