package org.fuota.file;

/**
 * What an upload led to.
 *
 * @param file what is at the path now
 * @param isNew false when the same bytes were there already, and nothing was written
 */
public record SavedFile(StoredFile file, boolean isNew) {}
