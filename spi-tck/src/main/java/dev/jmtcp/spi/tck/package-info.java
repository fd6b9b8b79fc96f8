/**
 * The contract test of a packet I/O driver: a driver is done when its {@link dev.jmtcp.spi.tck.PacketIoContractTest} passes.
 *
 * <p>A driver's test class extends it and says in a {@link dev.jmtcp.spi.tck.DriverFixture} how to open a link:
 *
 * <pre>{@code
 * final class LoopbackContractTest extends PacketIoContractTest {
 *     @Override
 *     protected DriverFixture fixture() {
 *         return DriverFixture.looped(new LoopbackProvider(), PortConfig.of("loop0")).queues(4);
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.jmtcp.spi.tck;

import org.jspecify.annotations.NullMarked;
