//! The file is moved or deleted while it is open: no page reports success, and nothing is lost.
//!
//! Windows doesn't let an open database be moved or deleted.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use solohttp_core::{Request, Response};

use crate::world::{App, Seen, World};

fn insert(world: &mut World, text: &'static str) -> Seen {
    world.send(Request::post("/note"), move |app: &mut App| {
        app.db.execute("INSERT INTO note (text) VALUES (?1)", [text]).unwrap();
        Response::redirect("/notes")
    })
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn notes(path: &Path) -> Vec<String> {
    let db = Connection::open(path).unwrap();
    let mut all = db.prepare("SELECT text FROM note ORDER BY id").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn check_refused(world: &mut World, text: &'static str, expect: &[&str]) {
    let seen = insert(world, text);
    assert_eq!(seen.status, 500, "{}", seen.page);
    assert!(seen.page.contains("Nothing can be saved."), "{}", seen.page);
    assert!(seen.page.contains(".rescued"), "{}", seen.page);
    assert!(!seen.page.contains("been saved"), "{}", seen.page);
    assert!(seen.log.contains("was moved, replaced or deleted while it was open"), "{}", seen.log);
    assert_eq!(notes(&beside(world.path(), ".rescued")), expect);
}

#[test]
fn a_deleted_file_is_told_and_its_content_is_copied() {
    let mut world = World::new();
    assert_eq!(insert(&mut world, "second").status, 303);
    for suffix in ["", "-wal", "-shm"] {
        fs::remove_file(beside(world.path(), suffix)).unwrap();
    }
    let read = world.send(Request::get("/"), |app: &mut App| {
        app.db.query_row("SELECT count(*) FROM note", [], |row| row.get::<_, i64>(0)).unwrap();
        "read"
    });
    assert_eq!(read.status, 200, "what only reads says nothing of saving");
    check_refused(&mut world, "third", &["first", "second", "third"]);
    check_refused(&mut world, "fourth", &["first", "second", "third", "fourth"]);
}

#[test]
fn a_replaced_file_is_told_and_kept() {
    let mut world = World::new();
    let other = beside(world.path(), ".new");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE note (text)").unwrap();
    fs::rename(&other, world.path()).unwrap();
    check_refused(&mut world, "second", &["first", "second"]);
    fs::remove_file(beside(world.path(), "-wal")).unwrap();
    assert!(notes_in(world.path()).is_empty(), "the file that was put there is untouched");
}

fn notes_in(path: &Path) -> Vec<String> {
    let db = Connection::open(path).unwrap();
    let mut all = db.prepare("SELECT text FROM note").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_log_that_is_deleted_alone_is_told() {
    let mut world = World::new();
    assert_eq!(insert(&mut world, "second").status, 303);
    fs::remove_file(beside(world.path(), "-wal")).unwrap();
    check_refused(&mut world, "third", &["first", "second", "third"]);
}

#[test]
fn a_deleted_log_is_told_although_another_connection_has_made_a_new_one() {
    let mut world = World::new();
    assert_eq!(insert(&mut world, "second").status, 303);
    fs::remove_file(beside(world.path(), "-wal")).unwrap();
    // As a copy of the database and the check at the start do. What it reads is not the point.
    let other = world.second();
    let _ = other.query_row("SELECT count(*) FROM note", [], |row| row.get::<_, i64>(0));
    assert!(beside(world.path(), "-wal").exists());
    check_refused(&mut world, "third", &["first", "second", "third"]);
    check_refused(&mut world, "fourth", &["first", "second", "third", "fourth"]);
}

#[test]
fn a_journal_in_another_mode_is_fine() {
    let mut world = World::new();
    assert_eq!(insert(&mut world, "second").status, 303);
    // Without the second connection of `Database`, which would keep the mode.
    world.app.db = Connection::open_in_memory().unwrap();
    world.app.db = Connection::open(world.path()).unwrap();
    let set = |db: &Connection, name: &str, value: &str| {
        let now: String = db.query_row(&format!("{name} = {value}"), [], |row| row.get(0)).unwrap();
        assert_eq!(now, value.to_lowercase());
    };
    // With exclusive locks, a journal stays open after its transaction.
    for (mode, locks) in [
        ("DELETE", "NORMAL"),
        ("PERSIST", "NORMAL"),
        ("WAL", "NORMAL"),
        ("TRUNCATE", "EXCLUSIVE"),
        ("WAL", "EXCLUSIVE"),
    ] {
        set(&world.app.db, "PRAGMA journal_mode", mode);
        set(&world.app.db, "PRAGMA locking_mode", locks);
        let seen = world.send(Request::post("/note"), |app: &mut App| {
            app.db.execute("UPDATE note SET text = text || '!'", []).unwrap();
            Response::redirect("/notes")
        });
        assert_eq!(seen.status, 303, "{mode}, {locks}: {}", seen.page);
    }
    let App { db, path } = world.app;
    drop(db);
    assert_eq!(notes(&path), ["first!!!!!", "second!!!!!"]);
}

#[test]
fn a_log_that_another_program_starts_again_is_fine() {
    let mut world = World::new();
    for text in ["second", "third"] {
        assert_eq!(insert(&mut world, text).status, 303);
        let other = world.second();
        other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        other.execute("INSERT INTO note (text) VALUES (?1)", [format!("{text}, other")]).unwrap();
    }
    assert_eq!(insert(&mut world, "fourth").status, 303);
    assert_eq!(notes(world.path()).len(), 6);
}

#[test]
fn a_file_that_is_put_back_is_fine_again() {
    let mut world = World::new();
    let away = beside(world.path(), ".away");
    fs::rename(world.path(), &away).unwrap();
    check_refused(&mut world, "second", &["first", "second"]);
    fs::rename(&away, world.path()).unwrap();
    assert_eq!(insert(&mut world, "third").status, 303);
    assert_eq!(notes(world.path()), ["first", "second", "third"]);
}

#[test]
fn a_handler_that_reports_a_mistake_may() {
    let mut world = World::new();
    fs::remove_file(world.path()).unwrap();
    let seen = world.send(Request::post("/note"), |app: &mut App| {
        app.db.execute("INSERT INTO note (text) VALUES ('x')", []).unwrap();
        (solohttp_core::StatusCode::UNPROCESSABLE_ENTITY, "not yet")
    });
    assert_eq!((seen.status, seen.page.as_str()), (422, "not yet"));
}
