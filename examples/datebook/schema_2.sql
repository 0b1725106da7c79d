-- The second version: a long list is cut into pages by a column that has another text in each row,
-- and sorts as the list does. See `paging.rs`. The columns take no room; their indexes do.

ALTER TABLE contact ADD COLUMN by_name TEXT COLLATE NOCASE
    AS (name || ' ' || format('%012d', id));
-- The index that there was finds a contact by its name.
CREATE INDEX contact_page ON contact (by_name);

ALTER TABLE appointment ADD COLUMN by_time TEXT
    AS (day || ' ' || coalesce(starts, '') || ' ' || format('%012d', id));
DROP INDEX appointment_by_day;
CREATE INDEX appointment_by_day ON appointment (day, by_time);

-- Open ones come first, whatever the order; those without a day come behind all days.
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
