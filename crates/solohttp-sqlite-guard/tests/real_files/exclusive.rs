//! Exclusive files: other programs are kept away, and this program's connections get in.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use solohttp_sqlite_guard::{Copies, Database, Error, write};
use tempfile::TempDir;

use crate::copies::wait_for;
use crate::other_program::OtherProgram;

const SCHEMA: &str = "CREATE TABLE item (name TEXT NOT NULL) STRICT";

/// What another program gets if it uses SQLite but no lock file.
const ELSEWHERE: &str = if cfg!(unix) { "error 5" } else { "ok 0" };

pub(crate) fn database(file: &Path) -> Database {
    Database::at(file).busy_timeout(Duration::ZERO).migrations([SCHEMA]).exclusive()
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    (folder, path)
}

fn count(db: &Connection) -> i64 {
    db.query_row("SELECT count(*) FROM item", [], |row| row.get(0)).unwrap()
}

#[track_caller]
fn check_in_use(opened: Result<Connection, Error>) {
    let error = opened.unwrap_err();
    assert!(matches!(error, Error::InUse { .. }), "{error:?}");
}

#[test]
fn another_program_can_neither_read_nor_write() {
    let (_folder, path) = folder();
    let db = database(&path).open().unwrap();
    let mut other = OtherProgram::shell(&path);
    assert_eq!(other.run("SELECT count(*) FROM item"), ELSEWHERE);
    assert_eq!(
        other.run("INSERT INTO item VALUES ('tea')"),
        if cfg!(unix) { "error 5" } else { "ok" }
    );
    drop(db);
    let rows = if cfg!(unix) { "ok 0" } else { "ok 1" };
    assert_eq!(other.run("SELECT count(*) FROM item"), rows);
}

#[test]
fn a_file_that_another_program_has_open_is_told() {
    let (_folder, path) = folder();
    drop(database(&path).open().unwrap());
    let mut other = OtherProgram::shell(&path);
    // In WAL mode, even an idle connection keeps its lock.
    assert_eq!(other.run("SELECT count(*) FROM item"), "ok 0");
    check_in_use(database(&path).open());
    assert_eq!(other.run("INSERT INTO item VALUES ('tea')"), "ok", "it is left alone");
    drop(other);
    assert_eq!(count(&database(&path).open().unwrap()), 1);
}

#[test]
fn two_instances_keep_each_other_away() {
    let (folder, path) = folder();
    let db = database(&path).open().unwrap();
    let told = OtherProgram::exclusive(&path).answer();
    assert!(told.contains("is in use by another program or another instance"), "{told}");
    // Releases the locks of POSIX, but not that of the lock file.
    fs::copy(&path, folder.path().join("copy.sqlite")).unwrap();
    let told = OtherProgram::exclusive(&path).answer();
    assert!(told.contains("is in use by another program or another instance"), "{told}");
    drop(db);
    let mut other = OtherProgram::exclusive(&path);
    assert_eq!(other.answer(), "open");
    check_in_use(database(&path).open());
}

#[test]
fn the_lock_ends_with_a_killed_program_and_nothing_is_lost() {
    let (_folder, path) = folder();
    for round in 1..=3 {
        let mut other = OtherProgram::exclusive(&path);
        assert_eq!(other.answer(), "open");
        assert_eq!(other.run("INSERT INTO item VALUES ('tea')"), "ok");
        other.run("BEGIN");
        other.run("INSERT INTO item VALUES ('half')");
        other.kill();
        let db = database(&path).integrity_check().open().unwrap();
        assert_eq!(count(&db), round);
    }
}

/// Inserts rows in a connection of its own.
fn insert(mut db: Connection, rows: usize) {
    db.busy_timeout(Duration::from_secs(20)).unwrap();
    for _ in 0..rows {
        write(&mut db, |tx| Ok(tx.execute("INSERT INTO item VALUES ('tea')", [])?)).unwrap();
    }
}

#[test]
fn connections_of_this_program_get_in() {
    let (folder, path) = folder();
    let db = database(&path).open().unwrap();
    let mut other = OtherProgram::shell(&path);
    std::thread::scope(|scope| {
        for number in 0..4 {
            let path = &path;
            // Half of them know nothing of the lock.
            scope.spawn(move || match number % 2 {
                0 => insert(database(path).open().unwrap(), 100),
                _ => insert(Connection::open(path).unwrap(), 100),
            });
        }
        if cfg!(unix) {
            for _ in 0..50 {
                assert_eq!(other.run("SELECT count(*) FROM item"), "error 5");
            }
        }
    });
    assert_eq!(count(&db), 400);
    let found: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    if cfg!(unix) {
        assert_eq!(other.run("SELECT count(*) FROM item"), "error 5", "the lock has stayed");
        assert!(!folder.path().join("shop.sqlite-shm").exists());
    }
    drop(db);
    assert_eq!(other.run("SELECT count(*) FROM item"), "ok 400");
}

#[test]
fn the_lock_stays_while_any_connection_of_the_program_is_open() {
    let (_folder, path) = folder();
    let first = database(&path).open().unwrap();
    let second = database(&path).open().unwrap();
    drop(first);
    let told = OtherProgram::exclusive(&path).answer();
    assert!(told.contains("is in use"), "{told}");
    let mut other = OtherProgram::shell(&path);
    assert_eq!(other.run("SELECT count(*) FROM item"), ELSEWHERE);
    drop((second, other));
    assert_eq!(OtherProgram::exclusive(&path).answer(), "open");
}

#[test]
fn an_earlier_connection_without_the_lock_is_told() {
    let (_folder, path) = folder();
    drop(database(&path).open().unwrap());
    let plain = Connection::open(&path).unwrap();
    assert_eq!(count(&plain), 0);
    check_in_use(database(&path).open());
    drop(plain);
    database(&path).open().unwrap();
}

#[test]
fn the_background_thread_gets_in() {
    let (_folder, path) = folder();
    let mut db = database(&path).daily_copies(7).open().unwrap();
    let copies = Copies::of(&db).unwrap();
    let copy = wait_for("the copy", || copies.list().unwrap().pop());
    assert_eq!(count(&Connection::open(copy.path).unwrap()), 0);
    // Reads only the file's size: opening the file would release the lock.
    let size = || fs::metadata(&path).unwrap().len();
    let before = size();
    write(&mut db, |tx| Ok(tx.execute("INSERT INTO item VALUES (printf('%0100000d', 1))", [])?))
        .unwrap();
    // Without a guard, nobody tells the thread about the commit. At the start, it looks by itself.
    let _second = database(&path).open().unwrap();
    wait_for("the checkpoint", || (size() > before + 90_000).then_some(()));
    let mut other = OtherProgram::shell(&path);
    assert_eq!(other.run("SELECT count(*) FROM item").starts_with("error 5"), cfg!(unix));
}
