//! Adding staged rows while nothing, something wrong, or another change comes in between.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use super::*;
use crate::{Database, columns, write};

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
