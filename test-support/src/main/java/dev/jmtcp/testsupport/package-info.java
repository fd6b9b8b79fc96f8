/** What the tests of all modules share. */
@NullMarked
package dev.jmtcp.testsupport;

import org.jspecify.annotations.NullMarked;
