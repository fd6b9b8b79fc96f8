/** The PacketIO SPI and its packet memory rules. */
@NullMarked
package dev.jmtcp.spi;

import org.jspecify.annotations.NullMarked;
