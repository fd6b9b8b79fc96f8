/**
 * The driver of the PacketShader I/O engine (psio), a kernel module for Intel's 82598 and 82599 network cards: its device file, opened, mapped and told what to do by
 * system calls.
 */
@NullMarked
package dev.jmtcp.driver.psio;

import org.jspecify.annotations.NullMarked;
