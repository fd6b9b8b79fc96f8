package dev.jmtcp.interop;

class TapInteropTest extends InteropTest {

    TapInteropTest() {
        super(new TapWire());
    }
}
