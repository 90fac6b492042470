-- Groups of boards by their ids, whether they were seen or not.
CREATE TABLE board_group (
    name TEXT NOT NULL,
    device_id TEXT NOT NULL,
    PRIMARY KEY (name, device_id)
);
CREATE INDEX board_group_device ON board_group (device_id);

-- What is rolled out. Nothing but its state, and what goes with that, is ever changed. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE rollout (
    -- In the order in which they were made.
    number BIGINT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    -- JSON, as docs/rollouts.md has it, with the defaults; and a field of it that boards are counted by.
    definition TEXT NOT NULL,
    max_downloads BIGINT NOT NULL,
    -- The number of the one that it takes back; null for others.
    undoes BIGINT,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- From 0; and what failed before was set aside when somebody resumed it.
    stage BIGINT NOT NULL,
    stage_began BIGINT,
    -- The same in served time.
    stage_began_served BIGINT,
    resumed BIGINT,
    -- The second up to which first offers were handed out to nodes, where it has a pace.
    paced_to BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX rollout_name ON rollout (name);

-- What each offers: one file; or, where it takes back, what boards had taken before. The bytes that a path held when the rollout was made,
-- and what they said of themselves.
CREATE TABLE rollout_file (
    rollout BIGINT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    chip TEXT,
    project TEXT,
    PRIMARY KEY (rollout, path)
);
CREATE INDEX rollout_file_path ON rollout_file (path);
CREATE TABLE rollout_stage (
    rollout BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    began BIGINT NOT NULL,
    passed BIGINT,
    PRIMARY KEY (rollout, stage)
);

-- Each board that a rollout was offered to, and what came of that; a row comes with the first offer.
CREATE TABLE rollout_board (
    rollout BIGINT NOT NULL,
    device_id TEXT NOT NULL,
    offered_at BIGINT NOT NULL,
    offered_last BIGINT NOT NULL,
    offers BIGINT NOT NULL,
    -- The digest of what it had taken before; null when that isn't known.
    taken_before TEXT,
    -- In served time: when the newest of what is known was told, and from when it could have updated.
    told_served BIGINT NOT NULL,
    due_served BIGINT NOT NULL,
    -- The first version that it reported then, and when; and when it reported a replaced one again.
    updated_to TEXT,
    updated_at BIGINT,
    reverted_at BIGINT,
    -- When it was noticed that it had failed, in whatever way; null while it hasn't.
    failed_at BIGINT,
    PRIMARY KEY (rollout, device_id)
);
CREATE INDEX rollout_board_device ON rollout_board (device_id);

-- How a rollout went.
CREATE TABLE rollout_progress (
    rollout BIGINT NOT NULL,
    at BIGINT NOT NULL,
    offered BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    PRIMARY KEY (rollout, at)
);

-- One row while all offers are stopped: since when, by whom, from where, and why.
CREATE TABLE offer_stop (
    id BIGINT PRIMARY KEY NOT NULL,
    since BIGINT NOT NULL,
    actor TEXT NOT NULL,
    remote_addr TEXT NOT NULL,
    why TEXT NOT NULL
);

-- One row, whose number rises with each change of a group: what a node has in memory is of that number.
CREATE TABLE group_version (
    id BIGINT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO group_version (id, version) VALUES (1, 0);
