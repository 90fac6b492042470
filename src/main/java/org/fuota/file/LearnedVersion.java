package org.fuota.file;

/** A version that so many devices reported first after they had been offered a file. */
public record LearnedVersion(String appVersion, long devices) {}
