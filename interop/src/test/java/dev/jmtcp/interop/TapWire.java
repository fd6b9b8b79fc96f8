package dev.jmtcp.interop;

import dev.jmtcp.driver.tap.TapProvider;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.testsupport.Namespace;
import dev.jmtcp.testsupport.Needs;
import java.nio.file.Path;

/** A TAP interface, which the driver makes itself, in the namespace of the kernel it leads to. */
final class TapWire implements Wire {

    private static final String DEVICE = "tap0";

    @Override
    public PacketIoProvider provider() {
        return new TapProvider();
    }

    @Override
    public void needs() {
        Needs.device(Path.of("/dev/net/tun"));
    }

    @Override
    public Joint join(Namespace kernel, Plan plan) {
        String config = """
                io = tap
                port = %1$s
                tap.offload = %2$s
                port.%1$s.address = %3$s/24
                port.%1$s.gateway = %4$s
                port.%1$s.kernel_address = %4$s/24
                port.%1$s.mtu = %5$d
                """.formatted(
                        DEVICE, plan.offload() ? "on" : "off", plan.stackAddress(), plan.kernelAddress(), plan.mtu());
        return new Joint() {
            @Override
            public Namespace stackSide() {
                return kernel;
            }

            @Override
            public String kernelDevice() {
                return DEVICE;
            }

            @Override
            public String config() {
                return config;
            }

            @Override
            public void close() {}
        };
    }
}
