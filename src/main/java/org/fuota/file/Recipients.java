package org.fuota.file;

/**
 * So many devices that are, or are to be, offered an update file, and are alike in what matters to it.
 *
 * @param appVersion the version that the file is to replace
 * @param last what they took last
 */
public record Recipients(long devices, String firstId, String appVersion, LastFile last) {}
