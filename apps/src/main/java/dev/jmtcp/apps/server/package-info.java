/** Serving files: the part of {@code epserver} that runs on each core. */
@NullMarked
package dev.jmtcp.apps.server;

import org.jspecify.annotations.NullMarked;
