-- One row a board, whether it has an assignment, or has polled, or both, with the state that is concluded about it: so
-- whatever is asked of the fleet is asked of one table, and answered by an index.
CREATE TABLE device_board (
    device_id TEXT PRIMARY KEY NOT NULL,
    -- As in device_app, where it is changed; NULL without an assignment. Since when it is so; NULL where that isn't known.
    row_app_ver TEXT,
    row_file TEXT,
    assigned_at BIGINT,
    -- The ordinal of a State, since when, and the served time when it is to be concluded anew.
    state BIGINT NOT NULL,
    state_since BIGINT,
    check_at BIGINT,
    -- The rest is what its polls tell: NULL where it never polled.
    first_seen BIGINT,
    app_ver TEXT,
    app_ver_since BIGINT,
    remote_addr TEXT,
    answer TEXT,
    answer_since BIGINT,
    offered_file TEXT,
    offered_sha256 TEXT,
    offered_app_ver TEXT,
    offered_since BIGINT,
    offered_since_served BIGINT,
    updated_app_ver TEXT,
    updated_at BIGINT,
    reverted_at BIGINT,
    taken_before TEXT,
    version_before TEXT,
    version_flips BIGINT,
    version_flip_at BIGINT,
    addr_before TEXT,
    addr_flips BIGINT,
    addr_flip_at BIGINT,
    last_seen BIGINT,
    last_seen_served BIGINT,
    polls BIGINT,
    recent_gaps TEXT,
    offered_last BIGINT,
    offered_last_served BIGINT,
    offers BIGINT
);

-- The states are concluded after the start: all are due.
INSERT INTO device_board
SELECT a.device_id, COALESCE(a.app_ver, ''), COALESCE(a.update_file_path, ''), g.assigned_at,
    CASE WHEN s.device_id IS NULL THEN 0 ELSE 1 END, NULL, 0,
    s.first_seen, s.app_ver, s.app_ver_since, s.remote_addr, s.answer, s.answer_since,
    s.offered_file, s.offered_sha256, s.offered_app_ver, s.offered_since, s.offered_since_served,
    s.updated_app_ver, s.updated_at, s.reverted_at, s.taken_before,
    s.version_before, s.version_flips, s.version_flip_at, s.addr_before, s.addr_flips, s.addr_flip_at,
    s.last_seen, s.last_seen_served, s.polls, s.recent_gaps, s.offered_last, s.offered_last_served, s.offers
FROM device_app a
LEFT JOIN device_assignment g ON g.device_id = a.device_id
LEFT JOIN device_status s ON s.device_id = a.device_id
WHERE a.device_id IS NOT NULL;
INSERT INTO device_board
SELECT s.device_id, NULL, NULL, NULL, 9, s.first_seen, 0,
    s.first_seen, s.app_ver, s.app_ver_since, s.remote_addr, s.answer, s.answer_since,
    s.offered_file, s.offered_sha256, s.offered_app_ver, s.offered_since, s.offered_since_served,
    s.updated_app_ver, s.updated_at, s.reverted_at, s.taken_before,
    s.version_before, s.version_flips, s.version_flip_at, s.addr_before, s.addr_flips, s.addr_flip_at,
    s.last_seen, s.last_seen_served, s.polls, s.recent_gaps, s.offered_last, s.offered_last_served, s.offers
FROM device_status s
WHERE NOT EXISTS (SELECT 1 FROM device_app a WHERE a.device_id = s.device_id);

DROP TABLE device_assignment;
DROP TABLE device_status;
ALTER TABLE device_board RENAME TO device_status;

-- In pairs with the id, by which those that are equal are ordered. Of these, a poll that tells nothing new moves the first.
CREATE INDEX device_status_last_seen ON device_status (last_seen, device_id);
CREATE INDEX device_status_app_ver ON device_status (app_ver, device_id);
CREATE INDEX device_status_state ON device_status (state, device_id);
CREATE INDEX device_status_since ON device_status (state_since, device_id);
CREATE INDEX device_status_file ON device_status (row_file, device_id);
CREATE INDEX device_status_check ON device_status (check_at) WHERE check_at IS NOT NULL;
CREATE INDEX device_status_flips ON device_status (device_id) WHERE version_flips >= 3;
