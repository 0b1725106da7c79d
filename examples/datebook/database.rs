//! The database file: opening and migrating it, and the settings.

use std::path::{Path, PathBuf};

use solohttp::sqlite::Database;
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _};
use solohttp::{Place, Result};

use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::task::Task;

/// The migrations. The next version of the program will append one.
const STEPS: [&str; 9] = [
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
];

pub(crate) fn file(place: &Place) -> PathBuf {
    place.file("datebook.sqlite")
}

pub(crate) fn open(path: &Path) -> Result<Connection> {
    Ok(with_tables(Database::at(path)).integrity_check().daily_copies(7).open()?)
}

fn with_tables(database: Database) -> Database {
    database
        .migrations(STEPS)
        .full_text("contact", ["name", "email", "phone", "notes"])
        .full_text("appointment", ["title", "place", "notes"])
        .full_text("task", ["title", "notes"])
        .record::<Contact>()
        .record::<Appointment>()
        .record::<Task>()
}

#[cfg(test)]
pub(crate) fn in_memory() -> Result<Connection> {
    Ok(with_tables(Database::in_memory()).open()?)
}

pub(crate) fn setting(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT value FROM setting WHERE name = ?1";
    db.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()
}

pub(crate) fn set(db: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2";
    db.execute(sql, [name, value]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_a_new_file_and_opens_it_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.sqlite");
        let book = |db: &Connection| setting(db, "book").unwrap().unwrap();
        let first = book(&open(&path).unwrap());
        assert_eq!(first.len(), 32);
        assert_eq!(book(&open(&path).unwrap()), first, "it is the same book");
    }

    #[test]
    fn sorts_a_book_of_the_second_version_and_lets_other_programs_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.sqlite");
        let steps = STEPS.into_iter().take(2);
        let old = Database::at(&path).migrations(steps).open().unwrap();
        for name in ["Zebra", "Birne", "Äpfel", "apfel"] {
            let sql = "INSERT INTO contact (name, email, phone, notes) VALUES (?1, '', '', '')";
            old.execute(sql, [name]).unwrap();
        }
        drop(old);
        let names = |db: &Connection| -> String {
            let sorted = "SELECT name FROM contact ORDER BY sort_key";
            let sql = format!("SELECT group_concat(name, ' ') FROM ({sorted})");
            db.query_row(&sql, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(names(&open(&path).unwrap()), "apfel Äpfel Birne Zebra");
        assert_eq!(names(&Connection::open(&path).unwrap()), "apfel Äpfel Birne Zebra");
    }

    #[test]
    fn finds_the_words_of_a_book_whose_triggers_were_written_by_hand() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.sqlite");
        let old = Database::at(&path).migrations(STEPS.into_iter().take(5)).open().unwrap();
        let add = "INSERT INTO task (title, priority, done, notes) VALUES ('Paint', 1, 0, 'blue')";
        old.execute(add, []).unwrap();
        drop(old);
        let db = open(&path).unwrap();
        db.execute_batch("UPDATE task SET notes = 'red'").unwrap();
        db.execute(add, []).unwrap();
        let found = |word: &str| -> i64 {
            let sql = "SELECT count(*) FROM task_words WHERE task_words MATCH ?1";
            db.query_row(sql, [word], |row| row.get(0)).unwrap()
        };
        assert_eq!([found("paint"), found("red"), found("blue")], [2, 1, 1]);
    }

    #[test]
    fn keeps_settings() {
        let db = in_memory().unwrap();
        assert_eq!(setting(&db, "sort").unwrap(), None);
        set(&db, "sort", "due").unwrap();
        set(&db, "sort", "title").unwrap();
        assert_eq!(setting(&db, "sort").unwrap().as_deref(), Some("title"));
    }
}
