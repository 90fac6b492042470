-- Has the SQLite database forget what version 0.1 doesn't know, and keep the rest as that had it. README tells when.
BEGIN;
INSERT INTO device_app (device_id, app_ver, update_file_path)
SELECT device_id, app_ver, update_file_path FROM bulk_line
WHERE bulk IN (SELECT number FROM bulk WHERE published = 1)
ON CONFLICT (device_id) DO UPDATE
SET app_ver = excluded.app_ver, update_file_path = excluded.update_file_path;
DELETE FROM device_app WHERE device_id IN (
    SELECT device_id FROM bulk_line
    WHERE bulk IN (SELECT number FROM bulk WHERE published = 1) AND update_file_path IS NULL);
DROP VIEW assignment;
DROP TABLE bulk_line;
DROP TABLE bulk;
DROP TABLE update_file;
DROP TABLE loose_blob;
DROP TABLE blob_chunk;
DROP TABLE board_group;
DROP TABLE group_version;
DROP TABLE rollout;
DROP TABLE rollout_stage;
DROP TABLE rollout_board;
DROP TABLE rollout_progress;
DROP TABLE offer_stop;
DROP TABLE webhook_delivery;
DROP TABLE webhook_event;
DROP TABLE fleet_history;
DROP TABLE silent_group;
DROP TABLE device_note;
DROP INDEX history_rollout;
DROP TABLE rollout_file;

CREATE TABLE device_assignment (
    device_id TEXT PRIMARY KEY NOT NULL,
    assigned_at BIGINT NOT NULL
);
INSERT INTO device_assignment (device_id, assigned_at)
SELECT device_id, assigned_at FROM device_status WHERE row_file IS NOT NULL AND assigned_at IS NOT NULL;

CREATE TABLE device_status_before (
    device_id TEXT PRIMARY KEY NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    polls BIGINT NOT NULL,
    recent_gaps TEXT NOT NULL,
    app_ver TEXT,
    app_ver_since BIGINT,
    remote_addr TEXT NOT NULL,
    answer TEXT NOT NULL,
    answer_since BIGINT NOT NULL,
    offered_file TEXT,
    offered_sha256 TEXT,
    offered_app_ver TEXT,
    offered_since BIGINT,
    offered_last BIGINT,
    offers BIGINT,
    updated_app_ver TEXT,
    updated_at BIGINT,
    reverted_at BIGINT,
    version_before TEXT,
    version_flips BIGINT NOT NULL,
    version_flip_at BIGINT,
    addr_before TEXT,
    addr_flips BIGINT NOT NULL,
    addr_flip_at BIGINT,
    taken_before TEXT,
    last_seen_served BIGINT NOT NULL DEFAULT 0,
    offered_since_served BIGINT,
    offered_last_served BIGINT
);
INSERT INTO device_status_before
SELECT device_id, first_seen, last_seen, polls, recent_gaps, app_ver, app_ver_since, remote_addr, answer, answer_since,
    offered_file, offered_sha256, offered_app_ver, offered_since, offered_last, offers,
    updated_app_ver, updated_at, reverted_at, version_before, version_flips, version_flip_at,
    addr_before, addr_flips, addr_flip_at, taken_before, last_seen_served, offered_since_served, offered_last_served
FROM device_status
WHERE first_seen IS NOT NULL;
DROP TABLE device_status;
ALTER TABLE device_status_before RENAME TO device_status;

DELETE FROM schema_migration WHERE number > '0006';
COMMIT;
