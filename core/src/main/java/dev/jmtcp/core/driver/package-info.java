/** Finding drivers, and decorators over any driver: pcap recorder, fault injector. */
@NullMarked
package dev.jmtcp.core.driver;

import org.jspecify.annotations.NullMarked;
