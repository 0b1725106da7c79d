//! Daily copies, copies before migrations, and restoring them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use solohttp_sqlite_guard::{Copies, CopyError, CopyKind, Database, DatabaseCopy};
use tempfile::TempDir;

use crate::world::logged;

const FIRST: &str = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                     CREATE INDEX by_name ON item (name COLLATE names)";
const SECOND: &str = "ALTER TABLE item ADD COLUMN price INTEGER NOT NULL DEFAULT 7";

/// A generous timeout: a second is enough on an idle machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A database file in its own folder.
pub(crate) struct Shop {
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { path: folder.path().join("shop.sqlite"), _folder: folder }
    }

    fn database(&self) -> Database {
        Database::at(&self.path).migrations([FIRST])
    }

    /// Opens the file without the background thread, so that the copy exists on return.
    pub(crate) fn open(&self, keep: usize) -> Connection {
        self.database().daily_copies(keep).without_thread().open().unwrap()
    }

    fn folder(&self) -> PathBuf {
        self.path.with_file_name("copies")
    }

    /// The names of all files in the folder of the copies.
    fn files(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.folder()) else { return Vec::new() };
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap())).collect();
        names.retain(|name| name != "shop.sqlite.lock");
        names.sort();
        names
    }

    /// Renames today's copy to another date.
    fn age(&self, date: &str) {
        let to = self.folder().join(format!("shop.{date}.sqlite"));
        fs::rename(self.folder().join(format!("shop.{}.sqlite", today())), to).unwrap();
    }
}

pub(crate) fn today() -> String {
    let db = Connection::open_in_memory().unwrap();
    db.query_row("SELECT date('now', 'localtime')", [], |row| row.get(0)).unwrap()
}

pub(crate) fn add(db: &Connection, name: &str) {
    db.execute("INSERT INTO item (name) VALUES (?1)", [name]).unwrap();
}

