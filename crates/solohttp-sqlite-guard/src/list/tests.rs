//! Pages of small lists, compared with what SQLite returns at once.

use proptest::prelude::*;
use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use solohttp_core::{IoList, Request, RequestBuilder, Response, iolist};

use super::*;

mod bulk;
mod files;
mod html;
mod numbers;
mod undo;
mod words;

fn read(row: &Row<'_>) -> rusqlite::Result<i64> {
    row.get("id")
}

/// A table with these values and the ids 1, 2, …; there is an index on the column `v`.
fn table(values: &[Value]) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, v); CREATE INDEX t_v ON t (v)")
        .unwrap();
    for value in values {
        db.execute("INSERT INTO t (v) VALUES (?1)", [value]).unwrap();
    }
    db
}

/// A list of the table, sortable by `v`.
fn list(page_size: usize) -> List<i64> {
    List::new("SELECT * FROM t", read)
        .column("Id", "id", |id| Cell::number(*id))
        .column("V", "v", |_| Cell::default())
        .sort_by("v")
        .page_size(page_size)
}

fn get(list: List<i64>, db: &Connection, url: &str) -> ListPage<i64> {
    list.page(db, &Request::get(url).build()).unwrap()
}

/// The target of the link with this text.
fn link_to(html: &IoList, text: &str) -> Option<String> {
    let html = html.to_string();
    let before =
        html.split(&format!(">{text}</a>")).next().filter(|part| part.len() < html.len())?;
    let (_, tag) = before.rsplit_once("<a href=\"")?;
    Some(tag.split('"').next()?.replace("&amp;", "&"))
}

/// The rows of all pages, from this URL along a link.
fn walk(list: &dyn Fn() -> List<i64>, db: &Connection, url: &str, link: &str) -> Vec<Vec<i64>> {
    let (mut pages, mut next) = (Vec::new(), Some(url.to_owned()));
    while let Some(url) = next {
        let page = get(list(), db, &url);
        next = link_to(&page.pager(), link);
        pages.push(page.into_rows());
        assert!(pages.len() < 100, "the pages of {url} don't end");
    }
    pages
}

fn all(db: &Connection, sql: &str) -> Vec<i64> {
    let mut statement = db.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn values() -> impl Strategy<Value = Vec<Value>> {
    let text = prop::sample::select(vec!["", "a", "b", "1", "ü", "&=+ %", "\"<'"]);
    let value = prop_oneof![
        3 => Just(Value::Null),
        3 => (0..3_i64).prop_map(Value::Integer),
        1 => prop::sample::select(vec![0.1, -1.5, 1e300, f64::INFINITY]).prop_map(Value::Real),
        3 => text.prop_map(|text| Value::Text(text.to_owned())),
        1 => Just(Value::Text("long".repeat(100))),
        1 => Just(Value::Blob(vec![0, 255])),
    ];
    prop::collection::vec(value, 0..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_are_the_sorted_rows_cut_into_pieces(values in values(), size in 1..6_usize) {
        let db = table(&values);
        for (url, order) in [
            ("/?x=y", "id"),
            ("/?sort=v", "v IS NULL, v, id"),
            ("/?sort=-v", "v IS NULL, v DESC, id DESC"),
        ] {
            let expect = all(&db, &format!("SELECT id FROM t ORDER BY {order}"));
            let pages = walk(&|| list(size), &db, url, "Next page");
            let lengths = expect.chunks(size).map(<[i64]>::len).collect::<Vec<_>>();
            prop_assert_eq!(&pages.concat(), &expect, "{}", url);
            if !expect.is_empty() {
                prop_assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), lengths);
            }
            let Some(last) = link_to(&get(list(size), &db, url).pager(), "Last page") else {
                continue;
            };
            let mut back = walk(&|| list(size), &db, &last, "Previous page");
            let first = back.pop().unwrap();
            prop_assert_eq!(&first, &pages[0], "the first page is full");
            back.reverse();
            let back = back.concat();
            prop_assert_eq!(&back[..], &expect[expect.len() - back.len()..], "{}", url);
            prop_assert!(back.len() + first.len() >= expect.len(), "no row is skipped");
        }
    }

    #[test]
    fn the_numbers_of_the_rows_are_right_on_every_page(values in values(), size in 1..6_usize) {
        let db = table(&values);
        for sort in ["", "sort=v", "sort=-v"] {
            let (mut next, mut before) = (Some(format!("/?{sort}")), 0);
            while let Some(url) = next {
                let page = get(list(size), &db, &url);
                let shown = page.rows().len();
                let expect = format!("{}–{} of {}", before + 1, before + shown, values.len());
                prop_assert!(shown == 0 || page.count().to_string().contains(&expect), "{}", expect);
                next = link_to(&page.pager(), "Next page");
                before += shown;
            }
        }
    }
}

