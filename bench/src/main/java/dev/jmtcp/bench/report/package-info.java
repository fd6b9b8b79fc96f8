/** Results as a table, as JSON and as a picture. */
@NullMarked
package dev.jmtcp.bench.report;

import org.jspecify.annotations.NullMarked;