pub(crate) fn names(db: &Connection) -> Vec<String> {
    let mut select = db.prepare("SELECT name FROM item ORDER BY id").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn names_in(path: &Path) -> Vec<String> {
    names(&Connection::open(path).unwrap())
}

pub(crate) fn list(db: &Connection) -> Vec<DatabaseCopy> {
    Copies::of(db).unwrap().list().unwrap()
}

fn restore(db: &mut Connection, name: &str) -> Result<DatabaseCopy, CopyError> {
    Copies::of(db).unwrap().restore(db, name)
}

fn check(db: &Connection) {
    let found: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
}

#[track_caller]
pub(crate) fn wait_for<T>(what: &str, mut get: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match get() {
            Some(found) => return found,
            None => assert!(Instant::now() < deadline, "not in time: {what}"),
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_copy_is_made_in_the_background_while_others_write() {
    let shop = Shop::new();
    let db = shop.database().daily_copies(7).open().unwrap();
    add(&db, "first");
    let mut number = 0;
    let copy = wait_for("the copy", || {
        // One statement inserts the row twice, so a copy must have both or neither.
        number += 1;
        db.execute("INSERT INTO item (name) SELECT ?1 UNION ALL SELECT ?1", [number]).unwrap();
        list(&db).pop()
    });
    assert_eq!(copy.name, format!("shop.{}.sqlite", today()));
    assert_eq!((copy.kind, copy.date.as_str()), (CopyKind::Daily, &*today()));
    assert_eq!(copy.bytes, fs::metadata(&copy.path).unwrap().len());
    let copied = Connection::open(&copy.path).unwrap();
    let copied = names(&copied);
    assert_eq!((copied[0].as_str(), copied.len() % 2), ("first", 1));
    let tables = copy.tables(PATIENCE).unwrap();
    let rows = u64::try_from(copied.len()).unwrap();
    assert_eq!((tables[0].table.as_str(), tables[0].rows, tables.len()), ("item", Some(rows), 1));
    assert_eq!(shop.files(), [copy.name], "one file is all");
}

#[test]
fn counting_stops_at_its_limit() {
    let shop = Shop::new();
    let db = shop.database().open().unwrap();
    db.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO item (name) SELECT i FROM n;
         CREATE TABLE small (a); INSERT INTO small VALUES (1)",
    )
    .unwrap();
    fs::create_dir(shop.folder()).unwrap();
    let to = shop.folder().join("shop.2026-01-01.sqlite");
    db.execute("VACUUM INTO ?1", [to.to_str()]).unwrap();
    let copy = list(&db).pop().unwrap();
    let rows = |limit| -> Vec<_> {
        copy.tables(limit).unwrap().into_iter().map(|table| table.rows).collect()
    };
    assert_eq!(rows(PATIENCE), [Some(5_000), Some(1)]);
    assert_eq!(rows(Duration::ZERO), [None, Some(1)]);
}

#[test]
fn closing_interrupts_a_copy() {
    let shop = Shop::new();
    let db = shop.database().open().unwrap();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
                INSERT INTO item (name) SELECT printf('%0200d', i) FROM n";
    db.execute(fill, []).unwrap();
    drop(db);
    let db = shop.database().daily_copies(7).open().unwrap();
    wait_for("the beginning of the copy", || {
        shop.files().iter().any(|name| name.contains(".partial")).then_some(())
    });
    drop(db);
    assert_eq!(shop.files(), [""; 0], "nothing half is left");
}

#[test]
fn one_copy_a_day_if_something_has_changed() {
    let shop = Shop::new();
    let db = shop.open(7);
    assert_eq!(shop.files().len(), 1);
    add(&db, "tea");
    drop(db);
    drop(shop.open(7));
    assert_eq!(shop.files(), [format!("shop.{}.sqlite", today())], "one a day");
    assert!(names_in(&shop.folder().join(&shop.files()[0])).is_empty());
    shop.age("2026-01-01");
    drop(shop.open(7));
    let both = ["shop.2026-01-01.sqlite".to_owned(), format!("shop.{}.sqlite", today())];
    assert_eq!(shop.files(), both);
    // Opens and closes the file on several days without changing it.
    for _ in 0..3 {
        shop.age("2026-01-02");
        drop(shop.open(7));
        assert_eq!(shop.files(), ["shop.2026-01-01.sqlite", "shop.2026-01-02.sqlite"]);
        fs::rename(
            shop.folder().join("shop.2026-01-02.sqlite"),
            shop.folder().join(format!("shop.{}.sqlite", today())),
        )
        .unwrap();
    }
}

#[test]
fn the_oldest_copies_go() {
    let shop = Shop::new();
    for day in 1..=5 {
        let db = shop.open(3);
        add(&db, "tea");
        drop(db);
        shop.age(&format!("2026-01-0{day}"));
    }
    drop(shop.open(3));
    let names = ["shop.2026-01-04.sqlite", "shop.2026-01-05.sqlite"];
    assert_eq!(shop.files()[..2], names);
    assert_eq!(shop.files().len(), 3);
}

#[test]
fn the_copy_before_a_migration_is_one_of_them() {
    let shop = Shop::new();
    let db = shop.open(2);
    add(&db, "tea");
    drop(db);
    shop.age("2026-01-01");
    let database = || Database::at(&shop.path).migrations([FIRST, SECOND]).daily_copies(2);
    let db = database().without_thread().open().unwrap();
    let copies = list(&db);
    let kinds: Vec<_> = copies.iter().map(|copy| copy.kind).collect();
    assert_eq!(kinds, [CopyKind::Daily, CopyKind::BeforeMigration(1), CopyKind::Daily]);
    assert_eq!(copies[1].name, format!("shop.{}.v1.sqlite", today()));
}

#[test]
fn what_cannot_be_copied_is_logged_and_nothing_else() {
    let shop = Shop::new();
    fs::write(shop.folder(), "a file where the folder should be").unwrap();
    let log = logged(|| add(&shop.open(7), "tea"));
    assert!(log.contains("cannot make the daily copy: "), "{log}");
    // The background thread fails as well, and the file still opens.
    let db = shop.database().daily_copies(7).open().unwrap();
    assert_eq!(names(&db), ["tea"]);
    assert!(Copies::of(&db).unwrap().list().is_err());
}

#[test]
fn a_copy_of_a_damaged_file_replaces_no_older_one() {
    let shop = Shop::new();
    let db = shop.open(1);
    for _ in 0..2_000 {
        add(&db, "a name that fills some pages of the table and of its index");
    }
    drop(db);
    shop.age("2026-01-01");
    damage(&shop.path);
    let log = logged(|| drop(shop.open(1)));
    assert!(log.contains("is damaged"), "{log}");
    assert_eq!(shop.files(), ["shop.2026-01-01.sqlite"]);
}

/// Overwrites a page in the middle.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0x5a);
    fs::write(path, &bytes).unwrap();
}

#[test]
fn a_restore_keeps_the_present_state() {
    let shop = Shop::new();
    let db = shop.open(7);
    add(&db, "old");
    drop(db);
    shop.age("2026-01-01");
    drop(shop.open(7));
    let mut db = shop.database().daily_copies(7).open().unwrap();
    let other = Connection::open(&shop.path).unwrap();
    add(&db, "new");
    let copy = format!("shop.{}.sqlite", today());
    let kept = restore(&mut db, &copy).unwrap();
    assert_eq!(
        (kept.kind, kept.name),
        (CopyKind::Replaced, format!("shop.{}.replaced.sqlite", today()))
    );
    assert_eq!((names(&db), names(&other)), (vec!["old".to_owned()], vec!["old".to_owned()]));
    assert_eq!(names_in(&kept.path), ["old", "new"]);
    add(&db, "newer");
    assert_eq!(names(&other), ["old", "newer"], "the connection still works");
    let mode: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    check(&db);
    // Restores the previous content again.
    let kept_again = restore(&mut db, &format!("shop.{}.replaced.sqlite", today())).unwrap();
    assert_eq!(kept_again.name, format!("shop.{}.replaced.2.sqlite", today()));
    assert_eq!(names(&db), ["old", "new"]);
    drop((db, other));
    assert_eq!(names(&shop.open(7)), ["old", "new"], "it lasts");
}

#[test]
fn an_older_schema_is_migrated() {
    let shop = Shop::new();
    let db = shop.open(7);
    add(&db, "old");
    drop(db);
    let mut db = Database::at(&shop.path).migrations([FIRST, SECOND]).open().unwrap();
    db.execute_batch("UPDATE item SET name = 'new', price = 1").unwrap();
    restore(&mut db, &format!("shop.{}.v1.sqlite", today())).unwrap();
    let item = db.query_row(
        "SELECT name, price, (SELECT user_version FROM pragma_user_version) FROM item",
        [],
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)),
    );
    assert_eq!(item.unwrap(), ("old".to_owned(), 7, 2));
    let copy = Connection::open(shop.folder().join(format!("shop.{}.v1.sqlite", today()))).unwrap();
    assert!(copy.prepare("SELECT price FROM item").is_err(), "the copy stays as it was");
}

