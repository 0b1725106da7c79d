//! What `Database::record` finds when a file is opened.

use super::{Sample, TABLE};
use crate::{Database, Error, columns};

/// Opens a database with this table. Returns the problems.
fn problems(table: &str) -> Vec<String> {
    let table: &'static str = table.to_owned().leak();
    match Database::in_memory().migrations([table]).record::<Sample>().open() {
        Ok(_) => Vec::new(),
        Err(Error::Record { record: "Sample", problems, .. }) => problems,
        Err(other) => panic!("{other}"),
    }
}

/// Changes the table, and checks that exactly this problem is found.
#[track_caller]
fn check(from: &str, to: &str, expect: &str) {
    assert!(TABLE.contains(from), "{from}");
    assert_eq!(problems(&TABLE.replace(from, to)), [expect], "{from} → {to}");
}

#[test]
fn a_table_that_matches_is_accepted() {
    assert_eq!(problems(TABLE), [""; 0]);
    // Types are only checked if SQLite checks them, too.
    assert_eq!(
        problems(&TABLE.replace("mass INTEGER", "mass NUMERIC").replace(" STRICT", "")),
        [""; 0]
    );
    assert_eq!(problems(&TABLE.replace("mass INTEGER", "mass ANY")), [""; 0]);
    assert_eq!(problems(&TABLE.replace("mass INTEGER", "mass INT")), [""; 0]);
    assert_eq!(problems(&TABLE.replace("CHECK (status IN ('fresh', 'spoiled'))", "")), [""; 0]);
}

#[test]
fn columns_and_fields_have_to_match() {
    check(
        "    mass INTEGER,\n",
        "",
        "there is no column `mass` for the field `mass`: add it in a migration, or declare \
         `mass: skip` if it isn't stored in this table",
    );
    check(
        "mass INTEGER,",
        "mass INTEGER, lot TEXT,",
        "nothing is stored in the column `lot`: name it in `columns!`, or list it in \
         `except { lot }`",
    );
    check(
        "    sort_key TEXT NOT NULL,\n    created TEXT NOT NULL DEFAULT '2026-01-01',\n    \
         by_code TEXT AS (sort_key || id)\n",
        "    created TEXT NOT NULL DEFAULT '2026-01-01'\n",
        "there is no column `sort_key` to compute: add it in a migration",
    );
    check(
        "    created TEXT NOT NULL DEFAULT '2026-01-01',\n",
        "",
        "there is no column `created`, which is listed in `except`",
    );
    check(
        "created TEXT NOT NULL DEFAULT '2026-01-01'",
        "created TEXT NOT NULL",
        "no row can be inserted without the column `created`: give it a DEFAULT, or don't list it \
         in `except`",
    );
    check(
        "mass INTEGER",
        "mass INTEGER AS (id)",
        "the column `mass` is generated, so the field `mass` can't be written to it",
    );
}

#[test]
fn null_has_to_be_allowed_by_both_or_neither() {
    check(
        "host TEXT NOT NULL",
        "host TEXT",
        "the column `host` may be NULL, but the field `host` may not: declare the column NOT NULL, \
         or the field as an `Option`",
    );
    for (column, field) in [("other TEXT", "other"), ("mass INTEGER", "mass")] {
        check(
            &format!("{column},"),
            &format!("{column} NOT NULL,"),
            &format!(
                "the field `{field}` may be `None`, but the column `{field}` is NOT NULL: declare \
                 the field without `Option`, or the column without NOT NULL"
            ),
        );
    }
}

#[test]
fn types_of_strict_tables_have_to_match() {
    for (from, to, field, class, declared) in [
        ("mass INTEGER", "mass TEXT", "mass", "INTEGER", "TEXT"),
        ("ratio REAL", "ratio INTEGER", "ratio", "REAL", "INTEGER"),
        ("host TEXT", "host BLOB", "host", "TEXT", "BLOB"),
        ("image BLOB", "image TEXT", "image", "BLOB", "TEXT"),
        ("level INTEGER", "level TEXT", "level", "INTEGER", "TEXT"),
    ] {
        let expect = format!(
            "the field `{field}` is stored as {class}, but the column `{field}` is {declared}"
        );
        check(from, to, &expect);
    }
}

#[test]
fn the_list_of_choices_has_to_match() {
    check(
        "('fresh', 'spoiled')",
        "('fresh')",
        "the CHECK of the column `status` doesn't allow 'spoiled', which is a choice of the field \
         `status`: rebuild the table in a migration",
    );
    check(
        "level IN (-1, 3)",
        "level IN (-1, 2, 3)",
        "the CHECK of the column `level` allows 2, which isn't a choice of the field `level` of \
         Sample",
    );
}

#[test]
fn the_table_and_its_key_have_to_exist() {
    assert_eq!(problems("SELECT 1"), ["there is no table `sample`: create it in a migration"]);
    let expect = "`id` isn't the INTEGER PRIMARY KEY of the table: name the column that is, with \
                  `in \"sample\" by \"…\"`, or mark its field with `: key`";
    let other = TABLE.replace("id INTEGER PRIMARY KEY", "id INTEGER NOT NULL");
    assert_eq!(problems(&other), [expect]);
    let other = TABLE.replace("STRICT", "STRICT, WITHOUT ROWID");
    assert_eq!(problems(&other), [expect]);
}

#[test]
fn an_expression_has_to_be_valid() {
    columns!(Unit in "sample" { code } with { sort_key = "no_such(:code)" });
    struct Unit {
        code: String,
    }
    let table =
        "CREATE TABLE sample (id INTEGER PRIMARY KEY, code TEXT NOT NULL, sort_key TEXT) STRICT";
    let error = Database::in_memory().migrations([table]).record::<Unit>().open().unwrap_err();
    let expect =
        "database in memory and the record Unit don't match:\n  - no such function: no_such in ";
    assert!(error.to_string().starts_with(expect), "{error}");
    assert_eq!(Unit { code: String::new() }.code, "");
}
