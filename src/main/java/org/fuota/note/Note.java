package org.fuota.note;

import java.time.Instant;

/**
 * What somebody has noted about a device.
 *
 * @param number its own among those of all devices, and never another's
 * @param text one or several lines, parted by line feeds
 */
public record Note(long number, String deviceId, Instant at, String user, String remoteAddress, String text) {}
