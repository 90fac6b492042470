package org.fuota.history;

/** Who made a change: a name in the container's realm, and where the request came from. */
public record Actor(String user, String remoteAddress) {}
