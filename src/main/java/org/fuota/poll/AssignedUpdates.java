package org.fuota.poll;

import java.util.Optional;
import org.fuota.device.DeviceId;

/** Looks up what devices are assigned. */
@FunctionalInterface
public interface AssignedUpdates {
    /** Empty for a device without an assignment. What keeps it from looking, such as a database that is gone, is thrown. */
    Optional<AssignedUpdate> find(DeviceId deviceId);
}
