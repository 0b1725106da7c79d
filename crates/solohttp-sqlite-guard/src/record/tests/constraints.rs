//! Which table, columns and fields a failed constraint involves.

use rusqlite::Connection;
use solohttp_core::ConstraintKind::{self, Check, ForeignKey, NotNull, Referenced, Unique};
use solohttp_core::{ConstraintError, Failure};

use crate::{Database, Record as _, WriteError, columns, explain, write};

#[derive(Clone)]
struct Visit {
    patient: Option<i64>,
    room: Option<String>,
    from: i64,
    to: i64,
    code: String,
}

columns!(Visit in "visit" { patient, room, from as "starts", to as "ends", code } with {
    sort_key = "sort_key(:code)",
});

struct Patient {
    name: Option<String>,
}

columns!(Patient in "patient" { name });

const TABLES: &str = "
    CREATE TABLE patient (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE room (house TEXT, name TEXT, PRIMARY KEY (house, name)) STRICT;
    CREATE TABLE visit (
        id INTEGER PRIMARY KEY,
        patient INTEGER REFERENCES patient,
        house TEXT NOT NULL DEFAULT 'main',
        room TEXT,
        starts INTEGER NOT NULL,
        ends INTEGER NOT NULL CONSTRAINT positive CHECK (ends > 0),
        code TEXT NOT NULL CHECK ( code<>''  /* not blank */ ),
        sort_key TEXT NOT NULL,
        by_code TEXT AS (sort_key || '!'),
        CHECK (ends >= starts),
        UNIQUE (patient, starts),
        FOREIGN KEY (house, room) REFERENCES room (house, name)
    ) STRICT;
    CREATE UNIQUE INDEX by_sort_key ON visit (sort_key);
    CREATE UNIQUE INDEX \"it's one\" ON visit (lower(code)) WHERE ends < 1000;
    CREATE UNIQUE INDEX by_generated ON visit (by_code);
    INSERT INTO patient VALUES (1, 'Ada'), (2, 'Grace');
    INSERT INTO room VALUES ('main', 'A');";

fn open() -> Connection {
    Database::in_memory().migrations([TABLES]).open().unwrap()
}

fn visit() -> Visit {
    Visit { patient: Some(1), room: None, from: 1, to: 2, code: "x".into() }
}

#[track_caller]
fn check(
    failed: Result<impl Sized, WriteError>,
    (kind, table): (ConstraintKind, &str),
    columns: &[&str],
    fields: &[&str],
) {
    let Err(error) = failed else { panic!("the change was accepted") };
    let error = error.constraint().unwrap_or_else(|| panic!("{error:?}"));
    assert_eq!((error.kind, error.table.as_deref()), (kind, Some(table)), "{error}");
    assert_eq!((&error.columns[..], &error.fields[..]), (&*owned(columns), &*owned(fields)));
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn unique_columns_are_found() {
    let db = open();
    visit().insert(&db).unwrap();
    let again = Visit { code: "y".into(), ..visit() };
    check(again.insert(&db), (Unique, "visit"), &["patient", "starts"], &["patient", "from"]);
    db.execute_batch("DROP INDEX \"it's one\"; DROP INDEX by_generated").unwrap();
    let again = Visit { patient: Some(2), ..visit() };
    check(again.insert(&db), (Unique, "visit"), &["sort_key"], &["code"]);
    let db = open();
    let id = visit().insert(&db).unwrap();
    db.execute_batch("DROP INDEX by_sort_key; DROP INDEX by_generated").unwrap();
    let again = Visit { patient: Some(2), code: "X".into(), ..visit() };
    check(again.insert(&db), (Unique, "visit"), &["code"], &["code"]);
    let other = Visit { from: 0, ..again.clone() };
    check(other.insert(&db), (Unique, "visit"), &["code"], &["code"]);
    let other = Visit { code: "z".into(), ..again }.insert(&db).unwrap();
    let again = Visit { code: "w".into(), ..visit() };
    check(
        again.update(&db, other),
        (Unique, "visit"),
        &["patient", "starts"],
        &["patient", "from"],
    );
    visit().update(&db, id).unwrap();
}

#[test]
fn a_generated_column_stands_for_those_it_is_made_of() {
    let db = open();
    visit().insert(&db).unwrap();
    db.execute_batch("DROP INDEX \"it's one\"; DROP INDEX by_sort_key").unwrap();
    let again = Visit { patient: Some(2), ..visit() };
    check(again.insert(&db), (Unique, "visit"), &["sort_key"], &["code"]);
}

#[test]
fn checks_are_found_by_name_and_by_condition() {
    let db = open();
    let wrong = Visit { to: 0, from: 0, ..visit() };
    check(wrong.insert(&db), (Check, "visit"), &["ends"], &["to"]);
    let wrong = Visit { from: 3, ..visit() };
    check(wrong.insert(&db), (Check, "visit"), &["ends", "starts"], &["to", "from"]);
    let wrong = Visit { code: String::new(), ..visit() };
    check(wrong.insert(&db), (Check, "visit"), &["code"], &["code"]);
    check(Patient { name: None }.insert(&db), (NotNull, "patient"), &["name"], &["name"]);
}

#[test]
fn a_missing_parent_is_found() {
    let db = open();
    let wrong = Visit { patient: Some(9), ..visit() };
    check(wrong.insert(&db), (ForeignKey, "visit"), &["patient"], &["patient"]);
    let id = visit().insert(&db).unwrap();
    check(wrong.update(&db, id), (ForeignKey, "visit"), &["patient"], &["patient"]);
    let count: i64 = db.query_row("SELECT count(*) FROM visit", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
    // `house` isn't a field, so its value isn't known.
    let room = |name: &str| Visit { room: Some(name.into()), code: "r".into(), from: 0, ..visit() };
    check(room("B").insert(&db), (ForeignKey, "visit"), &["house", "room"], &["room"]);
    room("A").insert(&db).unwrap();
}

/// The reason why `insert` runs its statement to the end.
#[test]
fn an_error_of_the_commit_is_not_hidden() {
    struct Child {
        parent: i64,
    }
    columns!(Child in "child" { parent });
    let tables = "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL
        REFERENCES child DEFERRABLE INITIALLY DEFERRED) STRICT";
    let db = Database::in_memory().migrations([tables]).record::<Child>().open().unwrap();
    let sql = "INSERT INTO child (parent) VALUES (9) RETURNING id";
    db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let count = |db: &Connection| -> i64 {
        db.query_row("SELECT count(*) FROM child", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(&db), 0, "`query_row` drops the error");
    check(Child { parent: 9 }.insert(&db), (ForeignKey, "child"), &["parent"], &["parent"]);
    Child { parent: 1 }.insert(&db).unwrap();
    assert_eq!(count(&db), 1);
}

#[test]
fn a_row_that_is_referred_to_is_not_deleted() {
    let db = open();
    visit().insert(&db).unwrap();
    check(Patient::delete(&db, 1), (Referenced, "visit"), &["patient"], &["patient"]);
    assert!(Patient::delete(&db, 2).unwrap());
}

#[test]
fn plain_sql_is_explained() {
    let mut db = open();
    let run = |db: &Connection, sql: &str| db.execute(sql, []).map_err(|error| explain(db, error));
    let insert = "INSERT INTO visit (starts, ends, code, sort_key) VALUES";
    check(
        run(&db, &format!("{insert} (3, 2, 'a', '')")),
        (Check, "visit"),
        &["ends", "starts"],
        &["ends", "starts"],
    );
    check(run(&db, &format!("{insert} (0, 0, 'a', '')")), (Check, "visit"), &["ends"], &["ends"]);
    run(&db, &format!("{insert} (1, 2, 'a', 'k')")).unwrap();
    db.execute_batch("DROP INDEX by_sort_key; DROP INDEX by_generated").unwrap();
    let again = run(&db, &format!("{insert} (1, 2, 'A', 'k')"));
    check(again, (Unique, "visit"), &["code"], &["code"]);
    assert!(matches!(run(&db, "SELECT"), Err(WriteError::Sqlite { table: None, .. })));
    // In a handler.
    let failure: Failure = write(&mut db, |tx| {
        run(tx, "DELETE FROM room").map(drop)?;
        Ok(run(tx, "UPDATE visit SET patient = 9")?)
    })
    .unwrap_err();
    let found = ConstraintError::find(failure.error().unwrap()).unwrap();
    assert_eq!((found.kind, found.table), (ForeignKey, None));
}

#[test]
fn two_tables_with_the_same_check_are_not_confused() {
    let tables = "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0));
        CREATE TABLE b (id INTEGER PRIMARY KEY, n INTEGER CHECK (n > 0))";
    struct B {
        n: Option<i64>,
    }
    columns!(B in "b" { n });
    let db = Database::in_memory().migrations([tables]).open().unwrap();
    check(B { n: Some(0) }.insert(&db), (Check, "b"), &["n"], &["n"]);
    let error = db.execute("INSERT INTO a (n) VALUES (0)", []).unwrap_err();
    let error = explain(&db, error);
    assert_eq!(error.constraint().unwrap().table, None);
    assert_eq!(error.to_string(), "cannot write to the database");
}

#[test]
fn the_causes_say_what_is_wrong() {
    let db = open();
    visit().insert(&db).unwrap();
    let failure = Failure::from(Visit { code: "y".into(), ..visit() }.insert(&db).unwrap_err());
    let shown = format!("{failure:?}");
    let expect = "cannot write to the table visit\n  because: visit already has a row with this \
                  patient, starts (UNIQUE constraint failed: visit.patient, visit.starts)\n";
    assert!(shown.starts_with(expect), "{shown}");
}
