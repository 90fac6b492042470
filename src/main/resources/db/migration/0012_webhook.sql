-- What happened, and is told to webhooks. Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE webhook_event (
    number BIGINT PRIMARY KEY NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    sentence TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    -- On which node.
    node TEXT NOT NULL
);

-- Whom it is told, and what came of that.
CREATE TABLE webhook_delivery (
    event BIGINT NOT NULL,
    -- The SHA-256 of the URL, which is a secret.
    target TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    tried_at BIGINT,
    -- When it is to be tried next.
    due_at BIGINT NOT NULL,
    -- NULL as long as it waits; then, without an error, it is delivered, and else given up.
    done_at BIGINT,
    -- Why the last attempt failed.
    error TEXT,
    PRIMARY KEY (event, target)
);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (target, event) WHERE done_at IS NULL;
