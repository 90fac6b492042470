-- How long polls could be answered, in milliseconds, and for each day of that: what the clock said when it began.
CREATE TABLE served_day (
    day BIGINT PRIMARY KEY NOT NULL,
    began_at BIGINT NOT NULL,
    served BIGINT NOT NULL,
    counted_at BIGINT NOT NULL
);

-- The same moments in that time. Until now it went by the clock.
ALTER TABLE device_status ADD COLUMN last_seen_served BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device_status ADD COLUMN offered_since_served BIGINT;
ALTER TABLE device_status ADD COLUMN offered_last_served BIGINT;
UPDATE device_status
SET last_seen_served = last_seen, offered_since_served = offered_since, offered_last_served = offered_last;
INSERT INTO served_day (day, began_at, served, counted_at)
SELECT MAX(last_seen) / 86400000, MAX(last_seen), MAX(last_seen), MAX(last_seen)
FROM device_status
HAVING COUNT(*) > 0;
