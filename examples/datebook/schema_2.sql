-- Version 2: for each order, a list needs an indexed column that sorts in this order.
-- Only the indexes of these generated columns take space.

ALTER TABLE contact ADD COLUMN by_name TEXT COLLATE NOCASE
    AS (name || ' ' || format('%012d', id));
-- The old index still finds a contact by name.
CREATE INDEX contact_page ON contact (by_name);

ALTER TABLE appointment ADD COLUMN by_time TEXT
    AS (day || ' ' || coalesce(starts, '') || ' ' || format('%012d', id));
DROP INDEX appointment_by_day;
CREATE INDEX appointment_by_day ON appointment (day, by_time);

-- Open tasks first; those without a due day last.
ALTER TABLE task ADD COLUMN by_title TEXT COLLATE NOCASE
    AS (done || title || ' ' || format('%012d', id));
ALTER TABLE task ADD COLUMN by_priority TEXT
    AS (done || (9 - priority) || coalesce(due, '~') || ' ' || format('%012d', id));
ALTER TABLE task ADD COLUMN by_due TEXT
    AS (done || coalesce(due, '~') || (9 - priority) || ' ' || format('%012d', id));
DROP INDEX task_by_title;
DROP INDEX task_by_priority;
DROP INDEX task_by_due;
CREATE INDEX task_by_title ON task (by_title);
CREATE INDEX task_by_priority ON task (by_priority);
CREATE INDEX task_by_due ON task (by_due);
