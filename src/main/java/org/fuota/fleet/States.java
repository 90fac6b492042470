package org.fuota.fleet;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.fuota.device.DeviceRow;
import org.fuota.evidence.Conclusion;
import org.fuota.evidence.DeviceStatus;
import org.fuota.evidence.FleetDevice;
import org.fuota.evidence.FleetSettings;
import org.fuota.evidence.Moment;
import org.fuota.evidence.StateRules;
import org.fuota.file.FilePath;
import org.fuota.served.ServedTime;
import org.jspecify.annotations.Nullable;

/** Concludes the states of devices by the rules, from which files are there and how long was served. */
public final class States {
    private final FleetSettings settings;
    private final StateRules rules;
    private final Predicate<FilePath> fileExists;
    private final ServedTime served;

    /** @param fileExists whether a file can be downloaded from a path */
    public States(FleetSettings settings, Predicate<FilePath> fileExists, ServedTime served) {
        this.settings = settings;
        this.rules = new StateRules(settings);
        this.fileExists = fileExists;
        this.served = served;
    }

    FleetSettings settings() {
        return settings;
    }

    ServedTime served() {
        return served;
    }

    /** As of a moment; for a few thousand devices. */
    Round at(Moment now) {
        return new Round(now);
    }

    /** Looks once for each file. */
    final class Round {
        private final Moment now;
        private final Map<String, Boolean> files = new HashMap<>();

        private Round(Moment now) {
            this.now = now;
        }

        /** Of a device that has an assignment, or has polled. */
        FleetDevice conclude(
                String deviceId, @Nullable DeviceRow row, @Nullable Instant assignedAt, @Nullable DeviceStatus status) {
            boolean isFileThere = row != null && files.computeIfAbsent(row.updateFilePath(), this::exists);
            return new FleetDevice(
                    deviceId, row, assignedAt, status, rules.conclude(row, assignedAt, status, isFileThere, now));
        }

        /**
         * After polls. A check that is due earlier than it must be is left where it is: it does no harm, and to move it at each
         * poll would cost more.
         */
        FleetDevice conclude(FleetDevice before, DeviceStatus status) {
            FleetDevice after = conclude(before.deviceId(), before.row(), before.assignedAt(), status);
            Conclusion concluded = after.conclusion();
            Long checkAt = before.conclusion().checkAt();
            return checkAt == null || concluded.checkAt() == null || concluded.checkAt() < checkAt
                    ? after
                    : new FleetDevice(
                            after.deviceId(),
                            after.row(),
                            after.assignedAt(),
                            status,
                            new Conclusion(concluded.state(), concluded.since(), checkAt));
        }

        private boolean exists(String path) {
            return FilePath.ifRequestable(path).filter(fileExists).isPresent();
        }
    }
}
