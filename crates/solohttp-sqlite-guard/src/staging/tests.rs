//! Adding staged rows while nothing, something wrong, or another change comes in between.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use solohttp_core::{Handler as _, Request};

use super::*;
use crate::{Database, SqliteGuard, columns, write};

struct Item {
    name: String,
    of: Option<i64>,
}

columns!(Item in "item" { name, of } with { sort_key = "sort_key(:name)" });

const CREATE: &str = "CREATE TABLE item (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, of INTEGER, sort_key TEXT NOT NULL,
    CHECK (name <> 'bad')) STRICT";

fn open() -> (tempfile::TempDir, PathBuf, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sqlite");
    let db = Database::at(&file).migrations([CREATE]).record::<Item>().open().unwrap();
    (folder, file, db)
}

fn staged(file: &PathBuf, names: impl IntoIterator<Item = String>) -> Staging {
    let staging = Staging::open::<Item>(file).unwrap();
    for name in names {
        Item { name, of: Some(1) }.insert(staging.db()).unwrap();
    }
    staging
}

fn many() -> impl Iterator<Item = String> {
    (0..5_000).map(|number| format!("N{number}"))
}

fn count(db: &Connection) -> i64 {
    db.query_row("SELECT count(*) FROM item", [], |row| row.get(0)).unwrap()
}

#[test]
fn all_rows_are_added_with_their_computed_columns() {
    let (_folder, file, db) = open();
    let mut steps = Vec::new();
    let mut staging = staged(&file, many()).value("of", "of + 6");
    let rows = staging.add(|done| {
        steps.push(done);
        Ok(())
    });
    assert_eq!((rows.unwrap(), count(&db)), (5_000, 5_000));
    assert_eq!((steps.len(), steps[0], steps[10]), (11, 0, 5_000));
    let keys = "SELECT count(*) FROM item WHERE sort_key = sort_key(name) AND of = 7";
    assert_eq!(db.query_row(keys, [], |row| row.get::<_, i64>(0)).unwrap(), 5_000);
}

#[test]
fn a_row_that_a_constraint_rejects_or_an_error_leaves_nothing() {
    let (_folder, file, db) = open();
    let names = many().chain(["bad".to_owned()]);
    assert!(staged(&file, names).add(|_| Ok(())).is_err());
    let stop = |done| if done < 2_000 { Ok(()) } else { Err("stop".into()) };
    assert_eq!(staged(&file, many()).add(stop).unwrap_err().to_string(), "stop");
    assert_eq!(count(&db), 0);
}

#[test]
fn a_change_goes_before_the_rest_of_the_rows() {
    let (_folder, file, mut db) = open();
    let mut staging = staged(&file, many());
    let saved = AtomicBool::new(false);
    let (started, starts) = mpsc::channel();
    let add = || {
        let mut starts = 0;
        let rows = staging.add(|done| {
            starts += u32::from(done == 0);
            // Holds the lock until the change wants it.
            while done > 0 && !saved.load(Ordering::SeqCst) && !is_wanted() {
                started.send(()).ok();
                thread::yield_now();
            }
            Ok(())
        });
        (rows.unwrap(), starts)
    };
    thread::scope(|scope| {
        let adding = scope.spawn(add);
        starts.recv().unwrap();
        let seen = write(&mut db, |tx| {
            tx.execute("INSERT INTO item (name, sort_key) VALUES ('mine', '')", [])?;
            Ok(count(tx))
        });
        saved.store(true, Ordering::SeqCst);
        assert_eq!(seen.unwrap(), 1, "the addition has been rolled back");
        let (rows, starts) = adding.join().unwrap();
        assert_eq!((rows, count(&db)), (5_000, 5_001));
        assert!(starts > 1, "{starts}");
    });
}

const UNIQUE: &str = "CREATE TABLE part (
        id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE COLLATE NOCASE, shelf TEXT NOT NULL,
        place INTEGER, label TEXT NOT NULL, kind ANY NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
        short TEXT AS (substr(label, 1, 3)) UNIQUE, UNIQUE (shelf, place)) STRICT;
    CREATE UNIQUE INDEX \"part's label\" ON part (lower(label)) WHERE kind <> 'any';
    CREATE UNIQUE INDEX part_kind ON part (kind DESC, deleted) WHERE kind NOT IN ('any', 'other')";

#[derive(Clone)]
struct Part {
    code: &'static str,
    place: Option<i64>,
    label: &'static str,
    kind: &'static str,
}

