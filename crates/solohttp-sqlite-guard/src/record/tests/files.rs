//! Stored files: kept, replaced, removed, copied and served.

use rusqlite::Connection;
use solohttp_core::{Request, StoredFile};

use crate::{Database, Error, Record as _, WriteError, columns};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nxyz";

struct Cat {
    name: String,
    photo: StoredFile,
}

columns!(Cat in "cat" { name, photo: file in "cat's photo" });

const CAT: &str = "CREATE TABLE cat (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;";

const PHOTO: &str = "CREATE TABLE \"cat's photo\" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cat INTEGER NOT NULL UNIQUE REFERENCES cat ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;";

fn try_open(photo: &str) -> Result<Connection, Error> {
    let tables: &'static str = format!("{CAT}{photo}").leak();
    Database::in_memory().migrations([tables]).record::<Cat>().open()
}

fn cat(name: &str, photo: StoredFile) -> Cat {
    Cat { name: name.into(), photo }
}

/// The names of the stored files with their ids.
fn files(db: &Connection) -> String {
    let sql = "SELECT coalesce(group_concat(id || name, ' ' ORDER BY id), '') FROM \"cat's photo\"";
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_is_kept_replaced_and_removed() {
    let db = try_open(PHOTO).unwrap();
    let id = cat("Tom", StoredFile::new("../a.png", PNG)).insert(&db).unwrap();
    let none = cat("Kit", StoredFile::default()).insert(&db).unwrap();
    assert_eq!(files(&db), "1a.png");
    let all = Cat::select(&db, "ORDER BY id", []).unwrap();
    let info = all[0].photo.info().unwrap();
    assert_eq!((info.id, &*info.name, &*info.media_type, info.len), (1, "a.png", "image/png", 11));
    assert!(all[1].photo.info().is_none());

    let mut found = Cat::get(&db, id).unwrap();
    found.update(&db, id).unwrap();
    // Nothing says that the file is to be removed.
    cat("Tom", StoredFile::default()).update(&db, id).unwrap();
    assert_eq!(files(&db), "1a.png");

    found.photo = StoredFile::new("b.html", *b"<p>");
    found.update(&db, id).unwrap();
    assert_eq!(files(&db), "2b.html");
    found = Cat::get(&db, id).unwrap();
    assert_eq!(found.photo.info().unwrap().media_type, "application/octet-stream");

    // The change is undone as a whole.
    found.photo.remove();
    found.name = "Kit".into();
    assert!(found.update(&db, id).is_err());
    assert_eq!(files(&db), "2b.html");
    found.name = "Tom".into();
    found.update(&db, id).unwrap();
    assert_eq!(files(&db), "");
    found.update(&db, none).unwrap_err();
}

#[test]
fn a_copy_has_a_file_of_its_own() {
    let db = try_open(PHOTO).unwrap();
    let id = cat("Tom", StoredFile::new("a.png", PNG)).insert(&db).unwrap();
    let mut copy = Cat::get(&db, id).unwrap();
    copy.name = "Tim".into();
    let copied = copy.insert(&db).unwrap();
    assert_eq!(files(&db), "1a.png 2a.png");
    assert!(Cat::delete(&db, id).unwrap());
    assert_eq!(files(&db), "2a.png");
    assert_eq!(Cat::get(&db, copied).unwrap().photo.info().unwrap().id, 2);
    // The file of a deleted record isn't lost without a word.
    copy.name = "Tam".into();
    assert!(matches!(copy.insert(&db), Err(WriteError::NoSuchRow { id: 1, .. })));
    assert!(Cat::select(&db, "WHERE name = 'Tam'", []).unwrap().is_empty());
}

#[test]
fn a_file_is_served() {
    let db = try_open(PHOTO).unwrap();
    let id = cat("Tom", StoredFile::new("a.png", PNG)).insert(&db).unwrap();
    let request = Request::get("/").build();
    let serve = |id, field| Cat::serve_file(&db, id, field, &request);
    let response = serve(id, "photo").unwrap();
    assert_eq!(response.header("content-type"), Some("image/png"));
    assert_eq!(response.into_bytes().unwrap(), PNG);
    assert_eq!(serve(9, "photo").unwrap_err().status(), 404);
    let error = serve(id, "name").unwrap_err().to_string();
    assert_eq!(error, "the record Cat has no stored file `name`");
}

#[test]
fn the_table_of_the_files_is_checked() {
    for (from, to) in [
        (" AUTOINCREMENT", ""),
        ("UNIQUE ", ""),
        ("ON DELETE CASCADE", ""),
        ("name TEXT NOT NULL", "name TEXT"),
        ("bytes BLOB", "bytes TEXT"),
        ("cat INTEGER", "dog INTEGER"),
    ] {
        assert!(PHOTO.contains(from));
        match try_open(&PHOTO.replace(from, to)) {
            Err(Error::Record { problems, .. }) => {
                let start = "`photo`: the table `cat's photo` isn't one for stored files: CREATE";
                assert!(problems[0].starts_with(start), "{problems:?}");
            }
            other => panic!("{from}: {other:?}"),
        }
    }
    let Err(Error::Record { problems, .. }) = try_open("") else { panic!("accepted") };
    assert!(problems[0].starts_with("`photo`: there is no table `cat's photo`: CREATE TABLE"));
}
