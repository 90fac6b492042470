package org.fuota.device;

/**
 * A row of many, and where it stands.
 *
 * @param number of its line, from 1
 */
record UpdateLine(int number, DeviceUpdate update) {}
