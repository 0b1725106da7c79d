-- Version 6: `Database::full_text` makes the full-text tables and keeps them up to date.

DROP TRIGGER contact_added;
DROP TRIGGER contact_removed;
DROP TRIGGER contact_changed;
DROP TABLE contact_words;

DROP TRIGGER appointment_added;
DROP TRIGGER appointment_removed;
DROP TRIGGER appointment_changed;
DROP TABLE appointment_words;

DROP TRIGGER task_added;
DROP TRIGGER task_removed;
DROP TRIGGER task_changed;
DROP TABLE task_words;
