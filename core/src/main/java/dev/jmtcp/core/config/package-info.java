/** The configuration files: mtcp.conf, arp.conf and route.conf. */
@NullMarked
package dev.jmtcp.core.config;

import org.jspecify.annotations.NullMarked;
