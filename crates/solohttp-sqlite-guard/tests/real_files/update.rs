//! A new version of a program is started while the old one is running.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use solohttp_core::{Fields, Server};
use solohttp_sqlite_guard::{Database, open};

use crate::other_program::{OtherProgram, tell_parent};
use crate::{together, wire};

/// The program that [`together`] serves, in its next version.
pub(crate) fn database(file: &Path) -> Database {
    let next = "ALTER TABLE note RENAME COLUMN text TO words";
    Database::at(file).busy_timeout(Duration::from_millis(500)).migrations([together::SCHEMA, next])
}

/// Starts a version of the program in the right order, in its own process.
pub(crate) fn start(file: &Path, is_new: bool) {
    let server = Server::new().port(0).quiet().launch_token(true);
    let server = server.data_folder(file.with_file_name("data"));
    let ended = server.run_with(|| -> solohttp_core::Result<_> {
        let db = if is_new { database(file).open()? } else { together::open(file) };
        tell_parent("open");
        Ok(move || db.is_busy().to_string())
    });
    tell_parent(&format!("ended: {}", ended.is_ok()));
}

fn version(file: &Path) -> i64 {
    let db = Connection::open(file).unwrap();
    db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn an_update_does_not_migrate_under_the_running_version() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.sqlite");
    drop(together::open(&file));
    let mut old = OtherProgram::server(&file);
    let address = old.answer();
    let told = OtherProgram::update(&file).answer();
    assert!(told.contains("is in use by another program or another instance"), "{told}");
    assert_eq!(version(&file), 1);
    let saved = wire::post(&address, "/count", &Fields::from_iter([("text", "tea")])).unwrap();
    assert_eq!((saved.status, saved.text.as_str()), (200, "saved tea"), "the old one goes on");
    assert!(!folder.path().join("copies").join("shop.sqlite.lock").exists(), "nothing is copied");
    old.kill();
    assert_eq!(OtherProgram::update(&file).answer(), "open");
    assert_eq!(version(&file), 2);
}

#[test]
fn in_the_right_order_an_update_shows_the_running_version() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.sqlite");
    let mut old = OtherProgram::started("old", &file);
    assert_eq!(old.answer(), "open");
    assert_eq!(OtherProgram::started("new", &file).answer(), "ended: true");
    assert_eq!(version(&file), 1);
    old.kill();
    assert_eq!(OtherProgram::started("new", &file).answer(), "open");
    assert_eq!(version(&file), 2);
}

#[test]
fn two_instances_that_start_at_the_same_time_migrate_once() {
    for _ in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.sqlite");
        drop(together::open(&file));
        let mut both = [OtherProgram::update(&file), OtherProgram::update(&file)];
        for one in &mut both {
            assert_eq!(one.answer(), "open");
        }
        assert_eq!(version(&file), 2);
    }
}

#[test]
fn nobody_gets_in_during_a_migration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.sqlite");
    drop(together::open(&file));
    let next = solohttp_sqlite_guard::Migration::function(|tx| {
        let path = tx.path().unwrap().to_owned();
        let other = Connection::open(path)?;
        other.busy_timeout(Duration::ZERO)?;
        let read = other.query_row("SELECT count(*) FROM note", [], |row| row.get::<_, i64>(0));
        assert!(read.is_err(), "{read:?}");
        Ok(())
    });
    let first = solohttp_sqlite_guard::Migration::from(together::SCHEMA);
    let db = Database::at(&file).migrations([first, next]).open().unwrap();
    open(&file).unwrap().execute("INSERT INTO note VALUES ('tea')", []).unwrap();
    let notes: i64 = db.query_row("SELECT count(*) FROM note", [], |row| row.get(0)).unwrap();
    assert_eq!(notes, 1);
}
