-- The tables of version 1. Never change this file, which has already run on users' data. Later
-- versions append a migration in `database.rs`.

CREATE TABLE contact (
    -- AUTOINCREMENT: ids of deleted contacts aren't reused, so deletions can be undone.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name <> ''),
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    notes TEXT NOT NULL
) STRICT;
CREATE INDEX contact_by_name ON contact (name COLLATE NOCASE, id);

CREATE TABLE photo (
    contact INTEGER PRIMARY KEY REFERENCES contact ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE appointment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (title <> ''),
    day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    -- NULL for a whole day.
    starts TEXT CHECK (starts GLOB '[0-9][0-9]:[0-9][0-9]'),
    ends TEXT CHECK (ends >= starts),
    place TEXT NOT NULL,
    contact INTEGER REFERENCES contact ON DELETE SET NULL,
    notes TEXT NOT NULL
) STRICT;
CREATE INDEX appointment_by_day ON appointment (day, starts, id);
CREATE INDEX appointment_by_contact ON appointment (contact, day);

CREATE TABLE task (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (title <> ''),
    priority INTEGER NOT NULL CHECK (priority IN (1, 2, 3)),
    due TEXT CHECK (due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    notes TEXT NOT NULL
) STRICT;
-- One index per sort order, so that a page reads only its rows.
CREATE INDEX task_by_due ON task (done, due IS NULL, due, priority DESC, id);
CREATE INDEX task_by_priority ON task (done, priority DESC, due IS NULL, due, id);
CREATE INDEX task_by_title ON task (done, title COLLATE NOCASE, id);

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- Identifies this book for calendar programs.
INSERT INTO setting VALUES ('book', lower(hex(randomblob(16))));

-- Full-text search: an index per table, kept up to date by triggers.
CREATE VIRTUAL TABLE contact_words USING fts5
    (name, email, phone, notes, content = contact, content_rowid = id, prefix = '2 3');
CREATE TRIGGER contact_added AFTER INSERT ON contact BEGIN
    INSERT INTO contact_words (rowid, name, email, phone, notes)
    VALUES (new.id, new.name, new.email, new.phone, new.notes);
END;
CREATE TRIGGER contact_removed AFTER DELETE ON contact BEGIN
    INSERT INTO contact_words (contact_words, rowid, name, email, phone, notes)
    VALUES ('delete', old.id, old.name, old.email, old.phone, old.notes);
END;
CREATE TRIGGER contact_changed AFTER UPDATE OF name, email, phone, notes ON contact BEGIN
    INSERT INTO contact_words (contact_words, rowid, name, email, phone, notes)
    VALUES ('delete', old.id, old.name, old.email, old.phone, old.notes);
    INSERT INTO contact_words (rowid, name, email, phone, notes)
    VALUES (new.id, new.name, new.email, new.phone, new.notes);
END;

CREATE VIRTUAL TABLE appointment_words USING fts5
    (title, place, notes, content = appointment, content_rowid = id, prefix = '2 3');
CREATE TRIGGER appointment_added AFTER INSERT ON appointment BEGIN
    INSERT INTO appointment_words (rowid, title, place, notes)
    VALUES (new.id, new.title, new.place, new.notes);
END;
CREATE TRIGGER appointment_removed AFTER DELETE ON appointment BEGIN
    INSERT INTO appointment_words (appointment_words, rowid, title, place, notes)
    VALUES ('delete', old.id, old.title, old.place, old.notes);
END;
CREATE TRIGGER appointment_changed AFTER UPDATE OF title, place, notes ON appointment BEGIN
    INSERT INTO appointment_words (appointment_words, rowid, title, place, notes)
    VALUES ('delete', old.id, old.title, old.place, old.notes);
    INSERT INTO appointment_words (rowid, title, place, notes)
    VALUES (new.id, new.title, new.place, new.notes);
END;

CREATE VIRTUAL TABLE task_words USING fts5
    (title, notes, content = task, content_rowid = id, prefix = '2 3');
CREATE TRIGGER task_added AFTER INSERT ON task BEGIN
    INSERT INTO task_words (rowid, title, notes) VALUES (new.id, new.title, new.notes);
END;
CREATE TRIGGER task_removed AFTER DELETE ON task BEGIN
    INSERT INTO task_words (task_words, rowid, title, notes)
    VALUES ('delete', old.id, old.title, old.notes);
END;
CREATE TRIGGER task_changed AFTER UPDATE OF title, notes ON task BEGIN
    INSERT INTO task_words (task_words, rowid, title, notes)
    VALUES ('delete', old.id, old.title, old.notes);
    INSERT INTO task_words (rowid, title, notes) VALUES (new.id, new.title, new.notes);
END;
