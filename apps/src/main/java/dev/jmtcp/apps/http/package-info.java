/** HTTP/1.0 and HTTP/1.1 (RFC 9110, RFC 9112) for serving files: bytes in, bytes out, no sockets. */
@NullMarked
package dev.jmtcp.apps.http;

import org.jspecify.annotations.NullMarked;
