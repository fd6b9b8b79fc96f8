/**
 * The driver of netmap ports: network cards, VALE switches, pipes. Frames are read and written where netmap's kernel module has them, in the memory of its
 * rings. Calls the C library by foreign functions; needs the module, and nothing else.
 */
@NullMarked
package dev.jmtcp.driver.netmap;

import org.jspecify.annotations.NullMarked;
