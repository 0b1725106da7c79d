//! Full-text searches, compared with what SQLite returns at once.

use solohttp_core::Handler as _;

use super::*;
use crate::{SqliteGuard, TableScans};

/// Enough rows that they aren't all sorted. Every row has the word `all`, a third has `third`, and
/// the last rows in the order of `v` have `late`, fewer of them `end`. Those in the middle have
/// `middle`, and a few others. The row ids have gaps.
fn db() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v, text TEXT NOT NULL);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         INSERT INTO t SELECT i * 2, iif(i % 7, i * 7919 % 30000, NULL),
             'all' || iif(i % 3, '', ' third') || iif(i * 7919 % 30000 > 12000, ' late', '')
             || iif(i * 7919 % 30000 > 22000, ' end', '')
             || iif(i * 7919 % 30000 BETWEEN 14000 AND 20000 OR i % 4000 = 3, ' middle', '')
             || iif(i % 1000, '', ' few ' || i) FROM n;
         CREATE INDEX t_v ON t (v);
         CREATE VIRTUAL TABLE w USING fts5 (text, content = t, content_rowid = id, prefix = '2');
         INSERT INTO w (rowid, text) SELECT id, text FROM t",
    )
    .unwrap();
    db
}

fn found() -> List<i64> {
    let find = list(40).full_text("Find", "w");
    find.filter("half", "Half", [(1, "First"), (2, "Second")], "(id > 20000) + 1 = :half")
}

/// The ids of the rows that match `words`, in order.
fn expect(db: &Connection, words: &str, condition: &str, order: &str) -> Vec<i64> {
    all(
        db,
        &format!(
            "SELECT id FROM t WHERE id IN (SELECT rowid FROM w WHERE w MATCH '{words}')
                AND {condition} ORDER BY {order}"
        ),
    )
}

#[test]
fn pages_are_the_sorted_matches_whether_they_are_common_or_rare() {
    let db = db();
    for (typed, words) in [
        ("all", "all"),
        ("thi", "third"),
        ("LATE", "late"),
        ("end", "end"),
        ("middle", "middle"),
        ("mid all", "middle AND all"),
        ("al third", "all AND third"),
        ("few", "few"),
        ("few 4", "few AND 4*"),
        ("none", "none"),
    ] {
        for (sort, order) in [
            ("", "id"),
            ("&sort=v", "v IS NULL, v, id"),
            ("&sort=-v", "v IS NULL, v DESC, id DESC"),
        ] {
            for (half, condition) in [("", "true"), ("&half=2", "id > 20000")] {
                let expect = expect(&db, words, condition, order);
                let url = format!("/?q={}{sort}{half}", typed.replace(' ', "+"));
                check(&db, &url, &expect);
            }
        }
    }
}

/// Checks the first two pages, the last two, and one in the middle.
#[track_caller]
fn check(db: &Connection, url: &str, expect: &[i64]) {
    let first = get(found(), db, url);
    let pager = first.pager();
    assert_eq!(first.into_rows(), expect[..expect.len().min(40)], "{url}");
    let Some(next) = link_to(&pager, "Next page") else {
        return assert!(expect.len() <= 40, "{url}");
    };
    let next = get(found(), db, &next).into_rows();
    assert_eq!(next, expect[40..expect.len().min(80)], "{url}: the second page");
    let last = get(found(), db, &link_to(&pager, "Last page").unwrap());
    let previous = link_to(&last.pager(), "Previous page").unwrap();
    assert_eq!(last.into_rows(), expect[expect.len() - 40..], "{url}: the last page");
    let previous = get(found(), db, &previous).into_rows();
    assert!(expect[..expect.len() - 40].ends_with(&previous), "{url}: the page before");
    let at = expect.len() / 2;
    let value = all_values(db, expect[at]);
    let position = if url.contains("sort") { value } else { Value::Null };
    let position = position::Position { key: expect[at], value: position, is_cut: false };
    let middle = get(found(), db, &format!("{url}&after={}", position.encode()));
    let end = expect.len().min(at + 41);
    if at + 1 < end {
        assert_eq!(middle.into_rows(), expect[at + 1..end], "{url}: in the middle");
    }
}

fn all_values(db: &Connection, id: i64) -> Value {
    db.query_row("SELECT v FROM t WHERE id = ?1", [id], |row| row.get(0)).unwrap()
}

