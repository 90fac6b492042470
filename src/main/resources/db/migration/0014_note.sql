-- What people have noted about boards, whether these are known or not. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE device_note (
    -- In the order in which they were written, of all boards.
    number BIGINT PRIMARY KEY NOT NULL,
    device_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    user_name TEXT NOT NULL,
    remote_addr TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX device_note_device ON device_note (device_id, number);

-- Of which there are few among what polls told.
CREATE INDEX history_rollout ON history (number) WHERE event = 'rollout';
