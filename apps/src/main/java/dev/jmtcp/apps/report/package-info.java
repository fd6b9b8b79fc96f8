/** What programs print as mTCP's do, so that who reads or parses mTCP's output reads this. */
@NullMarked
package dev.jmtcp.apps.report;

import org.jspecify.annotations.NullMarked;