#[test]
fn a_page_stays_where_it_is_when_rows_come_and_go() {
    let text = |text: &str| Value::Text(text.to_owned());
    let db = table(&["a", "b", "c", "d", "e", "f"].map(text));
    let next = link_to(&get(list(2), &db, "/?sort=v").pager(), "Next page").unwrap();
    // Deletes the row in the link, and adds one before it.
    db.execute_batch("DELETE FROM t WHERE v = 'b'; INSERT INTO t (v) VALUES ('aa')").unwrap();
    assert_eq!(get(list(2), &db, &next).into_rows(), [3, 4]);
    db.execute_batch("DELETE FROM t WHERE v > 'b'").unwrap();
    let page = get(list(2), &db, &next);
    assert!(!page.is_first() || page.rows().len() == 2, "the last page");
    assert_eq!(page.into_rows(), [1, 7]);
}

#[test]
fn a_link_that_was_changed_by_hand_leads_to_the_first_page() {
    let db = table(&[Value::Null, Value::Null, Value::Null]);
    for url in ["/?after=", "/?after=x", "/?before=1z", "/?sort=id&after=zzz", "/?sort=--v"] {
        assert_eq!(get(list(2), &db, url).into_rows(), [1, 2], "{url}");
    }
}

#[test]
fn a_long_value_in_a_link_is_completed() {
    let long = |end: &str| Value::Text("x".repeat(400) + end);
    let db = table(&["c", "a", "b", "d"].map(long));
    assert_eq!(walk(&|| list(1), &db, "/?sort=v", "Next page").concat(), [2, 3, 1, 4]);
}

#[test]
fn the_default_order_is_the_programs() {
    let db = table(&[3, 1, 2].map(Value::Integer));
    assert_eq!(get(list(9), &db, "/").into_rows(), [1, 2, 3]);
    assert_eq!(get(list(9).newest_first(), &db, "/").into_rows(), [3, 2, 1]);
    assert_eq!(get(list(9).sorted_by("v"), &db, "/").into_rows(), [2, 3, 1]);
    assert_eq!(get(list(9).sorted_by("-v"), &db, "/").into_rows(), [1, 3, 2]);
    assert_eq!(get(list(9).sorted_by("gone"), &db, "/").into_rows(), [1, 2, 3]);
    let by_v = || list(9).order_by("v").newest_first();
    assert_eq!(get(by_v(), &db, "/").into_rows(), [1, 3, 2]);
    assert_eq!(get(by_v(), &db, "/?sort=v").into_rows(), [2, 3, 1]);
    assert!(list(9).has_order("-v") && !list(9).has_order("id"));
}

#[test]
fn any_select_can_be_a_list() {
    let db = table(&[1, 1, 2].map(Value::Integer));
    db.execute_batch(
        "CREATE TABLE n (v INTEGER PRIMARY KEY, name); INSERT INTO n VALUES (1, 'one')",
    )
    .unwrap();
    for (select, expect) in [
        ("SELECT t.*, name FROM t LEFT JOIN n ON n.v = t.v WHERE t.id > :least;", &[2_i64, 3][..]),
        ("SELECT * FROM t WHERE id = 1 OR id = 3 -- a comment", &[1, 3]),
        ("WITH x AS (SELECT * FROM t WHERE id < 3) SELECT * FROM x", &[1, 2]),
        ("SELECT min(id) AS id, v FROM t GROUP BY v", &[1, 3]),
        ("SELECT * FROM t WHERE v = 1 UNION ALL SELECT 9, 9", &[1, 2, 9]),
    ] {
        let list = || List::new(select, read).value("least", 1).page_size(1);
        assert_eq!(walk(&list, &db, "/", "Next page").concat(), expect, "{select}");
    }
}

