package dev.jmtcp.interop;

class DpdkAfPacketInteropTest extends DpdkInteropTest {

    DpdkAfPacketInteropTest() {
        super(DpdkWire.Device.AF_PACKET);
    }
}
