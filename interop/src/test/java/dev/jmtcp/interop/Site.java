package dev.jmtcp.interop;

import dev.jmtcp.testsupport.Namespace;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;

/** A place for a stack: the namespace of the kernel that it is to talk to, made for it, the joint, and the stack's configuration. */
final class Site implements AutoCloseable {

    /** The kernel's side, where programs run. */
    final Namespace kernel;

    final Wire.Joint joint;

    /** The configuration file. */
    final String config;

    Site(Network.Setup setup) throws IOException {
        Needs.netAdmin();
        Needs.command("ip", "iproute2");
        setup.wire().needs();
        kernel = Namespace.make();
        try {
            for (var setting : setup.kernel().entrySet()) {
                kernel.set(setting.getKey(), setting.getValue());
            }
            joint = setup.wire().join(kernel, setup.plan());
        } catch (IOException | RuntimeException | Error e) {
            kernel.close();
            throw e;
        }
        config = joint.config() + setup.lines();
    }

    @Override
    public void close() throws IOException {
        try (kernel) {
            joint.close();
        }
    }
}
