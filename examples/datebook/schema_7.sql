-- Version 7: photos have a name and a version.

CREATE TABLE named_photo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact INTEGER NOT NULL UNIQUE REFERENCES contact ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
INSERT INTO named_photo (contact, name, media_type, bytes)
    SELECT contact, 'photo.' || replace(media_type, 'image/', ''), media_type, bytes FROM photo;
DROP TABLE photo;
ALTER TABLE named_photo RENAME TO photo;
