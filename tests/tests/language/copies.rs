//! The pages about copies of the database.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{CopiesWords, Database};
use solohttp::{Handler, Request, RequestBuilder, Response, SqliteGuard};

use super::{Shown, install};

const FIRST: &str = "CREATE TABLE item (name TEXT NOT NULL) STRICT";
const SECOND: &str = "ALTER TABLE item ADD COLUMN price INTEGER NOT NULL DEFAULT 7";

const LIST: &str = "/__copies/";
const RESTORE: &str = "/__copies/restore";

/// A program whose pages list its copies.
struct Shop {
    app: Box<dyn Handler>,
}

impl Shop {
    fn new(db: Connection) -> Self {
        let guard = SqliteGuard::new(|| Response::html("§¶"), |db: &Connection| db);
        let app = guard.copies(|db: &mut Connection| db).with_state(db);
        Self { app: Box::new(app) }
    }

    #[track_caller]
    fn see(&mut self, shown: &mut Shown, what: &str, status: u16, request: RequestBuilder) {
        let response = request.send_to(&mut *self.app);
        let found = response.status();
        let page = response.into_text();
        assert_eq!(found, status, "{what}: {page}");
        shown.page(what, &page);
    }

    /// Restores a copy, which fails for the reason that the sentence says.
    #[track_caller]
    fn refuse(&mut self, shown: &mut Shown, name: &str, status: u16, why: &str) {
        let response = restore(name).send_to(&mut *self.app);
        let found = response.status();
        let page = response.into_text();
        assert_eq!(found, status, "{why}: {page}");
        assert!(page.contains(&format!("§copies.{why} ")), "no {why} in\n{page}");
        shown.page(why, &page);
    }
}

/// The name of a copy that the test makes.
fn name_of(copy: &str) -> String {
    format!("shop.2026-01-01.{copy}.sqlite")
}

fn restore(copy: &str) -> RequestBuilder {
    Request::post(RESTORE).form([("copy", name_of(copy))])
}

/// Opens the file as exclusive, so that copies exist on return.
fn open(path: &Path, migrations: &'static [&'static str], keep: usize) -> Connection {
    Database::at(path).migrations(migrations).daily_copies(keep).exclusive().open().unwrap()
}

/// Makes a copy of each kind that can't be restored or is shown in its own way.
fn make_copies(folder: &Path, db: &Connection) {
    let path = |copy: &str| folder.join(name_of(copy));
    db.execute("VACUUM INTO ?1", [path("2").to_str()]).unwrap();
    let copy = |copy: &str| {
        fs::copy(path("2"), path(copy)).unwrap();
        path(copy)
    };
    let resize = |name: &str, len: u64| {
        OpenOptions::new().write(true).open(copy(name)).unwrap().set_len(len).unwrap();
    };
    // SQLite ignores what follows the last page.
    resize("3", 5_000_000);
    resize("4", 1_200_000_000);
    for (name, version) in [("5", 9), ("6", -2), ("7", 1)] {
        let db = Connection::open(copy(name)).unwrap();
        db.pragma_update(None, "user_version", version).unwrap();
    }
    fs::write(path("8"), "no database at all, but long enough".repeat(50)).unwrap();
    let empty = Connection::open_in_memory().unwrap();
    empty.execute("VACUUM INTO ?1", [path("9").to_str()]).unwrap();
    make_endless(&copy("10"));
}

/// Adds tables to a copy that take long to count, although they are small: each page of a table
/// names the next table's page as its child several hundred times.
fn make_endless(copy: &Path) {
    const PAGE: usize = 4_096;
    const CELLS: usize = 681;
    let db = Connection::open(copy).unwrap();
    db.execute_batch(
        "CREATE TABLE a (x); CREATE TABLE b (x); CREATE TABLE c (x); CREATE TABLE d (x);
         INSERT INTO d VALUES (1)",
    )
    .unwrap();
    let root = |table: &str| -> u32 {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
        db.query_row(sql, [table], |row| row.get(0)).unwrap()
    };
    let roots = ["a", "b", "c", "d"].map(root);
    drop(db);
    let mut bytes = fs::read(copy).unwrap();
    assert_eq!(usize::from(u16::from_be_bytes([bytes[16], bytes[17]])), PAGE);
    for pair in roots.windows(2) {
        let child = pair[1].to_be_bytes();
        let start = usize::try_from(pair[0] - 1).unwrap() * PAGE;
        let page = &mut bytes[start..start + PAGE];
        page.fill(0);
        // The header of an interior page (sqlite.org/fileformat2.html#b_tree_pages), whose only
        // cell is at the end of the page.
        let cell = PAGE - 5;
        page[0] = 5;
        page[3..5].copy_from_slice(&u16::try_from(CELLS).unwrap().to_be_bytes());
        page[5..7].copy_from_slice(&u16::try_from(cell).unwrap().to_be_bytes());
        page[8..12].copy_from_slice(&child);
        for pointer in page[12..].chunks_exact_mut(2).take(CELLS) {
            pointer.copy_from_slice(&u16::try_from(cell).unwrap().to_be_bytes());
        }
        page[cell..cell + 4].copy_from_slice(&child);
        page[cell + 4] = 1;
    }
    fs::write(copy, bytes).unwrap();
}

fn refusals(shown: &mut Shown, shop: &mut Shop, folder: &Path) {
    shop.refuse(shown, "5", 409, "newer");
    shop.refuse(shown, "6", 409, "other_schema");
    shop.refuse(shown, "7", 500, "failed");
    shop.refuse(shown, "8", 409, "damaged");
    shop.refuse(shown, "77", 409, "missing");
    let lock = File::open(folder.join("shop.sqlite.lock")).unwrap();
    lock.lock().unwrap();
    shop.refuse(shown, "2", 409, "in_use");
    drop(lock);
    shop.see(shown, "no such copy", 404, Request::get("/__copies/restore?copy=none"));
    shop.see(shown, "a wrong method", 405, Request::post(LIST));
}

#[test]
fn all_sentences_about_copies_can_be_replaced() {
    install();
    let mut shown = Shown::default();
    let folder = tempfile::tempdir().unwrap();
    let (path, copies) = (folder.path().join("shop.sqlite"), folder.path().join("copies"));
    let db = Database::at(&path).migrations([FIRST]).open().unwrap();
    db.execute_batch("INSERT INTO item VALUES ('tea')").unwrap();
    let mut shop = Shop::new(db);
    shop.see(&mut shown, "no copies", 200, Request::get(LIST));
    drop(shop);

    // A daily copy is made after a second, and must not replace any of these.
    let db = open(&path, &[FIRST, SECOND], 99);
    make_copies(&copies, &db);
    let mut shop = Shop::new(db);
    shop.see(&mut shown, "the list", 200, Request::get(LIST));
    let confirm = format!("{RESTORE}?copy={}", name_of("2"));
    shop.see(&mut shown, "the question", 200, Request::get(&confirm));
    refusals(&mut shown, &mut shop, &copies);
    let restored = restore("2").send_to(&mut *shop.app);
    let list = restored.header("location").expect("it was restored");
    shop.see(&mut shown, "restored", 200, Request::get(list));

    // Windows doesn't allow moving an open file.
    #[cfg(not(unix))]
    let unseen = ["moved"];
    #[cfg(unix)]
    let unseen = {
        fs::remove_file(&path).unwrap();
        shop.see(&mut shown, "moved", 409, restore("2"));
        []
    };
    shown.all_of("copies", CopiesWords::default().each_mut(), &unseen);
}
