/** One core's engine: its configuration, its step and its counters. */
@NullMarked
package dev.jmtcp.core.stack;

import org.jspecify.annotations.NullMarked;
