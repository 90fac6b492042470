package org.fuota.file;

/**
 * A download that begins.
 *
 * @param isPartial whether it is a range of the file
 * @param bytes how many there are to send
 */
public record Download(boolean isPartial, long bytes) {}
