package org.fuota.evidence;

import java.time.Instant;

/**
 * A device reported this version first after it had been offered a file with this digest.
 *
 * @param sha256 in hexadecimal
 */
public record FileReport(String sha256, String appVersion, String deviceId, Instant at) {}
