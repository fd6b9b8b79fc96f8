/** Single parts, measured with JMH: {@code bin/jmtcp bench micro}. */
@NullMarked
package dev.jmtcp.bench.micro;

import org.jspecify.annotations.NullMarked;
