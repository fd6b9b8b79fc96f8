package dev.jmtcp.core.socket;

/** Holds the place of the first class of this package, since an empty package cannot be exported. */
final class Unfinished {}
