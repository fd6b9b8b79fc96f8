/** Both applications on one simulated wire in virtual time, with every byte checked. */
@NullMarked
package dev.jmtcp.apps.demo;

import org.jspecify.annotations.NullMarked;
