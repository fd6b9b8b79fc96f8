package dev.jmtcp.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jmtcp.driver.dpdk.DpdkProvider;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.testsupport.Namespace;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A veth pair: the kernel has one end, and a driver of DPDK the other, in a namespace where nobody else is. */
final class DpdkWire implements Wire {

    /** How DPDK reaches the end of a veth pair. */
    enum Device {
        /** By packet sockets. */
        AF_PACKET("net_af_packet"),
        /** By XDP sockets, which cannot do without copying on such interfaces. */
        AF_XDP("net_af_xdp");

        private final String driver;

        Device(String driver) {
            this.driver = driver;
        }

        private String arguments(int mtu) {
            if (this == AF_XDP) {
                return ",force_copy=1";
            }
            int frame = Integer.highestOneBit(mtu + 200) * 2;
            return ",qdisc_bypass=1,framecnt=512,framesz=" + frame + ",blocksz=" + Math.max(4096, frame);
        }
    }

    private static final String STACK_DEVICE = "veth0";
    private static final String KERNEL_DEVICE = "veth1";

    /** Devices of DPDK have names, one in a process. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Device device;

    DpdkWire(Device device) {
        this.device = device;
    }

    @Override
    public PacketIoProvider provider() {
        return new DpdkProvider();
    }

    @Override
    public void needs() {
        Needs.command("ethtool", "ethtool");
        if (provider().probe() instanceof Probe.Unusable(String reason, String remedy)) {
            assumeTrue(false, reason + ": " + remedy);
        }
    }

    @Override
    public Joint join(Namespace kernel, Plan plan) throws IOException {
        Namespace stack = Namespace.make();
        boolean complete = false;
        try {
            kernel.run("ip link add name " + STACK_DEVICE + " type veth peer name " + KERNEL_DEVICE);
            kernel.move(STACK_DEVICE, stack);
            for (var end :
                    java.util.Map.of(stack, STACK_DEVICE, kernel, KERNEL_DEVICE).entrySet()) {
                end.getKey().run("ip link set dev " + end.getValue() + " mtu " + plan.mtu() + " up");
            }
            // The other end is a program: it gets frames as they are on a wire, whole and with checksums.
            kernel.run("ethtool --offload " + KERNEL_DEVICE + " tx off rx off tso off gso off gro off");
            kernel.run("ip address add " + plan.kernelAddress() + "/24 dev " + KERNEL_DEVICE);
            complete = true;
        } finally {
            if (!complete) {
                stack.close();
            }
        }
        String config = """
                io = dpdk
                dpdk.hugepages = off
                dpdk.rx_descriptors = 2048
                port = %1$s
                port.%1$s.device = %2$s%3$d,iface=%1$s%4$s
                port.%1$s.address = %5$s/24
                port.%1$s.gateway = %6$s
                """.formatted(
                        STACK_DEVICE,
                        device.driver,
                        COUNT.getAndIncrement(),
                        device.arguments(plan.mtu()),
                        plan.stackAddress(),
                        plan.kernelAddress());
        return new Joint() {
            @Override
            public Namespace stackSide() {
                return stack;
            }

            @Override
            public String kernelDevice() {
                return KERNEL_DEVICE;
            }

            @Override
            public String config() {
                return config;
            }

            @Override
            public void close() {
                stack.close();
            }
        };
    }
}
