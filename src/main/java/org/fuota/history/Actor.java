package org.fuota.history;

/**
 * Who made a change.
 *
 * @param user the name in the container's realm
 * @param remoteAddress where the request came from
 */
public record Actor(String user, String remoteAddress) {}
