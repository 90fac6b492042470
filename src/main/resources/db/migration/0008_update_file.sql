-- Which bytes each path of an update file stands for, and what is known of them without reading them.
CREATE TABLE update_file (
    path TEXT PRIMARY KEY NOT NULL,
    -- Of the bytes, in lower-case hexadecimal; they lie under the first.
    sha256 TEXT NOT NULL,
    md5 TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- What the image says of itself; NULL where it doesn't.
    chip TEXT,
    project TEXT,
    version TEXT,
    -- Why no board would start it, if none would.
    flaw TEXT,
    -- Milliseconds since 1970-01-01T00:00:00Z, and the user.
    stored_at BIGINT NOT NULL,
    stored_by TEXT NOT NULL
);
CREATE INDEX update_file_sha256 ON update_file (sha256);

-- Bytes that need no path to name them until a day after this moment: they are about to be named, or were until then.
CREATE TABLE loose_blob (
    sha256 TEXT PRIMARY KEY NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX loose_blob_since ON loose_blob (since);
