package org.fuota.poll;

import java.util.Optional;
import java.util.function.Supplier;
import org.fuota.device.DeviceRow;

/** What a device is assigned. To look at the file costs I/O; empty when it isn't there, or has a path that no board could request. */
public record AssignedUpdate(DeviceRow row, Supplier<Optional<OfferedFile>> file) {}
