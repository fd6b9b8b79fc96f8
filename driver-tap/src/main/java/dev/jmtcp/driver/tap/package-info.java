/**
 * The driver of Linux TAP interfaces: the kernel of this machine is at the other end of the wire. Calls the C library by foreign functions; needs
 * nothing installed.
 */
@NullMarked
package dev.jmtcp.driver.tap;

import org.jspecify.annotations.NullMarked;
