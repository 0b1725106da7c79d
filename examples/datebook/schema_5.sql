-- Version 5: a single letter finds its words as quickly as two or three.

DROP TABLE contact_words;
CREATE VIRTUAL TABLE contact_words USING fts5
    (name, email, phone, notes, content = contact, content_rowid = id, prefix = '1 2 3');
INSERT INTO contact_words (contact_words) VALUES ('rebuild');

DROP TABLE appointment_words;
CREATE VIRTUAL TABLE appointment_words USING fts5
    (title, place, notes, content = appointment, content_rowid = id, prefix = '1 2 3');
INSERT INTO appointment_words (appointment_words) VALUES ('rebuild');

DROP TABLE task_words;
CREATE VIRTUAL TABLE task_words USING fts5
    (title, notes, content = task, content_rowid = id, prefix = '1 2 3');
INSERT INTO task_words (task_words) VALUES ('rebuild');
