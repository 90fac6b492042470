-- The file that a device had taken, by its own polls, before it was offered the last one; NULL when that isn't known.
ALTER TABLE device_status ADD COLUMN taken_before TEXT;

-- What files that were offered say of themselves, by digest: it is asked for when their bytes are gone.
CREATE TABLE offered_image (
    sha256 TEXT PRIMARY KEY NOT NULL,
    chip TEXT,
    project TEXT
);

-- The first few devices that a row of file_report counts, so that none is counted twice.
CREATE TABLE file_report_device (
    sha256 TEXT NOT NULL,
    app_ver TEXT NOT NULL,
    device_id TEXT NOT NULL,
    PRIMARY KEY (sha256, app_ver, device_id)
);
