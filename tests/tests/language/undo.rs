//! The buttons, messages and pages of undo.

use std::path::Path;
use std::time::Duration;

use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{Database, Undo, UndoWords};
use solohttp::{Handler, Method, Request, RequestBuilder, Response, Result, SqliteGuard, iolist};

use super::{Shown, install};

const SCHEMA: &str = "
    CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
    CREATE TABLE bill (contact REFERENCES contact);
    CREATE VIRTUAL TABLE found USING fts5 (text);
    INSERT INTO contact VALUES (1, 'Ada'), (2, 'Bob');
";

const BACK: &str = "/__undo/back";
const AGAIN: &str = "/__undo/again";

struct App {
    db: Connection,
    undo: Undo,
}

/// A POST request runs the SQL in its form; a GET request shows the buttons and the list.
fn run(app: &mut App, request: &Request) -> Result<Response> {
    if *request.method() == Method::POST {
        app.db.execute_batch(request.form()?.get("sql").unwrap_or_default())?;
        return Ok(Response::redirect("/"));
    }
    Ok(Response::page("§¶", iolist![app.undo.view(), app.undo.list()]))
}

/// A program, and another program's connection to its file.
struct Book {
    app: Box<dyn Handler>,
    undo: Undo,
    other: Connection,
}

impl Book {
    fn open(path: &Path) -> Self {
        let database = Database::at(path).busy_timeout(Duration::ZERO).migrations([SCHEMA]);
        let undo = Undo::new().max_bytes(2_000);
        let app = App { db: database.open().unwrap(), undo: undo.clone() };
        let guard = SqliteGuard::new(run, |app: &App| &app.db).undo(&undo);
        let app: Box<dyn Handler> = Box::new(guard.with_state(app));
        Self { app, undo, other: Connection::open(path).unwrap() }
    }

    #[track_caller]
    fn send(&mut self, status: u16, request: RequestBuilder) -> String {
        let response = request.send_to(&mut *self.app);
        let found = response.status();
        let page = response.into_text();
        assert_eq!(found, status, "{page}");
        page
    }

    #[track_caller]
    fn change(&mut self, sql: &str) {
        self.send(303, Request::post("/").form([("sql", sql)]));
    }

    #[track_caller]
    fn press(&mut self, status: u16, button: &str, step: u64) -> String {
        self.send(status, Request::post(button).form([("step", step.to_string())]))
    }

    /// The only step.
    #[track_caller]
    fn step(&self) -> u64 {
        let steps = self.undo.steps();
        assert_eq!(steps.len(), 1, "{steps:?}");
        steps[0].id
    }

    #[track_caller]
    fn see(&mut self, shown: &mut Shown, what: &str) {
        let page = self.send(200, Request::get("/"));
        shown.page(what, &page);
    }
}

/// A change by the program, a later one by another program, and the sentence that says why the
/// first one can't be undone.
const OBSTACLES: [(&str, &str, &str); 4] = [
    (
        "UPDATE contact SET name = 'Al' WHERE id = 1",
        "UPDATE contact SET name = 'Abe' WHERE id = 1",
        "changed",
    ),
    (
        "UPDATE contact SET name = 'Al' WHERE id = 1",
        "INSERT INTO contact VALUES (3, 'Ada')",
        "constraint",
    ),
    ("INSERT INTO contact VALUES (3, 'Eve')", "INSERT INTO bill VALUES (3)", "reference"),
    ("INSERT INTO contact VALUES (3, 'Eve')", "CREATE TABLE later (a)", "schema"),
];

/// Shows the pages for steps that can't be undone, and for one that can't be redone.
fn blocked(shown: &mut Shown, folder: &Path) {
    for (own, others, why) in OBSTACLES {
        let mut book = Book::open(&folder.join(format!("{why}.sqlite")));
        book.see(shown, "nothing to undo");
        book.change(own);
        book.other.execute_batch(others).unwrap();
        let page = book.press(409, BACK, book.step());
        shown.page(why, &page);
        for sentence in ["not_undone", why] {
            assert!(page.contains(&format!("§undo.{sentence} ")), "no {sentence} in\n{page}");
        }
    }
    let mut book = Book::open(&folder.join("redo.sqlite"));
    book.see(shown, "nothing to redo");
    let (own, others, _) = OBSTACLES[0];
    book.change(own);
    book.press(303, BACK, book.step());
    book.other.execute_batch(others).unwrap();
    let page = book.press(409, AGAIN, book.step());
    shown.page("not redone", &page);
}

#[test]
fn all_sentences_of_undo_can_be_replaced() {
    install();
    let mut shown = Shown::default();
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::open(&folder.path().join("book.sqlite"));
    book.see(&mut shown, "nothing to undo");
    book.change("INSERT INTO contact VALUES (3, 'Cyd')");
    book.see(&mut shown, "one row");
    let first = book.step();
    book.press(303, BACK, first);
    book.see(&mut shown, "undone");
    book.press(303, AGAIN, first);
    book.see(&mut shown, "redone");
    book.change("UPDATE contact SET name = name || '!'; INSERT INTO bill VALUES (1)");
    book.see(&mut shown, "several rows");
    book.press(303, BACK, first);
    book.see(&mut shown, "outdated");

    book.other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let latest = book.undo.steps()[0].id;
    let page = book.press(503, BACK, latest);
    shown.page("busy", &page);
    book.other.execute_batch("ROLLBACK").unwrap();
    let page = book.send(405, Request::get(BACK));
    shown.page("a link", &page);

    book.change("UPDATE contact SET name = hex(zeroblob(2000)) WHERE id = 1");
    book.see(&mut shown, "too large");
    book.change("INSERT INTO found VALUES ('x')");
    book.see(&mut shown, "not recorded");
    blocked(&mut shown, folder.path());
    shown.all_of("undo", UndoWords::default().each_mut(), &[]);
}
