package org.fuota.fleet;

import java.time.Instant;

/**
 * A device reported this version first after it had been offered a file with this digest.
 *
 * @param sha256 in hexadecimal
 */
record FileReport(String sha256, String appVersion, String deviceId, Instant at) {}