#[test]
fn a_parameter_without_a_value_is_an_error() {
    let db = table(&[]);
    let list = List::new("SELECT * FROM t WHERE v = :what", read);
    let error = list.page(&db, &Request::get("/").build()).unwrap_err();
    assert_eq!(error.to_string(), "Invalid parameter name: :what");
}

#[test]
fn missing_indexes_are_found() {
    let slow = |schema: &str, list: List<i64>| {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(schema).unwrap();
        list.slow_pages(&db).unwrap()
    };
    let columns = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL, f INTEGER)";
    let filtered = || list(9).filter("f", "F", [("1", "One")], "f = :f");
    let check = |indexes: &str, list: List<i64>, expect: &[&str]| {
        let found = slow(&format!("{columns}; {indexes}"), list);
        let found = found.iter().map(|page| page.split(':').next().unwrap());
        assert_eq!(found.collect::<Vec<_>>(), expect, "{indexes}");
    };
    check("", list(9), &["sorted by v", "sorted by v, descending"]);
    check("CREATE INDEX t_v ON t (v)", list(9), &[]);
    check("CREATE INDEX t_fv ON t (f, v)", list(9), &["sorted by v", "sorted by v, descending"]);
    check(
        "CREATE INDEX t_v ON t (v)",
        filtered(),
        &[
            "sorted by v, filtered by f",
            "sorted by v, descending, filtered by f",
            "sorted by the key, filtered by f",
        ],
    );
    let both = "CREATE INDEX t_v ON t (v); CREATE INDEX t_fv ON t (f, v)";
    check(both, filtered(), &["sorted by the key, filtered by f"]);
    check(&format!("{both}; CREATE INDEX t_f ON t (f)"), filtered(), &[]);
    let words =
        || list(9).search("Find", "id IN (SELECT rowid FROM w WHERE w MATCH :q)", fts_words);
    let table = "CREATE INDEX t_v ON t (v); CREATE VIRTUAL TABLE w USING fts5 (v)";
    check(table, words(), &[]);
    let scan = || list(9).search("Find", "instr(v, :q)", fts_words);
    check(
        table,
        scan(),
        &[
            "sorted by v, searched",
            "sorted by v, descending, searched",
            "sorted by the key, searched",
        ],
    );
}

fn form(url: &str, fields: &[(&str, &str)]) -> RequestBuilder {
    Request::post(url).form(fields.iter().copied())
}

#[test]
fn two_values_of_a_name_are_refused_when_the_list_is_described() {
    let refused = |describe: &dyn Fn(List<i64>) -> List<i64>| {
        let described = std::panic::AssertUnwindSafe(|| drop(describe(list(2))));
        std::panic::catch_unwind(described).is_err()
    };
    let filter = |list: List<i64>, name: &str| list.filter(name, "V", [(1, "One")], "v = 1");
    for name in ["q", "sort", "after", "before", "csv", "limit", "solo_limit"] {
        assert!(refused(&|list| filter(list, name)), "{name}");
    }
    assert!(refused(&|list| filter(filter(list, "a"), "a")));
    assert!(refused(&|list| filter(list, "a").value("a", 1)));
    assert!(refused(&|list| filter(list.value("a", 1), "a")));
    let search = |list: List<i64>| list.search("Find", "v = :q", |typed| Some(typed.to_owned()));
    assert!(refused(&|list| search(list.value("limit", 1))));
    assert!(refused(&|list| search(list).value("q", 1)));
    assert!(!refused(&|list| filter(filter(list, "a"), "b").value("limit", 1).value("limit", 2)));
}
