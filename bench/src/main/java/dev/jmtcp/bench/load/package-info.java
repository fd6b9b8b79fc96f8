/** What the applications send and how they know it again; the same for all contestants. */
@NullMarked
package dev.jmtcp.bench.load;

import org.jspecify.annotations.NullMarked;
