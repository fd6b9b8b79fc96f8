package dev.jmtcp.interop;

class DpdkAfXdpInteropTest extends DpdkInteropTest {
    DpdkAfXdpInteropTest() {
        super(DpdkWire.Device.AF_XDP);
    }
}
