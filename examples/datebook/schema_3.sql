-- Version 3: hourly fees in cents, so that sums are exact.

ALTER TABLE contact ADD COLUMN fee INTEGER CHECK (fee >= 0);

-- Names sort by letters, ignoring case and accents: apfel, Äpfel, Birne, Zebra. Programs without
-- the function `sort_key` can still read these tables; rows that they add sort first.

ALTER TABLE contact ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
UPDATE contact SET sort_key = sort_key(name);
DROP INDEX contact_page;
ALTER TABLE contact DROP COLUMN by_name;
ALTER TABLE contact ADD COLUMN by_name TEXT AS (sort_key || ' ' || format('%012d', id));
CREATE INDEX contact_page ON contact (by_name);

ALTER TABLE task ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
UPDATE task SET sort_key = sort_key(title);
DROP INDEX task_by_title;
ALTER TABLE task DROP COLUMN by_title;
ALTER TABLE task ADD COLUMN by_title TEXT AS (done || sort_key || ' ' || format('%012d', id));
CREATE INDEX task_by_title ON task (by_title);
