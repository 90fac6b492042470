-- Times are milliseconds since 1970-01-01T00:00:00Z.

-- Since when a device's row is as it is. Not a column of device_app, which docker-fuota-server must still be able to open.
CREATE TABLE device_assignment (
    device_id TEXT PRIMARY KEY NOT NULL,
    assigned_at BIGINT NOT NULL
);

-- What a device's own polls tell, as of the last of them.
CREATE TABLE device_status (
    device_id TEXT PRIMARY KEY NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    polls BIGINT NOT NULL,
    -- The last gaps between polls, in milliseconds, parted by commas, newest last.
    recent_gaps TEXT NOT NULL,
    app_ver TEXT,
    app_ver_since BIGINT,
    remote_addr TEXT NOT NULL,
    answer TEXT NOT NULL,
    answer_since BIGINT NOT NULL,
    -- The last file that was offered, to the version that it was to replace, and what came of it.
    offered_file TEXT,
    offered_sha256 TEXT,
    offered_app_ver TEXT,
    offered_since BIGINT,
    offered_last BIGINT,
    offers BIGINT,
    updated_app_ver TEXT,
    updated_at BIGINT,
    reverted_at BIGINT,
    -- Back and forth: what was before, how often it came back, and when last.
    version_before TEXT,
    version_flips BIGINT NOT NULL,
    version_flip_at BIGINT,
    addr_before TEXT,
    addr_flips BIGINT NOT NULL,
    addr_flip_at BIGINT
);

-- What devices reported first after a file with this digest had been offered to them.
CREATE TABLE file_report (
    sha256 TEXT NOT NULL,
    app_ver TEXT NOT NULL,
    devices BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (sha256, app_ver)
);

-- What changed: by a device's polls, or, where there is an actor, by a user's request.
CREATE TABLE history (
    number BIGINT PRIMARY KEY NOT NULL,
    happened_at BIGINT NOT NULL,
    device_id TEXT,
    file_path TEXT,
    event TEXT NOT NULL,
    value_before TEXT,
    value_after TEXT,
    actor TEXT,
    remote_addr TEXT NOT NULL
);
CREATE INDEX history_device ON history (device_id, number);
CREATE INDEX history_time ON history (happened_at);
