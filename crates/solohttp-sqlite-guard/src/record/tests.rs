//! Records in real tables.

mod constraints;
mod files;
mod opening;
mod rows;

use std::net::Ipv4Addr;

use rusqlite::types::Value;
use rusqlite::{Connection, Error};
use solohttp_core::{StoredChoice, StoredKey};

use super::{Record, Stored, Text, WriteError};
use crate::{Database, columns};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Status {
    Fresh,
    Spoiled,
}

impl StoredChoice for Status {
    const ALL: &'static [Self] = &[Self::Fresh, Self::Spoiled];

    fn stored(self) -> StoredKey<'static> {
        StoredKey::Text(match self {
            Self::Fresh => "fresh",
            Self::Spoiled => "spoiled",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Level {
    Low,
    High,
}

impl StoredChoice for Level {
    const ALL: &'static [Self] = &[Self::Low, Self::High];

    fn stored(self) -> StoredKey<'static> {
        StoredKey::Integer(match self {
            Self::Low => -1,
            Self::High => 3,
        })
    }
}

/// One field of each kind.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    code: String,
    host: Ipv4Addr,
    other: Option<Ipv4Addr>,
    status: Status,
    level: Option<Level>,
    mass: Option<i64>,
    ratio: f64,
    from: Option<u8>,
    image: Vec<u8>,
    r#type: bool,
    upload: Option<String>,
}

columns!(Sample in "sample" {
    code,
    host: text,
    other: text,
    status: choice,
    level: choice,
    mass,
    ratio,
    from: with(stored_hour, read_hour) as "starts",
    image,
    r#type as "type",
    upload: skip,
} with {
    sort_key = "sort_key(:code)",
} except { created });

fn stored_hour(hour: &Option<u8>) -> Option<String> {
    hour.map(|hour| format!("{hour:02}:00"))
}

fn read_hour(stored: Option<String>) -> Result<Option<u8>, String> {
    let hour = |text: String| text.split(':').next().and_then(|hour| hour.parse().ok());
    stored.map(|text| hour(text).ok_or_else(|| "not an hour".to_owned())).transpose()
}

const TABLE: &str = "CREATE TABLE sample (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    host TEXT NOT NULL,
    other TEXT,
    status TEXT NOT NULL CHECK (status IN ('fresh', 'spoiled')),
    level INTEGER CHECK (level IN (-1, 3)),
    mass INTEGER,
    ratio REAL NOT NULL,
    starts TEXT CHECK (starts GLOB '[0-9][0-9]:00'),
    image BLOB NOT NULL,
    type INTEGER NOT NULL,
    sort_key TEXT NOT NULL,
    created TEXT NOT NULL DEFAULT '2026-01-01',
    by_code TEXT AS (sort_key || id)
) STRICT";

fn sample(code: &str) -> Sample {
    Sample {
        code: code.to_owned(),
        host: Ipv4Addr::LOCALHOST,
        other: None,
        status: Status::Spoiled,
        level: Some(Level::High),
        mass: Some(12),
        ratio: 0.5,
        from: Some(7),
        image: vec![0, 255],
        r#type: true,
        upload: None,
    }
}

fn open() -> Connection {
    Database::in_memory().migrations([TABLE]).record::<Sample>().open().unwrap()
}

#[test]
fn every_kind_of_field_comes_back() {
    let db = open();
    let full = Sample { other: Some(Ipv4Addr::UNSPECIFIED), ..sample("A") };
    let bare = Sample { level: None, mass: None, from: None, ..sample("B") };
    let ids = [full.insert(&db).unwrap(), bare.insert(&db).unwrap()];
    assert_eq!(Sample::find(&db, ids[0]).unwrap(), Some(full.clone()));
    assert_eq!(Sample::find(&db, ids[1]).unwrap(), Some(bare.clone()));
    assert_eq!(Sample::find(&db, 99).unwrap(), None);
    let rows = Sample::select(
        &db,
        "WHERE other = ?1 OR code = 'B' ORDER BY code",
        [Text(Ipv4Addr::UNSPECIFIED)],
    );
    let expect = [Stored { id: ids[0], record: full }, Stored { id: ids[1], record: bare }];
    assert_eq!(rows.unwrap(), expect);
    let stored = "SELECT starts, status, level, type, sort_key FROM sample WHERE code = 'A'";
    let stored: (String, String, i64, i64, String) =
        db.query_row(stored, [], |row| row.try_into()).unwrap();
    assert_eq!(stored, ("07:00".into(), "spoiled".into(), 3, 1, "a\tA".into()));
}

#[test]
fn update_replaces_the_row_and_nothing_else() {
    let db = open();
    let (id, other) = (sample("A").insert(&db).unwrap(), sample("B").insert(&db).unwrap());
    db.execute("UPDATE sample SET created = 'then'", []).unwrap();
    let changed = Sample { mass: None, ..sample("Äpfel") };
    changed.update(&db, id).unwrap();
    assert_eq!(Sample::find(&db, id).unwrap(), Some(changed));
    assert_eq!(Sample::find(&db, other).unwrap(), Some(sample("B")));
    let sql = "SELECT sort_key, created FROM sample WHERE id = ?1";
    let kept: (String, String) = db.query_row(sql, [id], |row| row.try_into()).unwrap();
    assert_eq!(kept, ("apfel\tÄpfel".into(), "then".into()));
}

