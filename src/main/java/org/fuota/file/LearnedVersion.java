package org.fuota.file;

/**
 * A version that devices reported first after they had been offered a file.
 *
 * @param devices how many did
 */
public record LearnedVersion(String appVersion, long devices) {}
