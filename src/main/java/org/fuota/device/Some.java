package org.fuota.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many devices, and the first few of them. */
final class Some {
    private static final int FIRST_IDS = 5;

    private final List<String> firstIds = new ArrayList<>();
    private long devices;

    void add(DeviceId deviceId) {
        devices++;
        if (firstIds.size() < FIRST_IDS) {
            firstIds.add(deviceId.value());
        }
    }

    long devices() {
        return devices;
    }

    /** For JSON. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("devices", devices);
        fields.put("first_ids", List.copyOf(firstIds));
        return fields;
    }
}
