/** What applications see: contexts, sockets, listeners, epoll and pipes. */
@NullMarked
package dev.jmtcp.core.socket;

import org.jspecify.annotations.NullMarked;
