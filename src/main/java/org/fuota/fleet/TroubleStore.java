package org.fuota.fleet;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fuota.db.Database;
import org.fuota.evidence.Flips;
import org.fuota.evidence.State;
import org.fuota.file.AssignmentAdvice;

/** What of the fleet needs a person, beside its counts by state. Each is answered by an index, or of so many boards at most. */
public final class TroubleStore {
    private static final int MAX_STUCK = 10_000;
    private static final int MAX_LOOPS = 10;

    private final Database database;
    private final Clock clock;

    public TroubleStore(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Since when groups are silent, by their names; an empty one stands for all boards. */
    public Map<String, Instant> silentGroups() {
        Map<String, Instant> groups = new LinkedHashMap<>();
        database.query(
                "SELECT name, since FROM silent_group ORDER BY name",
                row -> groups.put(row.getString(1), Instant.ofEpochMilli(row.getLong(2))));
        return groups;
    }

    /** How many devices poll by an id that two boards seem to use. */
    public long clones() {
        return database.queryOne(
                        "SELECT COUNT(*) FROM device_status WHERE " + FleetFilter.FLIPS + " AND version_flip_at >= ?",
                        row -> row.getLong(1),
                        clock.instant().minus(Flips.REMEMBERED).toEpochMilli())
                .orElse(0L);
    }

    /**
     * How many of the first {@value #MAX_STUCK} devices that are stuck are assigned a file that reports the very version that it is to
     * replace, by the file's path; of {@value #MAX_LOOPS} files at most.
     */
    public Map<String, Long> loops() {
        Map<String, Long> loops = new LinkedHashMap<>();
        database.query(
                """
                SELECT s.row_file, COUNT(*)
                FROM (SELECT row_file, row_app_ver FROM device_status WHERE state = ? ORDER BY device_id LIMIT ?) s
                JOIN update_file f ON f.path = s.row_file
                JOIN file_report r ON r.sha256 = f.sha256 AND r.app_ver = s.row_app_ver
                WHERE r.devices >= ? AND r.devices = (SELECT MAX(o.devices) FROM file_report o WHERE o.sha256 = f.sha256)
                GROUP BY s.row_file
                ORDER BY s.row_file
                LIMIT ?
                """,
                row -> loops.put(row.getString(1), row.getLong(2)),
                State.STUCK.ordinal(),
                MAX_STUCK,
                AssignmentAdvice.DEVICES_TO_BELIEVE,
                MAX_LOOPS);
        return loops;
    }
}
