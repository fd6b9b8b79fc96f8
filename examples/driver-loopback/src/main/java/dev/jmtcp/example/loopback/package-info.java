/** A driver whose one port receives what it sends. */
@NullMarked
package dev.jmtcp.example.loopback;

import org.jspecify.annotations.NullMarked;
