//! Opening files: settings, migrations with copies, errors.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, StatementStatus};
use solohttp_sqlite_guard::{Database, Error, Migration, open};
use tempfile::TempDir;

use crate::copies::today;
use crate::other_program::OtherProgram;

const FIRST: &str = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";
const STEPS: &[&str] = &[FIRST, SECOND];
const SECOND: &str = "ALTER TABLE item ADD COLUMN price INTEGER NOT NULL DEFAULT 0";

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    (folder, path)
}

fn number(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn names_in(folder: &TempDir) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The names of the copies, without their date.
fn copies_in(folder: &TempDir) -> Vec<String> {
    let today = format!(".{}", today());
    let Ok(names) = fs::read_dir(folder.path().join("copies")) else { return Vec::new() };
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "shop.sqlite.lock")
        .map(|name| name.replace(&today, ""))
        .collect();
    names.sort();
    names
}

/// The copy that was made today before a migration from this version.
fn copy_of(folder: &TempDir, version: &str) -> PathBuf {
    folder.path().join("copies").join(format!("shop.{}.{version}.sqlite", today()))
}

#[test]
fn the_settings_are_as_documented() {
    let (_folder, path) = folder();
    let db = open(&path).unwrap();
    for (pragma, expect) in [
        ("foreign_keys", 1),
        ("synchronous", 2),
        ("fullfsync", 1),
        ("busy_timeout", 2000),
        ("trusted_schema", 0),
        ("cache_size", -32768),
        ("user_version", 0),
    ] {
        assert_eq!(number(&db, &format!("PRAGMA {pragma}")), expect, "{pragma}");
    }
    let mode: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    assert!(db.prepare("SELECT \"no such column\"").is_err());
    let forge = "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema";
    db.execute_batch("CREATE TABLE t (a) STRICT").unwrap_err();
    db.execute_batch("CREATE TABLE t (a TEXT) STRICT").unwrap();
    assert!(db.execute_batch(forge).is_err());
}

/// With statistics, SQLite would look at the values, and prepare the statement again for each.
#[test]
fn a_statement_keeps_its_plan_for_all_values() {
    let (_folder, path) = folder();
    let db = open(&path).unwrap();
    db.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER) STRICT; CREATE INDEX t_by_a ON t (a);
         INSERT INTO t (a) WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
             SELECT max(i, 900) FROM n;
         ANALYZE",
    )
    .unwrap();
    let mut statement = db.prepare("SELECT count(*) FROM t WHERE a > ?1").unwrap();
    let mut count = |a: i64| -> i64 { statement.query_row([a], |row| row.get(0)).unwrap() };
    assert_eq!([count(0), count(900), count(990)], [1000, 100, 10]);
    assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
}

#[test]
fn migrations_run_once_and_in_order() {
    let (folder, path) = folder();
    let db = Database::at(&path).migrations([FIRST]).open().unwrap();
    db.execute("INSERT INTO item (name) VALUES ('tea')", []).unwrap();
    drop(db);
    assert_eq!(names_in(&folder), ["shop.sqlite"], "a new file needs no copy");
    for _ in 0..2 {
        let db = Database::at(&path).migrations(STEPS).open().unwrap();
        assert_eq!(number(&db, "PRAGMA user_version"), 2);
        assert_eq!(number(&db, "SELECT price FROM item WHERE name = 'tea'"), 0);
        assert_eq!(number(&db, "PRAGMA foreign_keys"), 1);
    }
    assert_eq!(names_in(&folder), ["copies", "shop.sqlite"]);
    assert_eq!(copies_in(&folder), ["shop.v1.sqlite"]);
    let copy = Connection::open(copy_of(&folder, "v1")).unwrap();
    assert_eq!(number(&copy, "SELECT count(*) FROM item WHERE name = 'tea'"), 1);
    assert_eq!(number(&copy, "PRAGMA user_version"), 1);
    assert!(copy.prepare("SELECT price FROM item").is_err());
}

