-- Version 4: the list of contacts can be sorted by these columns.

CREATE INDEX contact_by_email ON contact (email);
CREATE INDEX contact_by_phone ON contact (phone);
