-- Version 9: contacts are sorted by their sort keys. A list sorts those with the same name by their
-- ids, so no column has to combine both.

DROP INDEX contact_page;
ALTER TABLE contact DROP COLUMN by_name;
CREATE INDEX contact_by_sort_key ON contact (sort_key);
