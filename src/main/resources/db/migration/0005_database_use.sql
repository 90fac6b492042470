-- Which database this is, and how often it was opened to serve: what lies beside it says so, too, and by that a server
-- notices that its database is lost, or that it is an older one.
CREATE TABLE database_use (
    id TEXT PRIMARY KEY NOT NULL,
    starts BIGINT NOT NULL
);
