//! The background thread: the check after an unclean shutdown, and checkpoints when idle.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use solohttp_core::{Handler, Request, Result};
use solohttp_sqlite_guard::{Database, Error, SqliteGuard, write};
use tempfile::TempDir;

const SCHEMA: &str = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                      CREATE INDEX by_name ON item (name COLLATE names)";

/// A generous timeout: half a second is enough on an idle machine.
const PATIENCE: Duration = Duration::from_secs(20);

struct App {
    db: Connection,
}

fn database(path: &Path) -> Database {
    Database::at(path).busy_timeout(Duration::ZERO).migrations([SCHEMA]).integrity_check()
}

fn app(db: Connection) -> impl Handler {
    SqliteGuard::new(answer, |app: &App| &app.db).with_state(App { db })
}

fn answer(app: &mut App, request: &Request) -> Result<String> {
    if request.path() == "/save" {
        write(&mut app.db, |tx| Ok(tx.execute("INSERT INTO item (name) VALUES ('tea')", [])?))?;
    }
    let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let count = app.db.query_row("SELECT count(*) FROM item", [], count)?;
    if request.path() == "/fail" {
        return Err("no luck".into());
    }
    Ok(format!("<!DOCTYPE html><title>Stock</title><body>{count} items"))
}

fn fill(db: &Connection, rows: u32) {
    let insert = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                  INSERT INTO item (name) SELECT printf('item %080d', i) FROM n";
    db.execute(insert, [rows]).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

/// The files that a crash would leave: the database and its write-ahead log.
fn crashed(folder: &TempDir, rows: u32) -> PathBuf {
    let path = folder.path().join("shop.sqlite");
    // Opened without the background thread, which would checkpoint the log.
    let db = database(&path).without_thread().open().unwrap();
    fill(&db, rows);
    db.execute("INSERT INTO item (name) VALUES ('last')", []).unwrap();
    let crashed = folder.path().join("crashed");
    fs::create_dir(&crashed).unwrap();
    for name in ["shop.sqlite", "shop.sqlite-wal"] {
        fs::copy(folder.path().join(name), crashed.join(name)).unwrap();
    }
    crashed.join("shop.sqlite")
}

/// Overwrites a page in the middle of the file: a leaf of the table or its index.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0x5a);
    fs::write(path, &bytes).unwrap();
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        std::thread::yield_now();
    }
}

#[track_caller]
fn only_the_file_is_there(path: &Path) {
    for companion in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(companion);
        assert!(!Path::new(&name).exists(), "{companion} is left");
    }
}

#[test]
fn damage_is_told_on_every_page_after_an_unclean_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(&folder, 2_000);
    damage(&path);
    let mut app = app(database(&path).open().unwrap());
    let mut page = String::new();
    wait_until("the notice", || {
        page = Request::get("/none").send_to(&mut app).into_text();
        page.contains("is damaged")
    });
    // Counting the rows may itself run into the damage and fail. The page must have the notice
    // either way.
    for part in ["role=\"alert\"", "shop.sqlite", "restore a backup", "page"] {
        assert!(page.contains(part), "no {part:?} in\n{page}");
    }
    let page = Request::get("/fail").send_to(&mut app).into_text();
    assert!(page.contains("is damaged"), "a page of a failure tells too:\n{page}");
    let data = Request::get("/").header("sec-fetch-dest", "empty").send_to(&mut app).into_text();
    assert!(!data.contains("is damaged"), "scripts get what they asked for:\n{data}");
}

#[test]
fn a_damaged_file_is_not_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(&folder, 2_000);
    damage(&path);
    let next = "ALTER TABLE item ADD COLUMN price INTEGER";
    let opened = database(&path).migrations([SCHEMA, next]).open();
    assert!(matches!(opened, Err(Error::Damaged { .. })), "{opened:?}");
}

#[test]
fn without_the_thread_a_file_is_checked_before_it_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(&folder, 2_000);
    drop(database(&path).without_thread().open().unwrap());
    only_the_file_is_there(&path);
    fs::remove_dir_all(folder.path().join("crashed")).unwrap();
    fs::remove_file(folder.path().join("shop.sqlite")).unwrap();
    let path = crashed(&folder, 2_000);
    damage(&path);
    let opened = database(&path).without_thread().open();
    assert!(matches!(opened, Err(Error::Damaged { .. })), "{opened:?}");
}

#[test]
fn a_copy_of_the_file_alone_has_what_was_saved_a_moment_ago() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    let mut app = app(database(&path).open().unwrap());
    for expect in 1..=3 {
        assert_eq!(Request::post("/save").send_to(&mut app).status(), 200);
        let saved_at = Instant::now();
        let copy = folder.path().join("copy.sqlite");
        wait_until("all rows in the file alone", || {
            fs::copy(&path, &copy).unwrap();
            let copy = Connection::open(&copy).unwrap();
            let count = "SELECT count(*) FROM item";
            copy.query_row(count, [], |row| row.get::<_, i64>(0)) == Ok(expect)
        });
        println!("in the file after {:.1?}", saved_at.elapsed());
    }
}

#[test]
fn closing_leaves_the_file_alone_also_while_it_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(&folder, 50_000);
    // The check takes a few hundredths of a second, so this interrupts it.
    drop(database(&path).open().unwrap());
    only_the_file_is_there(&path);
    let db = database(&path).open().unwrap();
    db.execute("INSERT INTO item (name) VALUES ('tea')", []).unwrap();
    drop(db);
    only_the_file_is_there(&path);
    let count = "SELECT count(*) FROM item WHERE name IN ('last', 'tea')";
    let db = Connection::open(&path).unwrap();
    assert_eq!(db.query_row(count, [], |row| row.get::<_, i64>(0)), Ok(2));
}

#[test]
fn no_request_is_busy_while_the_file_is_checked_and_checkpointed() {
    let folder = tempfile::tempdir().unwrap();
    let path = crashed(&folder, 50_000);
    let mut app = app(database(&path).open().unwrap());
    let until = Instant::now() + Duration::from_millis(1_500);
    while Instant::now() < until {
        let response = Request::post("/save").send_to(&mut app);
        assert_eq!(response.status(), 200, "{}", response.into_text());
    }
}

#[test]
fn a_database_in_memory_has_no_thread_beside_it() {
    let db = Database::in_memory().migrations([SCHEMA]).open().unwrap();
    assert!(db.prepare("SELECT solohttp_keeper()").is_err());
    let mut app = app(db);
    assert_eq!(Request::post("/save").send_to(&mut app).status(), 200);
}
