//! CSV files.

use solohttp_core::{Locale, Numerals};

use super::*;

#[track_caller]
fn file(list: List<i64>, db: &Connection, url: &str) -> Response {
    match list.csv("t.csv").handle(db, &Request::get(url).build()).unwrap() {
        ListOutcome::Csv(response) => response,
        other => panic!("{other:?}"),
    }
}

fn texts(list: List<i64>) -> List<i64> {
    list.column("Name, \"quoted\"", "name", |id| {
        let texts = ["plain", "a,b", "\"q\"", "two\r\nlines", "=1+2", "+49", "-", "@a"];
        Cell::text(texts[usize::try_from(*id).unwrap()])
    })
    .column("", "tick", |_| Cell::text("not in the file"))
    .column("Negative", "negative", |id| Cell::number(-id))
}

#[test]
fn cells_are_separated_by_semicolons_where_numbers_have_a_comma() {
    Locale::new().with(Numerals::new(',')).install();
    let db = table(&[Value::Null]);
    let list = List::new("SELECT * FROM t", read)
        .column("Text", "v", |_| Cell::text("a,b;"))
        .column("Mass", "m", |_| Cell::number(1.5));
    let text = file(list, &db, "/?csv=").into_text();
    Locale::new().install();
    assert_eq!(text, "\u{feff}\"Text\";\"Mass\"\r\n\"a,b;\";1,5\r\n");
}

#[test]
fn a_file_follows_the_rfc_and_has_no_formulas() {
    let db = table(&vec![Value::Null; 7]);
    let response = file(texts(List::new("SELECT * FROM t", read)), &db, "/?csv=");
    assert_eq!(response.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(response.header("content-disposition"), Some("attachment; filename=\"t.csv\""));
    assert_eq!(
        response.into_text(),
        "\u{feff}\"Name, \"\"quoted\"\"\",\"Negative\"\r\n\
         \"a,b\",-1\r\n\
         \"\"\"q\"\"\",-2\r\n\
         \"two\r\nlines\",-3\r\n\
         \"'=1+2\",-4\r\n\
         \"'+49\",-5\r\n\
         \"'-\",-6\r\n\
         \"'@a\",-7\r\n"
    );
}

#[test]
fn a_file_has_the_rows_that_are_shown_in_their_order() {
    let db = table(&["b", "a", "b", "c"].map(|text| Value::Text(text.to_owned())));
    let found = || list(1).filter("v", "V", [("b", "B")], "v = :v");
    let lines = |url: &str| file(found(), &db, url).into_text().lines().skip(1).collect::<String>();
    assert_eq!(lines("/?csv="), "1,\"\"2,\"\"3,\"\"4,\"\"");
    assert_eq!(lines("/?csv=&sort=-v&after=9sa"), "4,\"\"3,\"\"1,\"\"2,\"\"");
    assert_eq!(lines("/?csv=&v=b"), "1,\"\"3,\"\"");
}

fn file_with_rows(count: u32) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let mut db = crate::open(folder.path().join("t.sqlite")).unwrap();
    db.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT").unwrap();
    let tx = db.transaction().unwrap();
    for number in 0..count {
        tx.execute("INSERT INTO t (v) VALUES (sort_key(?1))", [number % 7]).unwrap_or_else(|_| {
            tx.execute("INSERT INTO t (v) VALUES (?1)", [(number % 7).to_string()]).unwrap()
        });
    }
    tx.commit().unwrap();
    (folder, db)
}

#[test]
fn a_long_file_is_read_while_it_is_sent_and_shows_one_moment() {
    let (_folder, db) = file_with_rows(5_000);
    let response = file(list(9), &db, "/?csv=&sort=v");
    assert!(format!("{response:?}").contains("stream: None"), "{response:?}");
    let expect = all(&db, "SELECT id FROM t ORDER BY v, id");
    // Other requests can write meanwhile.
    db.execute_batch("DELETE FROM t WHERE id % 2; INSERT INTO t (v) VALUES ('3')").unwrap();
    let text = response.into_text();
    let ids = text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap());
    assert_eq!(ids.collect::<Vec<i64>>(), expect);
}

#[test]
fn a_search_is_not_sorted_anew_for_every_few_rows() {
    let (_folder, db) = file_with_rows(5_000);
    let found = list(9).search("Find", "v = :q", |typed| Some(typed.to_owned()));
    let text = file(found, &db, "/?csv=&q=3").into_text();
    let expect = all(&db, "SELECT id FROM t WHERE v = '3' ORDER BY id");
    let ids = text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap());
    assert_eq!(ids.collect::<Vec<i64>>(), expect);
}

#[test]
fn a_query_with_the_programs_functions_is_read_at_once() {
    use rusqlite::functions::FunctionFlags;
    let (_folder, db) = file_with_rows(2_000);
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("own", 1, flags, |context| context.get::<i64>(0)).unwrap();
    let own = List::new("SELECT * FROM t WHERE own(id) > 10", read);
    let response = file(own.column("Id", "id", |id| Cell::number(*id)), &db, "/?csv=");
    assert_eq!(response.into_text().lines().count(), 1 + 1_990);
}

#[test]
#[should_panic(expected = "can't be sent as a file name")]
fn a_file_name_is_plain() {
    let _ = list(1).csv("a\".csv");
}
