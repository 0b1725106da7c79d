//! Child rows: read and written with their parent.

use rusqlite::{Connection, Error};
use solohttp_core::{ConstraintKind, Request};

use crate::{Cell, Database, Record as _, Stored, WriteError, columns, write};

#[derive(Debug, Clone, PartialEq)]
struct Order {
    customer: String,
    lines: Vec<Line>,
    notes: Vec<Note>,
}

columns!(Order in "order" { customer, lines: rows, notes: rows });

#[derive(Debug, Clone, PartialEq)]
struct Line {
    id: Option<i64>,
    item: String,
    count: i64,
    marks: Vec<Mark>,
}

columns!(Line in "line" of "order" placed "place" {
    id: key,
    item as "what",
    count,
    marks: rows,
} with { search = "lower(:item)" });

#[derive(Debug, Clone, PartialEq)]
struct Mark {
    number: Option<i64>,
    text: String,
}

columns!(Mark in "mark" of "line" { number: key, text });

#[derive(Debug, Clone, PartialEq)]
struct Note {
    id: Option<i64>,
    text: String,
}

// No column for the order.
columns!(Note in "note" of "parent" { id: key, text });

const TABLES: &str = r#"
    CREATE TABLE "order" (id INTEGER PRIMARY KEY, customer TEXT NOT NULL) STRICT;
    CREATE TABLE line (
        id INTEGER PRIMARY KEY,
        "order" INTEGER NOT NULL REFERENCES "order" ON DELETE CASCADE,
        place INTEGER NOT NULL,
        what TEXT NOT NULL UNIQUE,
        count INTEGER NOT NULL CHECK (count > 0),
        search TEXT NOT NULL
    ) STRICT;
    CREATE INDEX line_of_order ON line ("order", place);
    CREATE TABLE mark (
        number INTEGER PRIMARY KEY,
        line INTEGER NOT NULL REFERENCES line ON DELETE CASCADE,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX mark_of_line ON mark (line);
    CREATE TABLE note (
        id INTEGER PRIMARY KEY,
        parent INTEGER NOT NULL REFERENCES "order" ON DELETE CASCADE,
        text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX note_of_parent ON note (parent);
    -- What is written, and in which order.
    CREATE TABLE log (text TEXT NOT NULL) STRICT;
    CREATE TRIGGER a AFTER INSERT ON line BEGIN INSERT INTO log VALUES ('+' || new.what); END;
    CREATE TRIGGER b AFTER DELETE ON line BEGIN INSERT INTO log VALUES ('-' || old.what); END;
    CREATE TRIGGER c AFTER UPDATE ON line BEGIN
        INSERT INTO log VALUES (old.what || old.place || '>' || new.what || new.place);
    END;
"#;

fn open() -> Connection {
    Database::in_memory().migrations([TABLES]).record::<Order>().open().unwrap()
}

fn line(item: &str) -> Line {
    Line { id: None, item: item.into(), count: 1, marks: Vec::new() }
}

fn order(items: &[&str]) -> Order {
    let lines = items.iter().map(|item| line(item)).collect();
    Order { customer: "Ada".into(), lines, notes: Vec::new() }
}

/// What was written since the last call.
fn log(db: &Connection) -> String {
    let sql = "SELECT coalesce(group_concat(text, ' ' ORDER BY rowid), '') FROM log";
    let log = db.query_row(sql, [], |row| row.get(0)).unwrap();
    db.execute("DELETE FROM log", []).unwrap();
    log
}

fn items(order: &Order) -> Vec<&str> {
    order.lines.iter().map(|line| line.item.as_str()).collect()
}

#[test]
fn rows_come_back_in_order_and_with_their_own_rows() {
    let db = open();
    let mut first = order(&["Nut", "Bolt"]);
    first.lines[1].marks = vec![Mark { number: None, text: "rusty".into() }];
    first.notes = ["b", "a"].map(|text| Note { id: None, text: text.into() }).to_vec();
    let id = first.insert(&db).unwrap();
    let other = order(&["Saw"]).insert(&db).unwrap();
    let found = Order::get(&db, id).unwrap();
    assert_eq!(items(&found), ["Nut", "Bolt"]);
    assert_eq!(found.lines[1].marks, [Mark { number: Some(1), text: "rusty".into() }]);
    assert_eq!(found.notes.iter().map(|note| &*note.text).collect::<Vec<_>>(), ["b", "a"]);
    assert!(found.lines.iter().all(|line| line.id.is_some()));

    let all = Order::select(&db, "ORDER BY id DESC", []).unwrap();
    let expect = [
        Stored { id: other, record: Order::get(&db, other).unwrap() },
        Stored { id, record: found.clone() },
    ];
    assert_eq!(all, expect);
    // A join that returns a record twice.
    let twice = Order::select(&db, "JOIN note ON parent = \"order\".id", []).unwrap();
    assert_eq!(twice, [expect[1].clone(), expect[1].clone()]);
    // A row is a record, too.
    assert_eq!(Line::select(&db, "WHERE what = 'Bolt'", []).unwrap(), [found.lines[1].clone()]);

    let sql = format!("SELECT {}, id FROM \"order\"", Order::COLUMNS);
    let (id, mut bare) =
        db.query_row(&sql, [], |row| Ok((row.get(1)?, Order::from_row(row)?))).unwrap();
    assert_eq!(items(&bare), [""; 0]);
    Order::load_parts(&db, [(id, &mut bare)]).unwrap();
    assert_eq!(bare, found);

    assert!(Order::delete(&db, id).unwrap());
    let left = "SELECT (SELECT count(*) FROM line), (SELECT count(*) FROM mark)";
    let left: (i64, i64) = db.query_row(left, [], |row| row.try_into()).unwrap();
    assert_eq!(left, (1, 0));
}

#[test]
fn a_list_reads_the_rows_of_a_page_at_once() {
    let db = open();
    for items in [&["Nut", "Bolt"][..], &[], &["Saw"]] {
        order(items).insert(&db).unwrap();
    }
    let list =
        || Order::list().column("Lines", "lines", |order| Cell::text(items(order).join("+")));
    let page = list().page(&db, &Request::get("/").build()).unwrap().render().to_string();
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(at("Nut+Bolt") < at("Saw"));
}

#[test]
fn only_differences_are_written() {
    let db = open();
    let id = order(&["Nut", "Bolt", "Saw"]).insert(&db).unwrap();
    assert_eq!(log(&db), "+Nut +Bolt +Saw");
    let mut found = Order::get(&db, id).unwrap();
    found.update(&db, id).unwrap();
    assert_eq!(log(&db), "");

    found.lines[2].count = 9;
    found.update(&db, id).unwrap();
    assert_eq!(log(&db), "Saw2>Saw2");

    // Removed, moved, changed, and new rows; a name that another row has just given up.
    let (nut, bolt) = (found.lines.remove(0), &mut found.lines[0]);
    bolt.item = "Nut".into();
    found.lines.insert(0, Line { count: 4, ..line("Bolt") });
    found.update(&db, id).unwrap();
    assert_eq!(log(&db), "-Nut Bolt1>Nut1 +Bolt");
    let found = Order::get(&db, id).unwrap();
    assert_eq!(items(&found), ["Bolt", "Nut", "Saw"]);
    assert!(!found.lines.iter().any(|line| line.id == nut.id && line.item == "Bolt"));
    let search = "SELECT group_concat(search, ' ' ORDER BY place) FROM line";
    let search: String = db.query_row(search, [], |row| row.get(0)).unwrap();
    assert_eq!(search, "bolt nut saw");

    let mut moved = found.clone();
    moved.lines.swap(0, 2);
    moved.update(&db, id).unwrap();
    assert_eq!(log(&db), "Saw2>Saw0 Bolt0>Bolt2");
    assert_eq!(items(&Order::get(&db, id).unwrap()), ["Saw", "Nut", "Bolt"]);

    // The rows of a row are compared, even if the row itself is the same.
    moved.lines[0].marks.push(Mark { number: None, text: "blunt".into() });
    moved.update(&db, id).unwrap();
    assert_eq!(log(&db), "");
    assert_eq!(Order::get(&db, id).unwrap().lines[0].marks[0].text, "blunt");
}

#[test]
fn rows_of_another_record_are_never_touched() {
    let db = open();
    let id = order(&["Nut"]).insert(&db).unwrap();
    let other = order(&["Saw"]).insert(&db).unwrap();
    let before = Order::get(&db, other).unwrap();
    let mut forged = Order::get(&db, id).unwrap();
    forged.customer = "Eve".into();
    forged.lines.push(Line { id: before.lines[0].id, ..line("Mine") });
    let error = forged.update(&db, id).unwrap_err();
    assert_eq!(error.to_string(), "the row 2 of the table line belongs to another record");
    assert!(matches!(error, WriteError::RowOfAnother { id: 2, .. }));
    assert!(!matches!(Error::from(error), Error::QueryReturnedNoRows));
    assert_eq!(Order::get(&db, other).unwrap(), before);
    assert_eq!(Order::get(&db, id).unwrap().customer, "Ada", "the whole change is undone");
    assert!(db.is_autocommit());

    // A row that was deleted meanwhile is inserted again, and so is one that occurs twice.
    let found = Order::get(&db, id).unwrap();
    db.execute("DELETE FROM line WHERE id = ?1", [found.lines[0].id]).unwrap();
    found.update(&db, id).unwrap();
    let mut found = Order::get(&db, id).unwrap();
    found.lines.push(Line { item: "Twin".into(), ..found.lines[0].clone() });
    found.update(&db, id).unwrap();
    assert_eq!(items(&Order::get(&db, id).unwrap()), ["Nut", "Twin"]);
}

#[test]
fn a_copy_has_rows_of_its_own() {
    let db = open();
    let id = order(&["Nut"]).insert(&db).unwrap();
    let mut copy = Order::get(&db, id).unwrap();
    copy.lines[0].item = "Other nut".into();
    let copied = copy.insert(&db).unwrap();
    assert_eq!(items(&Order::get(&db, id).unwrap()), ["Nut"]);
    assert_eq!(items(&Order::get(&db, copied).unwrap()), ["Other nut"]);
}

#[test]
fn a_mistake_in_a_row_names_the_row_and_undoes_everything() {
    let mut db = open();
    let id = order(&["Nut"]).insert(&db).unwrap();
    let check = |error: &WriteError, kind, fields: &[&str]| {
        let constraint = error.constraint().unwrap();
        assert_eq!((constraint.kind, &*constraint.fields), (kind, &*owned(fields)));
    };
    let error = order(&["Bolt", "Nut"]).insert(&db).unwrap_err();
    check(&error, ConstraintKind::Unique, &["lines.1.item"]);
    let mut wrong = Order::get(&db, id).unwrap();
    wrong.lines.insert(0, line("Saw"));
    wrong.lines[1].count = 0;
    check(&wrong.update(&db, id).unwrap_err(), ConstraintKind::Check, &["lines.1.count"]);
    let count = |db: &Connection| -> (i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM \"order\"), (SELECT count(*) FROM line)";
        db.query_row(sql, [], |row| row.try_into()).unwrap()
    };
    assert_eq!(count(&db), (1, 1));

    // Also within a transaction that goes on, as when a program skips the invalid lines of a file.
    write(&mut db, |tx| {
        assert!(order(&["Bolt", "Nut"]).insert(tx).is_err());
        Ok(order(&["Pin"]).insert(tx)?)
    })
    .unwrap();
    assert_eq!(count(&db), (2, 2));
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Changes the tables, and checks that exactly this problem is found.
#[track_caller]
fn check_table(from: &str, to: &str, expect: &str) {
    assert!(TABLES.contains(from), "{from}");
    let tables: &'static str = TABLES.replacen(from, to, 1).leak();
    match Database::in_memory().migrations([tables]).record::<Order>().open() {
        Err(crate::Error::Record { record: "Order", problems, .. }) => {
            assert_eq!(problems, [expect]);
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn the_table_of_the_rows_is_checked() {
    check_table(
        "text TEXT NOT NULL\n    ) STRICT;\n    CREATE INDEX mark_of_line",
        "text TEXT NOT NULL, lot TEXT\n    ) STRICT;\n    CREATE INDEX mark_of_line",
        "`lines`: `marks`: nothing is stored in the column `lot`: name it in `columns!`, or list it in \
         `except { lot }`",
    );
    let wanted = "declare it `line INTEGER NOT NULL REFERENCES line ON DELETE CASCADE`";
    let problem = format!(
        "`lines`: `marks`: the column `line` of the table `mark` doesn't refer to `line`, or doesn't \
         delete the row together with its parent: {wanted}"
    );
    check_table("REFERENCES line ON DELETE CASCADE", "REFERENCES line", &problem);
    check_table("REFERENCES line ON", "REFERENCES note ON", &problem);
    check_table(
        "CREATE INDEX line_of_order ON line (\"order\", place);",
        "CREATE INDEX line_of_order ON line (\"order\") WHERE place > 0;",
        "`lines`: to find the rows of `lines`, add an index: CREATE INDEX line_of_order ON line \
         (order, place)",
    );
    check_table(
        "CREATE INDEX line_of",
        "CREATE UNIQUE INDEX line_of",
        "`lines`: the column `place` of the table `line` is UNIQUE, so rows can't be moved: declare \
         the index without UNIQUE",
    );
    check_table(
        "place INTEGER",
        "place ANY",
        "`lines`: the column `place` of the table `line` is for the order: declare it `place INTEGER \
         NOT NULL`",
    );
}

/// A record whose rows are of its own kind.
#[derive(Debug, Clone, PartialEq)]
struct Node {
    id: Option<i64>,
    name: String,
    children: Vec<Self>,
}

columns!(Node in "node" of "parent" { id: key, name, children: rows });

#[test]
fn rows_can_be_a_tree() {
    let table = "CREATE TABLE node (id INTEGER PRIMARY KEY, name TEXT NOT NULL,
            parent INTEGER REFERENCES node ON DELETE CASCADE) STRICT;
        CREATE INDEX node_of_parent ON node (parent)";
    let db = Database::in_memory().migrations([table]).record::<Node>().open().unwrap();
    let node = |name: &str, children| Node { id: None, name: name.into(), children };
    let tree = node("a", vec![node("b", vec![node("c", vec![])]), node("d", vec![])]);
    let id = tree.insert(&db).unwrap();
    let found = Node::get(&db, id).unwrap();
    assert_eq!(found.children[0].children[0].name, "c");
    assert_eq!(found.children[1].name, "d");
}
