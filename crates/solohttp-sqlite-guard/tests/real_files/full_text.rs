//! Full-text indexes that the program declares.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use solohttp_sqlite_guard::{Copies, Database, Error, Migration, Record as _, Staging, columns};
use tempfile::TempDir;

use crate::other_program::OtherProgram;

const FIRST: &str = "CREATE TABLE item (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT NOT NULL DEFAULT '') STRICT;
    INSERT INTO item (name, note) VALUES ('Green tea', 'cold'), ('Cake', 'for tea')";

struct Item {
    name: String,
}

columns!(Item in "item" { name } except { note });

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    (folder, path)
}

fn database(path: &Path) -> Database {
    Database::at(path).busy_timeout(Duration::ZERO).migrations([FIRST])
}

/// The rows with a word, after a comparison of the whole index with its table.
#[track_caller]
fn found(db: &Connection, word: &str) -> Vec<i64> {
    let check = "INSERT INTO item_words (item_words, rank) VALUES ('integrity-check', 1)";
    db.execute_batch(check).unwrap();
    let mut select = db.prepare("SELECT rowid FROM item_words(?1) ORDER BY rowid").unwrap();
    select.query_map([word], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// The names of the index and its triggers.
fn parts(db: &Connection) -> String {
    let sql = "SELECT group_concat(name, ' ' ORDER BY name) FROM sqlite_schema
        WHERE name LIKE 'item_words%' AND (type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%')";
    db.query_row(sql, [], |row| row.get::<_, Option<String>>(0)).unwrap().unwrap_or_default()
}

#[track_caller]
fn problem(opened: Result<Connection, Error>) -> String {
    match opened.unwrap_err() {
        Error::FullText { problem, .. } => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_index_is_made_once_and_stays_up_to_date() {
    let (folder, path) = folder();
    drop(database(&path).open().unwrap());
    let indexed = || database(&path).full_text("item", ["name", "note"]).open().unwrap();
    let db = indexed();
    assert_eq!(found(&db, "tea"), [1, 2]);
    db.execute_batch(
        "INSERT INTO item (name) VALUES ('Teapot'), ('Tea towel');
         UPDATE item SET note = 'hot' WHERE id = 1; UPDATE item SET id = 9 WHERE id = 1;
         DELETE FROM item WHERE id = 2",
    )
    .unwrap();
    assert_eq!((found(&db, "tea"), found(&db, "te*")), (vec![4, 9], vec![3, 4, 9]));
    assert_eq!((found(&db, "cold"), found(&db, "hot")), (vec![], vec![9]));
    drop(db);
    // An index that is as declared isn't touched, so another program may have the file open.
    let mut other = OtherProgram::shell(&path);
    assert_eq!(other.run("SELECT count(*) FROM item"), "ok 3");
    assert_eq!(found(&indexed(), "tea"), [4, 9]);
    assert!(!folder.path().join("copies").exists(), "an index needs no copy");
}

#[test]
fn a_changed_declaration_makes_the_index_again() {
    let (_folder, path) = folder();
    drop(database(&path).full_text("item", ["name", "note"]).open().unwrap());
    let changed = || database(&path).full_text("item", ["name"]).open();
    let mut other = OtherProgram::shell(&path);
    assert_eq!(other.run("SELECT count(*) FROM item"), "ok 2");
    assert!(matches!(changed(), Err(Error::InUse { .. })), "another program has it open");
    drop(other);
    let db = changed().unwrap();
    assert_eq!(found(&db, "tea"), [1]);
    assert_eq!(parts(&db), "item_words item_words_delete item_words_insert item_words_update");
    db.execute_batch("DROP TRIGGER item_words_delete").unwrap();
    db.execute_batch("DELETE FROM item WHERE id = 1").unwrap();
    drop(db);
    assert_eq!(found(&changed().unwrap(), "tea"), [0_i64; 0], "a missing trigger is noticed");
}

#[test]
fn migrations_can_change_and_drop_columns() {
    const STEPS: [&str; 3] = [
        FIRST,
        "ALTER TABLE item DROP COLUMN note; ALTER TABLE item ADD COLUMN place TEXT DEFAULT 'tea'",
        "CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, place TEXT) STRICT;
         INSERT INTO new SELECT id + 10, name, place FROM item;
         DROP TABLE item; ALTER TABLE new RENAME TO item",
    ];
    let opened = |path: &Path, steps: usize, columns: &[&str]| {
        let db = Database::at(path).migrations(STEPS.into_iter().take(steps));
        db.full_text("item", columns.to_vec()).open().unwrap()
    };
    let (_folder, path) = folder();
    drop(opened(&path, 1, &["name", "note"]));
    assert_eq!(found(&opened(&path, 2, &["name", "place"]), "tea"), [1, 2]);
    assert_eq!(found(&opened(&path, 3, &["name"]), "tea"), [11]);
    let (_folder, new) = self::folder();
    assert_eq!(found(&opened(&new, 3, &["name"]), "tea"), [11], "on a new file, too");
    // Without the declaration, the next migration drops it.
    let steps = STEPS.into_iter().chain(["CREATE TABLE other (a)"]);
    let db = Database::at(&path).migrations(steps).open().unwrap();
    assert_eq!(parts(&db), "");
}

#[test]
fn an_index_is_only_made_again_after_a_migration_that_needs_it() {
    let function: fn(&rusqlite::Transaction<'_>) -> _ = |_| Ok(());
    for (step, is_kept) in [
        (
            Migration::sql("ALTER TABLE item ADD COLUMN place TEXT; CREATE INDEX i ON item (name)"),
            true,
        ),
        (
            Migration::sql(
                "UPDATE item SET note = 'green' WHERE id = 2; DELETE FROM item WHERE id = 1",
            ),
            true,
        ),
        (Migration::sql("CREATE TABLE a (a); CREATE TABLE b (b); DROP TABLE a"), true),
        (Migration::sql("REPLACE INTO \"ITEM\" VALUES (1, 'Green', '')"), false),
        (
            Migration::sql(
                "ALTER TABLE item DROP note; ALTER TABLE item ADD note TEXT DEFAULT 'green'",
            ),
            false,
        ),
        (Migration::function(function), false),
    ] {
        let (_folder, path) = folder();
        let what = format!("{step:?}");
        drop(database(&path).full_text("item", ["name", "note"]).open().unwrap());
        // An index that is made again has lost this setting of FTS5.
        let mark = "INSERT INTO item_words (item_words, rank) VALUES ('automerge', 7)";
        Connection::open(&path).unwrap().execute_batch(mark).unwrap();
        let steps = [Migration::sql(FIRST), step];
        let db = Database::at(&path).migrations(steps).full_text("item", ["name", "note"]).open();
        let db = db.unwrap();
        let kept = "SELECT EXISTS (SELECT * FROM item_words_config WHERE k = 'automerge')";
        assert_eq!(db.query_row(kept, [], |row| row.get::<_, bool>(0)).unwrap(), is_kept, "{what}");
        let mut select =
            db.prepare("SELECT id FROM item WHERE name || note LIKE '%green%'").unwrap();
        let ids = select.query_map([], |row| row.get(0)).unwrap();
        let ids: Vec<i64> = ids.collect::<Result<_, _>>().unwrap();
        assert_eq!(found(&db, "green"), ids, "{what}");
    }
}

#[test]
fn a_handwritten_index_is_replaced_once_its_triggers_are_gone() {
    const BY_HAND: &str = "
        CREATE VIRTUAL TABLE item_words USING fts5 (name, content = 'item', content_rowid = id);
        CREATE TRIGGER added AFTER INSERT ON item BEGIN
            INSERT INTO item_words (rowid, name) VALUES (new.id, new.name);
        END";
    let opened = |path: &Path, steps: &[&'static str]| {
        let steps = [FIRST, BY_HAND].into_iter().chain(steps.iter().copied());
        Database::at(path).migrations(steps).full_text("item", ["name"]).open()
    };
    let (_folder, path) = folder();
    drop(database(&path).migrations([FIRST, BY_HAND]).open().unwrap());
    let found_by_hand = problem(opened(&path, &[]));
    assert_eq!(
        found_by_hand,
        "the trigger `added` writes to `item_words`, which has triggers of its own: drop `added` \
         in a migration"
    );
    let db = opened(&path, &["DROP TRIGGER added"]).unwrap();
    assert_eq!(found(&db, "tea"), [1]);
    let copies = Copies::of(&db).unwrap().list().unwrap();
    assert_eq!(copies.len(), 1, "the migration made a copy");
}

#[test]
fn what_cannot_be_indexed_is_told_and_changes_nothing() {
    for (schema, expect) in [
        ("CREATE TABLE other (a)", "there is no table `item`: create it in a migration"),
        (
            "CREATE TABLE item (id INTEGER PRIMARY KEY)",
            "there is no column `name`: add it in a migration",
        ),
        (
            "CREATE TABLE item (id INT PRIMARY KEY, name)",
            "the table has no INTEGER PRIMARY KEY: add one in a migration",
        ),
        (
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name);
             CREATE VIRTUAL TABLE item_words USING fts5 (name)",
            "`item_words` isn't a full-text table with `content = item`: drop or rename it in a \
             migration",
        ),
        (
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name); CREATE VIEW item_words AS SELECT 1",
            "`item_words` isn't a full-text table with `content = item`: drop or rename it in a \
             migration",
        ),
    ] {
        let (_folder, path) = folder();
        let opened = Database::at(&path).migrations([schema]).full_text("item", ["name"]).open();
        assert_eq!(problem(opened), expect);
        let db = Connection::open(&path).unwrap();
        let parts = "SELECT count(*) FROM sqlite_schema";
        assert_eq!(db.query_row(parts, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "{schema}");
    }
    let rank =
        Database::in_memory().migrations(["CREATE TABLE item (id INTEGER PRIMARY KEY, rank)"]);
    assert!(problem(rank.full_text("item", ["rank"]).open()).contains("reserved fts5 column name"));
}

#[test]
fn a_generated_column_is_indexed() {
    let (_folder, path) = folder();
    let generated = "ALTER TABLE item ADD COLUMN both TEXT AS (name || ' ' || note)";
    let db = Database::at(&path).migrations([FIRST, generated]);
    let db = db.full_text("item", ["both"]).open().unwrap();
    db.execute_batch("UPDATE item SET note = 'hot' WHERE id = 2").unwrap();
    assert_eq!((found(&db, "tea"), found(&db, "hot")), (vec![1], vec![2]));
}

#[test]
fn a_restored_copy_and_staged_rows_have_the_index() {
    let (_folder, path) = folder();
    drop(database(&path).daily_copies(7).without_thread().open().unwrap());
    let indexed = database(&path).full_text("item", ["name", "note"]).record::<Item>();
    let mut db = indexed.open().unwrap();
    let mut staging = Staging::open::<Item>(&path).unwrap();
    Item { name: "Iced tea".into() }.insert(staging.db()).unwrap();
    staging.add(|_| Ok(())).unwrap();
    drop(staging);
    assert_eq!(found(&db, "tea"), [1, 2, 3]);
    let copies = Copies::of(&db).unwrap();
    let copy = copies.list().unwrap().pop().unwrap();
    copies.restore(&mut db, &copy.name).unwrap();
    assert_eq!(found(&db, "tea"), [1, 2]);
    Item { name: "Black tea".into() }.insert(&db).unwrap();
    assert_eq!(found(&db, "tea"), [1, 2, 3]);
}