/// Checks that restoring this copy fails and changes nothing.
#[track_caller]
fn check_refused(shop: &Shop, db: &mut Connection, name: &str) -> CopyError {
    let files = shop.files();
    let before = names(db);
    let error = restore(db, name).unwrap_err();
    assert_eq!(names(db), before);
    assert_eq!(shop.files(), files, "no copy is made and nothing is left");
    check(db);
    error
}

#[test]
fn what_must_not_be_restored_is_refused() {
    let shop = Shop::new();
    let mut db = shop.open(7);
    for _ in 0..2_000 {
        add(&db, "a name that fills some pages of the table and of its index");
    }
    let copy = |name: &str| shop.folder().join(format!("shop.2026-01-01.{name}"));
    db.execute("VACUUM INTO ?1", [copy("sqlite").to_str()]).unwrap();
    fs::copy(copy("sqlite"), copy("2.sqlite")).unwrap();
    damage(&copy("2.sqlite"));
    fs::copy(copy("sqlite"), copy("3.sqlite")).unwrap();
    Connection::open(copy("3.sqlite")).unwrap().pragma_update(None, "user_version", 2).unwrap();
    fs::copy(copy("sqlite"), copy("4.sqlite")).unwrap();
    Connection::open(copy("4.sqlite")).unwrap().pragma_update(None, "user_version", -2).unwrap();
    fs::write(copy("5.sqlite"), "no database at all, but long enough".repeat(50)).unwrap();

    let mut refuse = |name: &str| check_refused(&shop, &mut db, name);
    assert!(matches!(refuse("shop.2026-01-01.2.sqlite"), CopyError::Damaged { .. }));
    let newer = refuse("shop.2026-01-01.3.sqlite");
    assert!(matches!(newer, CopyError::NewerSchema { found: 2, known: 1, .. }), "{newer:?}");
    let foreign = refuse("shop.2026-01-01.4.sqlite");
    assert!(matches!(foreign, CopyError::OtherSchema { found: -2, .. }), "{foreign:?}");
    assert!(matches!(refuse("shop.2026-01-01.5.sqlite"), CopyError::Damaged { .. }));
    for name in ["shop.2026-01-09.sqlite", "../shop.sqlite", "", "shop.sqlite.lock"] {
        assert!(matches!(refuse(name), CopyError::Missing { .. }), "{name}");
    }
    restore(&mut db, "shop.2026-01-01.sqlite").unwrap();
}

#[test]
fn a_failing_migration_of_a_copy_changes_nothing() {
    let shop = Shop::new();
    let db = shop.open(7);
    add(&db, "old");
    drop(db);
    // Marks the file as migrated without running the migration, which would fail.
    let plain = Connection::open(&shop.path).unwrap();
    plain.pragma_update(None, "user_version", 2).unwrap();
    drop(plain);
    let failing = "ALTER TABLE missing ADD COLUMN a";
    let mut db = Database::at(&shop.path).migrations([FIRST, failing]).open().unwrap();
    let error = check_refused(&shop, &mut db, &format!("shop.{}.sqlite", today()));
    assert!(matches!(error, CopyError::Failed(_)), "{error:?}");
}

#[test]
fn without_migrations_only_the_same_version_is_restored() {
    let shop = Shop::new();
    let db = shop.open(7);
    add(&db, "old");
    drop(db);
    let mut db = Database::at(&shop.path).open().unwrap();
    let copy = format!("shop.{}.sqlite", today());
    db.pragma_update(None, "user_version", 5).unwrap();
    assert!(matches!(check_refused(&shop, &mut db, &copy), CopyError::OtherSchema { .. }));
    db.pragma_update(None, "user_version", 1).unwrap();
    restore(&mut db, &copy).unwrap();
    assert!(names(&db).is_empty());
}

#[test]
fn a_database_in_memory_has_no_copies() {
    let db = Database::in_memory().migrations([FIRST]).daily_copies(7).open().unwrap();
    assert!(Copies::of(&db).is_none());
}
