package org.fuota.poll;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;
import org.fuota.db.Database;
import org.fuota.device.AssignmentStore;
import org.fuota.device.DeviceId;
import org.fuota.device.DeviceRow;
import org.fuota.file.FilePath;
import org.fuota.file.ImageFacts;
import org.fuota.http.Sha256;
import org.jspecify.annotations.Nullable;

/** What devices are assigned, and what their files' paths stand for: one query a poll, and one look at the disk where it may be offered. */
public final class AssignedUpdateStore {
    private final Database database;
    private final Predicate<@Nullable Sha256> isThere;

    /** @param isThere whether bytes are on the disk; of null, which a path stands for that has none, false or an exception */
    public AssignedUpdateStore(Database database, Predicate<@Nullable Sha256> isThere) {
        this.database = database;
        this.isThere = isThere;
    }

    /** Empty for a device without an assignment. What keeps it from looking, such as a database that is gone, is thrown. */
    public Optional<AssignedUpdate> find(DeviceId deviceId) {
        // LIMIT keeps SQLite from joining each half of the view by itself, for three times the price.
        return database.queryOneSoon("""
                SELECT device_id, app_ver, update_file_path, sha256, chip, project
                FROM (SELECT device_id, app_ver, update_file_path FROM assignment WHERE device_id = ? LIMIT 1) assigned
                LEFT JOIN update_file ON path = update_file_path
                """, this::update, deviceId.value());
    }

    private AssignedUpdate update(ResultSet row) throws SQLException {
        DeviceRow assigned = AssignmentStore.row(row, 1);
        String sha256 = row.getString(4);
        OfferedFile file = sha256 == null
                ? null
                : new OfferedFile(
                        new FilePath(assigned.updateFilePath()),
                        sha256,
                        row.getString(5),
                        ImageFacts.ownProject(row.getString(6)),
                        null);
        return new AssignedUpdate(
                assigned,
                () -> isThere.test(sha256 == null ? null : new Sha256(sha256))
                        ? Optional.ofNullable(file)
                        : Optional.empty());
    }
}
