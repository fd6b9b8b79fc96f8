/** The files that are served. */
@NullMarked
package dev.jmtcp.apps.files;

import org.jspecify.annotations.NullMarked;
