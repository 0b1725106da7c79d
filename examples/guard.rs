//! Every way to forget a commit, and what the guard does about it.
//!
//! Run it with `cargo xtask demo guard`, click each mistake, and check that the list of notes stays
//! correct. The log in the terminal reports the same mistakes.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{self, Database, rollback_on_purpose, write};
use solohttp::{
    Form, Handler, IoList, Response, Result, Router, Server, SqliteGuard, html, iolist,
};

// The connection is a plain field of the application. The second one stands in for another program
// that uses the same file.
struct App {
    db: Connection,
    other_program: Connection,
}

fn main() -> Result<()> {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    // A real program keeps its file in the user's data folder; this one is temporary.
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("notes.sqlite");
    // Opens the file only after the port is bound, so a second start never touches it.
    Server::from_args()?.open_browser("/").run_with(|| Ok(app(&file)?))
}

fn app(file: &Path) -> Result<impl Handler + use<>, sqlite::Error> {
    let mut router = Router::new();
    router.get("/", home);
    router.post("/add", add);
    // In a real program, these would be POST routes, because anything, such as a link preview, may
    // follow a link.
    router.get("/forgotten-commit", forgotten_commit);
    router.get("/dropped-transaction", dropped_transaction);
    router.get("/panic", panic_in_the_middle);
    router.get("/error", error_in_the_middle);
    router.get("/statement-left-open", statement_left_open);
    router.get("/on-purpose", on_purpose);
    router.get("/lock", lock);
    router.get("/unlock", unlock);
    let app = App { db: open(file)?, other_program: open(file)? };
    // The guard is the outermost handler and knows where the connection is. After every request it
    // checks that the response is true.
    Ok(SqliteGuard::new(router, |app: &App| &app.db).with_state(app))
}

// Opens the file with sensible settings and runs the migrations. A later version of the program
// appends a migration; the file is copied before that migration runs.
fn open(file: &Path) -> Result<Connection, sqlite::Error> {
    Database::at(file)
        .migrations(["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"])
        .busy_timeout(Duration::from_millis(500))
        .open()
}

fn home(app: &mut App) -> Result<IoList> {
    let mut page = iolist![
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Guard</title>",
        "<h1>Notes</h1><ul id=\"notes\">",
    ];
    let mut select = app.db.prepare("SELECT text FROM note ORDER BY id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        page.push(iolist!["<li>", html::escape(&text).into_owned()]);
    }
    page.push(
        "</ul><form method=\"post\" action=\"/add\"><label>New note <input name=\"text\" \
         required></label> <button>Add</button></form>\
         <h2>Mistakes</h2><p>Each of these tries to add a note. None of them does.</p><ul>\
         <li><a href=\"/forgotten-commit\">A forgotten commit</a>\
         <li><a href=\"/dropped-transaction\">A dropped transaction</a>\
         <li><a href=\"/panic\">A panic in the middle</a>\
         <li><a href=\"/error\">An error in the middle</a></ul>\
         <h2>Not mistakes</h2><ul>\
         <li><a href=\"/statement-left-open\">A statement left open</a>: see the log\
         <li><a href=\"/on-purpose\">A rollback on purpose</a></ul>\
         <h2>Another program</h2>\
         <p><a href=\"/lock\">Lock the file</a>, add a note, <a href=\"/unlock\">unlock it</a> \
         in another tab, and try again.",
    );
    Ok(page)
}

#[derive(Deserialize)]
struct NewNote {
    text: String,
}

// `write` commits if its closure returns `Ok`, and rolls back if it returns an error or panics.
//
// While another program has locked the file, the error becomes a page that keeps the input, with a
// button to try again.
fn add(app: &mut App, Form(note): Form<NewNote>) -> Result<Response> {
    write(&mut app.db, |tx| Ok(tx.execute("INSERT INTO note (text) VALUES (?1)", [note.text])?))?;
    Ok(Response::redirect("/"))
}

// COMMIT is missing. Without the guard, this connection would see the note until the program ends,
// and all other connections would find the file locked. Then the note would be lost.
fn forgotten_commit(app: &mut App) -> Result<&'static str> {
    app.db.execute_batch("BEGIN")?;
    app.db.execute_batch("INSERT INTO note (text) VALUES ('forgotten')")?;
    Ok("The note was saved. (No, it was not.)")
}

// `tx` is dropped without `tx.commit()?`, which silently rolls back.
fn dropped_transaction(app: &mut App) -> Result<&'static str> {
    let tx = app.db.transaction()?;
    tx.execute_batch("INSERT INTO note (text) VALUES ('dropped')")?;
    Ok("The note was saved. (No, it was not.)")
}