#[test]
fn counts_are_never_wrong() {
    let db = db();
    for (query, expect) in [
        ("q=few", "1–20 of 20"),
        ("q=all", "40 of more than 1,000"),
        ("q=all&half=1", "40 of more than "),
        ("q=third&after=20", "40 of more than 1,000"),
        ("q=few&half=2&sort=-v", "1–10 of 10"),
    ] {
        let count = get(found(), &db, &format!("/?{query}")).count().to_string();
        assert!(count.contains(expect), "{query}: {count}");
    }
    db.execute("DELETE FROM w WHERE rowid > 3000", []).unwrap();
    let count = |url: &str| get(found(), &db, url).count().to_string();
    assert!(count("/?q=all").contains("1–40 of 1,500"), "{}", count("/?q=all"));
    assert!(count("/?q=all&after=80").contains("41–80 of 1,500"));
}

#[test]
fn a_search_has_the_rows_of_the_query_and_no_others() {
    let db = db();
    let some =
        || List::new("SELECT * FROM t WHERE id <= 100", read).page_size(40).full_text("Find", "w");
    let pages = walk(&some, &db, "/?q=all", "Next page");
    assert_eq!(pages.concat(), (1..=50).map(|i| i * 2).collect::<Vec<i64>>());
    assert!(get(some(), &db, "/?q=all").count().to_string().contains("40 of more than 40"));
}

/// The range of the matches has other rows of the table, too.
#[test]
fn matches_that_are_close_together_are_those_of_the_query() {
    let db = db();
    let plain = "text NOT LIKE '%third%'";
    db.execute_batch(&format!(
        "CREATE VIEW plain AS SELECT * FROM t WHERE {plain};
         CREATE TABLE one (t INTEGER PRIMARY KEY);
         INSERT INTO one SELECT id FROM t WHERE {plain}"
    ))
    .unwrap();
    for (select, filter) in [
        ("SELECT * FROM t", ""),
        ("SELECT * FROM t", "&plain=1"),
        ("SELECT * FROM t WHERE text NOT LIKE '%third%'", ""),
        ("SELECT * FROM plain", ""),
        ("SELECT t.* FROM t JOIN one ON one.t = t.id", ""),
        ("SELECT * FROM t WHERE false UNION ALL SELECT * FROM plain", ""),
    ] {
        let is_all = (select, filter) == ("SELECT * FROM t", "");
        let condition = if is_all { "true" } else { plain };
        let list = || {
            let list = List::new(select, read).column("V", "v", |_| Cell::default()).sort_by("v");
            list.filter("plain", "Plain", [(1, "Yes")], "(text NOT LIKE '%third%') = :plain")
                .full_text("Find", "w")
                .page_size(40)
        };
        for (sort, order) in [("v", "v IS NULL, v, id"), ("-v", "v IS NULL, v DESC, id DESC")] {
            for words in ["late", "middle"] {
                let expect = expect(&db, words, condition, order);
                let mut url = format!("/?q={words}&sort={sort}{filter}");
                for page in expect.chunks(40).take(3) {
                    let found = get(list(), &db, &url);
                    url = link_to(&found.pager(), "Next page").unwrap();
                    assert_eq!(found.into_rows(), page, "{select} {url}");
                }
            }
        }
    }
}

#[test]
fn all_matches_are_files_and_selections() {
    let db = db();
    let url = "/?q=third&csv=";
    let ListOutcome::Csv(file) =
        found().csv("t.csv").handle(&db, &Request::get(url).build()).unwrap()
    else {
        panic!("a file was requested");
    };
    assert_eq!(file.into_text().lines().count(), 1 + 6_666);
    let list = found().bulk_at_once("mark", "Mark");
    let request = form("/?q=third", &[("all", "list"), ("action", "mark")]).build();
    let ListOutcome::Bulk(rows) = list.handle(&db, &request).unwrap() else {
        panic!("it needs no confirmation");
    };
    assert_eq!(rows.ids(&db).unwrap().len(), 6_666);
}

#[test]
fn nothing_that_is_typed_is_an_error() {
    let db = db();
    for typed in ["%22", "AND", "a%20OR", "NEAR(", "*", "-all", "%00", "text:all", "%C3%A4", "^"] {
        get(found(), &db, &format!("/?q={typed}"));
    }
    assert_eq!(get(found(), &db, "/?q=+*").into_rows().len(), 40, "no words show all rows");
}

#[test]
fn no_page_of_a_search_reads_a_whole_table() {
    let mut app = SqliteGuard::new(
        |db: &mut Connection, request: &Request| -> Result<Response> {
            Ok(Response::html(found().page(db, request)?.render()))
        },
        |db: &Connection| db,
    )
    .with_state(db());
    let scans = TableScans::watch();
    for query in
        ["q=all", "q=third", "q=all&sort=v", "q=third&sort=-v", "q=few&sort=v", "q=all&before="]
    {
        assert_eq!(Request::get(&format!("/?{query}")).send_to(&mut app).status(), 200);
    }
    assert_eq!(scans.found(&[]), [""; 0]);
}
