/** Fetching a file over many connections: the part of {@code epwget} that runs on each core. */
@NullMarked
package dev.jmtcp.apps.client;

import org.jspecify.annotations.NullMarked;