#[test]
fn a_row_that_is_gone_is_an_error_and_not_silence() {
    let db = open();
    let error = sample("A").update(&db, 7).unwrap_err();
    assert_eq!(error.to_string(), "the table sample has no row 7: it may have been deleted");
    assert!(matches!(Error::from(error), Error::QueryReturnedNoRows));
    let id = sample("A").save(&db, None).unwrap();
    assert_eq!(sample("B").save(&db, Some(id)).unwrap(), id);
    assert!(Sample::delete(&db, id).unwrap());
    assert!(!Sample::delete(&db, id).unwrap());
    assert!(matches!(sample("B").save(&db, Some(id)), Err(WriteError::NoSuchRow { id: 1, .. })));
}

#[test]
fn from_row_finds_columns_by_name() {
    let db = open();
    sample("A").insert(&db).unwrap();
    // A table whose columns have the same names.
    db.execute_batch(
        "CREATE TABLE other (id INTEGER PRIMARY KEY, code TEXT, note TEXT);
        INSERT INTO other VALUES (1, 'X', 'joined')",
    )
    .unwrap();
    let sql =
        format!("SELECT {}, note, other.code FROM other JOIN sample USING (id)", Sample::COLUMNS);
    let read = |sql: &str| db.query_row(sql, [], Sample::from_row);
    assert_eq!(read(&sql).unwrap(), sample("A"));
    assert_eq!(
        read("SELECT note, sample.* FROM other JOIN sample USING (id)").unwrap(),
        sample("A")
    );
    let error = read("SELECT code, host FROM sample").unwrap_err().to_string();
    assert_eq!(error, "Invalid column name: other");
}

#[test]
fn values_that_do_not_fit_are_errors() {
    let db = open();
    sample("A").insert(&db).unwrap();
    db.pragma_update(None, "ignore_check_constraints", true).unwrap();
    for (set, expect) in [
        ("host = 'home'", "invalid IPv4 address syntax"),
        ("status = 'stale'", "'stale' is none of 'fresh', 'spoiled'"),
        ("level = 2", "2 is none of -1, 3"),
        ("starts = 'noon'", "not an hour"),
    ] {
        db.execute_batch(&format!("SAVEPOINT s; UPDATE sample SET {set}")).unwrap();
        let error = Sample::select(&db, "", []).unwrap_err().to_string();
        assert!(error.contains(expect), "{error}");
        db.execute_batch("ROLLBACK TO s; RELEASE s").unwrap();
    }
}

mod nested {
    #[derive(Debug, PartialEq)]
    pub(super) struct Order {
        pub(super) number: i64,
        pub(super) group: Option<String>,
    }
}

// Words that have to be quoted, a path, and a key in the record.
columns!(nested::Order in "order" { number: key, group });

#[test]
fn a_record_may_contain_its_key() {
    let table = "CREATE TABLE \"order\" (number INTEGER PRIMARY KEY, \"group\" TEXT) STRICT";
    let db = Database::in_memory().migrations([table]).record::<nested::Order>().open().unwrap();
    let order = nested::Order { number: 99, group: Some("x".into()) };
    assert_eq!(order.insert(&db).unwrap(), 1, "SQLite assigns the key");
    nested::Order { number: 99, group: None }.update(&db, 1).unwrap();
    let all: Vec<nested::Order> = nested::Order::select(&db, "WHERE number = ?1", [1]).unwrap();
    assert_eq!(all, [nested::Order { number: 1, group: None }]);
    assert_eq!(
        nested::Order::find(&db, 1).unwrap(),
        Some(nested::Order { number: 1, group: None })
    );
    assert_eq!(nested::Order::COLUMNS, "\"order\".\"number\", \"order\".\"group\"");
    assert_eq!((nested::Order::TABLE, nested::Order::KEY), ("order", "number"));
}

struct Plain {
    value: Value,
}

columns!(Plain in "plain" by "number" { value });

#[test]
fn the_key_may_have_another_name() {
    let table = "CREATE TABLE plain (number INTEGER PRIMARY KEY, value ANY NOT NULL) STRICT";
    let db = Database::in_memory().migrations([table]).record::<Plain>().open().unwrap();
    let id = Plain { value: Value::Real(1.5) }.insert(&db).unwrap();
    assert_eq!(Plain::select(&db, "", []).unwrap()[0].id, id);
    assert_eq!(Plain::find(&db, id).unwrap().unwrap().value, Value::Real(1.5));
}

#[test]
fn a_misspelled_field_in_an_expression_is_no_silent_null() {
    struct Wrong {
        code: String,
    }
    columns!(Wrong in "wrong" { code } with { key = "lower(:cod)" });
    let table = "CREATE TABLE wrong (id INTEGER PRIMARY KEY, code TEXT NOT NULL, key TEXT) STRICT";
    let db = Database::in_memory().migrations([table]).open().unwrap();
    let error = Wrong { code: "A".into() }.insert(&db).unwrap_err();
    assert!(matches!(Error::from(error), Error::InvalidParameterCount(1, 2)));
    let error = Database::in_memory().migrations([table]).record::<Wrong>().open().unwrap_err();
    assert!(error.to_string().contains("uses `:cod`, which isn't one of the stored fields: code"));
}
