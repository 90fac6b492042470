-- The bytes of update files where several nodes share the database; on SQLite they lie in a folder, and this is empty.
-- Rows of 1 MiB, the last one shorter, numbered from 0; of no bytes at all one row without any.
CREATE TABLE blob_chunk (
    sha256 TEXT NOT NULL,
    number BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (sha256, number)
);
-- Images don't get smaller.
-- postgresql: ALTER TABLE blob_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
