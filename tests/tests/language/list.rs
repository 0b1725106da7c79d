//! The pages of a list.

use solohttp::sqlite::rusqlite::{Connection, Row};
use solohttp::sqlite::{Cell, List, ListOutcome, ListWords, SqliteGuard};
use solohttp::{Handler as _, IoList, Request, RequestBuilder, Response, Result, iolist};

use super::{Shown, install};

fn list() -> List<String> {
    List::new("SELECT * FROM t", |row: &Row<'_>| row.get("name"))
        .label("§label¶")
        .column("§head¶", "name", |name| Cell::text(name))
        .sort_by("name")
        .search("§search¶", "name = :q", |typed| Some(typed.to_owned()))
        .filter("kind", "§filter¶", [(1, "§choice¶")], "id % 2 = :kind")
        .bulk("delete", "§delete¶")
        .csv("a.csv")
        .page_size(2)
}

fn show(db: &mut Connection, request: &Request) -> Result<Response> {
    let around = |page: IoList| Response::html(iolist!["<body>", page, "</body>"]);
    Ok(match list().handle(db, request)? {
        ListOutcome::Page(page) => around(page.render()),
        ListOutcome::Confirm(page) => around(iolist![page.title(), page.render()]),
        ListOutcome::Bulk(rows) => rows.redirect(),
        ListOutcome::Csv(file) => file,
    })
}

#[test]
fn all_sentences_of_lists_can_be_replaced() {
    install();
    let mut shown = Shown::default();
    let mut see = |what: &str, rows: u32, request: RequestBuilder| {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)").unwrap();
        let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
            INSERT INTO t (name) SELECT '§name¶' FROM n";
        db.execute(fill, [rows]).unwrap();
        let app = SqliteGuard::new(show, |db: &Connection| db).with_state(db);
        shown.page(what, &request.send_to(app).into_text());
    };
    let act = |fields: &[(&'static str, &'static str)]| Request::post("/").form(fields.to_vec());
    see("very many rows", 10_001, Request::get("/?after=2"));
    see("all of them", 10_001, act(&[("all", "list"), ("action", "delete")]));
    see("the second page", 6, Request::get("/?after=2"));
    see("no rows", 6, Request::get("/?q=x&kind=1"));
    see("nothing selected", 6, act(&[("action", "delete")]));
    see("one row", 6, act(&[("row", "1"), ("action", "delete")]));
    let changed = [("row", "1"), ("row", "2"), ("confirmed", "3"), ("action", "delete")];
    see("the selection has changed", 6, act(&changed));
    see("an unknown action", 6, act(&[("action", "burn")]));
    shown.all_of("list", ListWords::default().each_mut(), &[]);
}
