-- How many boards there were, hour by hour. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE fleet_history (
    -- state, version or rollout.
    kind TEXT NOT NULL,
    -- When the hour began.
    hour BIGINT NOT NULL,
    -- Of the state, version or rollout; empty for boards that reported no version.
    name TEXT NOT NULL,
    -- Of a rollout those that it was offered to.
    boards BIGINT NOT NULL,
    -- What had become of these; NULL where it isn't a rollout.
    updated BIGINT,
    failed BIGINT,
    pending BIGINT,
    PRIMARY KEY (kind, hour, name)
);

-- Groups of which webhooks were told that they fell silent, until that is over; empty for all boards.
CREATE TABLE silent_group (
    name TEXT PRIMARY KEY NOT NULL,
    since BIGINT NOT NULL
);