#[test]
fn a_migration_that_fails_leaves_the_file_as_it_was() {
    let rude: fn(&rusqlite::Transaction<'_>) -> _ = |tx| Ok(tx.execute_batch("COMMIT")?);
    let failing = [
        (Migration::sql("ALTER TABLE missing ADD COLUMN a"), "no such table"),
        (
            Migration::sql(
                "CREATE TABLE part (item INTEGER REFERENCES item) STRICT; \
                         INSERT INTO part VALUES (9)",
            ),
            "a row of part refers to a missing row of item",
        ),
        (Migration::sql("DROP TABLE item; ROLLBACK"), "the migration ended its own transaction"),
        (Migration::function(|_| Err("out of luck".into())), "out of luck"),
    ];
    for (step, reason) in failing {
        let (folder, path) = folder();
        drop(Database::at(&path).migrations([FIRST]).open().unwrap());
        let steps = [Migration::from(FIRST), Migration::from(SECOND), step];
        let error = Database::at(&path).migrations(steps).open().unwrap_err();
        assert!(matches!(error, Error::Migration { number: 3, .. }), "{error:?}");
        assert!(format!("{error:?}").contains(reason), "{error:?}");
        let db = Database::at(&path).migrations([FIRST]).open().unwrap();
        assert!(db.prepare("SELECT price FROM item").is_err(), "step 2 was rolled back too");
        db.execute("INSERT INTO item (name) VALUES ('tea')", []).unwrap();
        drop(db);
        assert_eq!(copies_in(&folder), ["shop.v1.sqlite"]);
        Database::at(&path).migrations([FIRST, SECOND]).open().unwrap();
        assert_eq!(
            copies_in(&folder),
            ["shop.v1.2.sqlite", "shop.v1.sqlite"],
            "none is overwritten"
        );
    }
    let (_folder, path) = folder();
    let steps = [Migration::from(FIRST), Migration::function(rude)];
    assert!(Database::at(&path).migrations(steps).open().is_err());
}

#[test]
fn names_are_sorted_by_letters() {
    let (_folder, path) = folder();
    let db = Database::at(&path).migrations([FIRST]).open().unwrap();
    db.execute_batch("CREATE INDEX by_name ON item (name COLLATE names)").unwrap();
    for name in ["Zebra", "Birne", "\u{c4}pfel", "apfel"] {
        db.execute("INSERT INTO item (name) VALUES (?1)", [name]).unwrap();
    }
    let sorted = "SELECT group_concat(name, ' ') FROM \
                  (SELECT name FROM item ORDER BY name COLLATE names)";
    let sorted: String = db.query_row(sorted, [], |row| row.get(0)).unwrap();
    assert_eq!(sorted, "apfel \u{c4}pfel Birne Zebra");
}

#[test]
fn a_migration_that_fails_at_every_start_makes_one_copy() {
    let (folder, path) = folder();
    drop(Database::at(&path).migrations([FIRST]).open().unwrap());
    let start = || Database::at(&path).migrations([FIRST, "ALTER TABLE missing ADD a"]).open();
    for _ in 0..3 {
        start().unwrap_err();
    }
    assert_eq!(copies_in(&folder), ["shop.v1.sqlite"]);
    let db = open(&path).unwrap();
    db.execute("INSERT INTO item (name) VALUES ('tea')", []).unwrap();
    drop(db);
    start().unwrap_err();
    start().unwrap_err();
    let names = ["shop.v1.2.sqlite", "shop.v1.sqlite"];
    assert_eq!(copies_in(&folder), names, "what has changed since is copied");
}

#[cfg(unix)]
#[test]
fn other_accounts_can_read_neither_a_new_file_nor_a_copy_of_a_private_one() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for chosen in [0o600, 0o640, 0o644] {
        let (folder, path) = folder();
        let db = Database::at(&path).migrations([FIRST]).open().unwrap();
        db.execute("INSERT INTO item (name) VALUES ('tea')", []).unwrap();
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&folder.path().join("shop.sqlite-wal")), 0o600);
        drop(db);
        fs::set_permissions(&path, fs::Permissions::from_mode(chosen)).unwrap();
        drop(Database::at(&path).migrations(STEPS).open().unwrap());
        assert_eq!(mode(&path), chosen, "the user's choice stays");
        assert_eq!(mode(&copy_of(&folder, "v1")), chosen);
        assert_eq!(mode(&folder.path().join("copies")), 0o700);
    }
}