// The error page shows the panic and says that the transaction was rolled back.
fn panic_in_the_middle(app: &mut App) -> Result<&'static str> {
    write(&mut app.db, |tx| {
        tx.execute_batch("INSERT INTO note (text) VALUES ('half')")?;
        let halves: Vec<&str> = Vec::new();
        Ok(halves[1])
    })
}

// The page for an error that is returned with `?` says this, too. If a handler responds with a
// success status instead, the guard's page replaces it.
fn error_in_the_middle(app: &mut App) -> Result<&'static str> {
    write(&mut app.db, |tx| {
        tx.execute_batch("INSERT INTO note (text) VALUES ('one')")?;
        tx.execute_batch("INSERT INTO note (text) VALUES (NULL)")?;
        Ok("The notes were saved.")
    })
}

// A statement is finished when it is read to its end or dropped. An unfinished one keeps its read
// lock, so the guard names it in the log.
fn statement_left_open(app: &mut App) -> Result<&'static str> {
    let mut select = app.db.prepare("SELECT text FROM note UNION ALL VALUES ('x'), ('y')")?;
    let mut rows = select.query([])?;
    rows.next()?;
    std::mem::forget(rows);
    std::mem::forget(select);
    Ok("The statement is still reading. <a href=\"/\">Back</a>")
}

// An intended rollback. To SQLite it looks just like the dropped transaction above, so it has to be
// marked.
fn on_purpose(app: &mut App) -> Result<String> {
    let tx = app.db.transaction()?;
    tx.execute_batch("INSERT INTO note (text) VALUES ('only a trial')")?;
    let count: i64 = tx.query_row("SELECT count(*) FROM note", [], |row| row.get(0))?;
    rollback_on_purpose(|| tx.rollback())?;
    Ok(format!("With one more note, there would be {count}. <a href=\"/\">Back</a>"))
}

fn lock(app: &mut App) -> Result<&'static str> {
    app.other_program.execute_batch("BEGIN IMMEDIATE")?;
    Ok("Another program has locked the file. <a href=\"/\">Back</a>")
}

fn unlock(app: &mut App) -> Result<&'static str> {
    app.other_program.execute_batch("ROLLBACK")?;
    Ok("The file is unlocked again. <a href=\"/\">Back</a>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use solohttp::Request;

    // Requests one page, then checks that only the saved note is in the list.
    #[track_caller]
    fn check(target: &str, status: u16, part: &str) {
        let folder = tempfile::tempdir().unwrap();
        let mut app = app(&folder.path().join("notes.sqlite")).unwrap();
        let added = Request::post("/add").form([("text", "real <one>")]).send_to(&mut app);
        assert_eq!(added.status(), 303);
        let response = Request::get(target).send_to(&mut app);
        assert_eq!(response.status(), status);
        let page = response.into_text();
        assert!(page.contains(part), "{page}");
        let home = Request::get("/").send_to(&mut app).into_text();
        assert!(home.contains("<ul id=\"notes\"><li>real &lt;one&gt;</ul>"), "{home}");
        let again = Request::post("/add").form([("text", "next")]).send_to(&mut app);
        assert_eq!(again.status(), 303, "the next write works");
    }

    #[test]
    fn every_mistake_has_its_page_and_changes_nothing() {
        check("/forgotten-commit", 500, "still open at the end of this request");
        check("/dropped-transaction", 500, "rolled back, but the program reported success");
        check("/panic", 500, "index out of bounds");
        check("/panic", 500, "one changed row is lost");
        check("/error", 500, "NOT NULL constraint failed");
    }

    #[test]
    fn what_is_no_mistake_keeps_its_page() {
        check("/statement-left-open", 200, "still reading");
        check("/on-purpose", 200, "there would be 2.");
    }

    #[test]
    fn a_locked_file_keeps_what_was_typed_until_it_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let mut app = app(&folder.path().join("notes.sqlite")).unwrap();
        Request::get("/lock").send_to(&mut app);
        let add = || Request::post("/add").form([("text", "typed once")]);
        let busy = add().send_to(&mut app);
        assert_eq!(busy.status(), 503);
        assert!(busy.into_text().contains("name=\"text\" value=\"typed once\""));
        Request::get("/unlock").send_to(&mut app);
        assert_eq!(add().send_to(&mut app).status(), 303);
        assert!(Request::get("/").send_to(&mut app).into_text().contains("<li>typed once"));
    }
}
