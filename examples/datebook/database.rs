//! The database file: opening and migrating it, and converting values for its columns.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use solohttp::sqlite::Database;
use solohttp::sqlite::rusqlite::types::Type;
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _, Row};
use solohttp::{Place, Result};

/// The migrations. The next version of the program will append one.
const STEPS: [&str; 3] =
    [include_str!("schema.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

pub(crate) fn file(place: &Place) -> PathBuf {
    place.file("datebook.sqlite")
}

pub(crate) fn open(path: &Path) -> Result<Connection> {
    Ok(Database::at(path).migrations(STEPS).integrity_check().daily_copies(7).open()?)
}

#[cfg(test)]
pub(crate) fn in_memory() -> Result<Connection> {
    Ok(Database::in_memory().migrations(STEPS).open()?)
}

pub(crate) fn setting(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT value FROM setting WHERE name = ?1";
    db.prepare_cached(sql)?.query_row([name], |row| row.get(0)).optional()
}

pub(crate) fn set(db: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2";
    db.execute(sql, [name, value]).map(drop)
}

/// Parses a date or time, which is stored as text that sorts chronologically.
pub(crate) fn parsed<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    parse(&row.get::<_, String>(column)?)
}

/// Same as `parsed`, for a nullable column.
pub(crate) fn maybe_parsed<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    row.get::<_, Option<String>>(column)?.map(|text| parse(&text)).transpose()
}

fn parse<T>(text: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    let wrong = |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
    text.parse().map_err(wrong)
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
            let sorted = "SELECT name FROM contact ORDER BY by_name";
            let sql = format!("SELECT group_concat(name, ' ') FROM ({sorted})");
            db.query_row(&sql, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(names(&open(&path).unwrap()), "apfel Äpfel Birne Zebra");
        assert_eq!(names(&Connection::open(&path).unwrap()), "apfel Äpfel Birne Zebra");
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
