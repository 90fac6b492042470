-- Assignments that are too many for one transaction: staged some at a time, they count all at once from when their bulk is
-- published, and are then moved to device_app, some at a time again.
CREATE TABLE bulk (
    number BIGINT PRIMARY KEY NOT NULL,
    -- 1 when its lines count, else 0.
    published BIGINT NOT NULL,
    -- Milliseconds since 1970-01-01T00:00:00Z, and who asked for it.
    happened_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    remote_addr TEXT NOT NULL
);
-- One at a time.
CREATE UNIQUE INDEX bulk_published ON bulk (published) WHERE published = 1;

-- NULL where the device's assignment is withdrawn.
CREATE TABLE bulk_line (
    bulk BIGINT NOT NULL,
    device_id TEXT NOT NULL,
    app_ver TEXT,
    update_file_path TEXT,
    PRIMARY KEY (bulk, device_id)
);

-- What each device is assigned, wherever that is kept.
CREATE VIEW assignment AS
SELECT l.device_id, l.app_ver, l.update_file_path
FROM bulk_line l
WHERE l.bulk = (SELECT number FROM bulk WHERE published = 1) AND l.update_file_path IS NOT NULL
UNION ALL
SELECT a.device_id, a.app_ver, a.update_file_path
FROM device_app a
WHERE NOT EXISTS (
    SELECT 1
    FROM bulk_line l
    WHERE l.bulk = (SELECT number FROM bulk WHERE published = 1) AND l.device_id = a.device_id);