#[test]
fn a_table_that_others_refer_to_can_be_built_anew() {
    let (_folder, path) = folder();
    let part = "CREATE TABLE part (item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE) STRICT;
                INSERT INTO item VALUES (7, 'tea');
                INSERT INTO part VALUES (7)";
    let anew = "CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
                INSERT INTO new SELECT * FROM item;
                DROP TABLE item;
                ALTER TABLE new RENAME TO item";
    let db = Database::at(&path).migrations([FIRST, part, anew]).open().unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM part JOIN item ON item = id"), 1);
    db.execute_batch("DELETE FROM item").unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM part"), 0);
}

#[track_caller]
fn check_refused(path: &Path, part: &str) -> Error {
    let before = fs::read(path).unwrap();
    let error = Database::at(path).migrations([FIRST]).integrity_check().open().unwrap_err();
    assert!(error.to_string().contains(part), "{error}");
    assert!(error.to_string().contains("shop.sqlite"), "{error}");
    assert_eq!(fs::read(path).unwrap(), before, "the file is not touched");
    error
}

#[test]
fn a_file_of_a_newer_program_is_refused() {
    let (folder, path) = folder();
    drop(Database::at(&path).migrations([FIRST, SECOND]).open().unwrap());
    let error = check_refused(&path, "(schema 2, supported up to 1)");
    assert!(matches!(error, Error::NewerSchema { found: 2, known: 1, .. }));
    assert_eq!(names_in(&folder), ["shop.sqlite"]);
}

#[test]
fn a_file_that_is_something_else_is_refused() {
    let (_folder, path) = folder();
    fs::write(&path, "no database at all, but a long enough text".repeat(50)).unwrap();
    check_refused(&path, "is damaged or not a database");
    let (_folder, path) = folder();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", -7).unwrap();
    let _ = Connection::open(&path).unwrap().query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
    check_refused(&path, "is not a database of this program");
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let (folder, _) = folder();
    let error = open(folder.path().join("no such folder").join("shop.sqlite")).unwrap_err();
    assert!(matches!(error, Error::Open { .. }), "{error:?}");
}

#[test]
fn a_file_locked_by_another_program_is_told() {
    let (_folder, path) = folder();
    drop(open(&path).unwrap());
    let mut other = OtherProgram::shell(&path);
    other.run("PRAGMA locking_mode = EXCLUSIVE");
    assert_eq!(other.run("CREATE TABLE t (a TEXT) STRICT"), "ok");
    let database = Database::at(&path).busy_timeout(Duration::from_millis(1));
    let error = database.open().unwrap_err();
    assert!(matches!(error, Error::InUse { .. }), "{error:?}");
    assert!(error.to_string().contains("is in use by another program"), "{error}");
}

#[test]
fn what_was_written_before_a_crash_is_there_after_it() {
    let (_folder, path) = folder();
    drop(Database::at(&path).migrations([FIRST]).open().unwrap());
    let mut other = OtherProgram::shell(&path);
    assert_eq!(other.run("INSERT INTO item (name) VALUES ('tea')"), "ok");
    other.run("BEGIN");
    other.run("INSERT INTO item (name) VALUES ('half')");
    other.kill();
    let db = Database::at(&path).migrations([FIRST]).integrity_check().open().unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM item"), 1);
}
