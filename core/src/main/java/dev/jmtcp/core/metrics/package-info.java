/** What a stack counts: every frame dropped, by reason, once; and the events that tell how TCP fares. Knows nothing of other packages. */
@NullMarked
package dev.jmtcp.core.metrics;

import org.jspecify.annotations.NullMarked;
