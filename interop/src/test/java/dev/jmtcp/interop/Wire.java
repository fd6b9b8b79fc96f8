package dev.jmtcp.interop;

import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.testsupport.Namespace;
import java.io.IOException;

/**
 * How a driver's port is joined to the kernel of a network namespace: what the tests need to know of a driver. The tests make a namespace and a joint for
 * each network they want, open the driver as the joint's configuration says, and close both afterwards.
 */
interface Wire {

    /** The driver, found by no search: its options are checked as those of any driver. */
    PacketIoProvider provider();

    /** Skips the test where this machine lacks what the driver needs. */
    void needs();

    /** What the joint of a network is to be. */
    record Plan(int mtu, boolean offload, String stackAddress, String kernelAddress) {}

    /**
     * Makes the joint's parts that the driver does not make itself. Once the driver is open the kernel's end has to be up, with its address, MTU and
     * offloads.
     *
     * @param kernel the namespace whose kernel is at the other end; made for this, and closed by the caller after the joint
     */
    Joint join(Namespace kernel, Plan plan) throws IOException;

    /** The two ends of a wire. */
    interface Joint extends AutoCloseable {

        /** Where the driver is opened and the stack's threads are: the kernel's own namespace, or another one that belongs to the joint. */
        Namespace stackSide();

        /** The kernel's network interface. */
        String kernelDevice();

        /** Lines of the configuration file: the driver, one port, its addresses, the kernel for a gateway, the MTU. */
        String config();

        /** Called when the driver is closed, or could not be opened. Takes away all that {@link #join} has made. */
        @Override
        void close() throws IOException;
    }
}
