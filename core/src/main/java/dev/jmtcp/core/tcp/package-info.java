/** TCP: connections, their handshake, sending, receiving, loss recovery and congestion control. */
@NullMarked
package dev.jmtcp.core.tcp;

import org.jspecify.annotations.NullMarked;