impl Part {
    fn insert(&self, db: &Connection) -> Result<i64, crate::WriteError> {
        let Self { code, place, label, kind } = self.clone();
        let shelf = "A".to_owned();
        let (code, label, kind) = (code.to_owned(), label.to_owned(), kind.to_owned());
        StoredPart { code, shelf, place, label, kind }.insert(db)
    }
}

struct StoredPart {
    code: String,
    shelf: String,
    place: Option<i64>,
    label: String,
    kind: String,
}

columns!(StoredPart in "part" { code, shelf, place, label, kind } except { deleted });

/// The fields that are taken if this row is added after another one.
fn taken(db: &Connection, part: &Part) -> String {
    match part.insert(db) {
        Ok(_) => String::new(),
        Err(error) => {
            let constraint = error.constraint().unwrap_or_else(|| panic!("{error:?}"));
            assert_eq!(constraint.kind, solohttp_core::ConstraintKind::Unique);
            constraint.fields.join(" ")
        }
    }
}

#[test]
fn rows_with_unique_columns_that_are_taken_are_found_while_they_are_staged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sqlite");
    let db = Database::at(&file).migrations([UNIQUE]).record::<StoredPart>().open().unwrap();
    let first = Part { code: "a1", place: Some(7), label: "Nut M5", kind: "007" };
    let other = Part { code: "b2", place: Some(8), label: "Screw", kind: "7" };
    first.insert(&db).unwrap();
    let rules = |found: &dyn Fn(&Part) -> String| {
        for (part, expect) in [
            (Part { code: "A1", ..other.clone() }, "code"),
            (Part { place: Some(7), ..other.clone() }, "shelf place"),
            (Part { label: "nut m5", ..other.clone() }, "label"),
            (Part { label: "Nut M6", ..other.clone() }, "label"),
            (Part { kind: "007", ..other.clone() }, "kind"),
        ] {
            assert_eq!(found(&part), expect, "{}", part.label);
        }
    };
    let with_first = Staging::open::<StoredPart>(&file).unwrap();
    rules(&|part| taken(with_first.db(), part));
    assert_eq!(taken(with_first.db(), &other), "");
    db.execute_batch("DELETE FROM part").unwrap();
    // The same among the new rows.
    let mut staging = Staging::open::<StoredPart>(&file).unwrap();
    first.insert(staging.db()).unwrap();
    rules(&|part| taken(staging.db(), part));
    // Rows that no index rejects: NULL isn't equal to NULL, and two indexes leave some rows out.
    for part in [
        other,
        Part { code: "c", place: None, label: "abc", kind: "any" },
        Part { code: "d", place: None, label: "xbc", kind: "any" },
        Part { code: "e", place: Some(9), label: "ybc", kind: "other" },
        Part { code: "f", place: Some(10), label: "zbc", kind: "other" },
    ] {
        assert_eq!(taken(staging.db(), &part), "");
    }
    let undo = Undo::new();
    let guard = SqliteGuard::new(|| "", |db: &Connection| db).undo(&undo);
    let mut app = guard.with_state(db);
    assert_eq!(Request::get("/").send_to(&mut app).status(), 200);
    assert_eq!(staging.add_with_undo(&undo, "Import", |_| Ok(())).unwrap(), 6);
    let sum = "SELECT group_concat(kind, ' ' ORDER BY id) FROM part";
    let kinds: String = app.state().query_row(sum, [], |row| row.get(0)).unwrap();
    assert_eq!(kinds, "007 7 any any other other", "values keep their types");
}

#[test]
fn a_column_with_a_value_of_its_own_is_only_checked_when_the_rows_are_added() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sqlite");
    let db = Database::at(&file).migrations([UNIQUE]).record::<StoredPart>().open().unwrap();
    let staging = Staging::open::<StoredPart>(&file).unwrap();
    let mut staging = staging.value("place", "rowid").value("label", "label || rowid");
    let part = |code| Part { code, place: Some(0), label: "nut", kind: "any" };
    assert_eq!(taken(staging.db(), &part("a")), "");
    assert_eq!(taken(staging.db(), &part("b")), "");
    assert_eq!(taken(staging.db(), &part("a")), "code");
    // The generated column `short` has the same beginning twice.
    assert!(staging.add(|_| Ok(())).is_err());
    let rows = "SELECT count(*) FROM part";
    assert_eq!(db.query_row(rows, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
}

#[test]
fn a_database_in_memory_cannot_be_opened_again() {
    let error = Staging::open::<Item>("").unwrap_err().to_string();
    assert!(error.contains("this database has no file"), "{error}");
}
