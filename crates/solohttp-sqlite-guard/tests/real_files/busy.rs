//! A database locked by another program: 503, and a button that resends the form.

use std::fmt;

use solohttp_core::{Method, Request, RequestBuilder, Result};
use solohttp_sqlite_guard::write;

use crate::other_program::OtherProgram;
use crate::wire;
use crate::world::{App, World};

const TYPED: &str = "tea & <cake> \"é\"\r\n'line' 2";

fn save(app: &mut App, request: &Request) -> Result<&'static str> {
    let text = request.form()?.get("text").unwrap_or("nothing").to_owned();
    write(&mut app.db, |tx| {
        tx.execute("INSERT INTO note (text) VALUES (?1)", [text])?;
        Ok("Saved.")
    })
}

fn lock(app: &mut App) -> Result<&'static str> {
    app.db.execute_batch("BEGIN IMMEDIATE")?;
    Ok("Saved.")
}

fn locked() -> (World, OtherProgram) {
    let world = World::new();
    let mut other = OtherProgram::shell(world.path());
    assert_eq!(other.run("BEGIN IMMEDIATE"), "ok");
    (world, other)
}

/// The response to a request while another program holds the lock.
#[track_caller]
fn check(request: RequestBuilder, part: &str) -> String {
    let (mut world, _other) = locked();
    let seen = world.send(request, lock);
    seen.check(503, &["<h1>The database is in use</h1>", "in use by another program", part]);
    assert_eq!(seen.retry_after.as_deref(), Some("1"));
    assert!(seen.log.contains("WARN: "), "{}", seen.log);
    seen.page
}

#[test]
fn a_lock_of_another_program_becomes_a_form_that_sends_the_same_again() {
    let (mut world, mut other) = locked();
    let request = Request::post("/save?a=1&b=<2>").form([("text", TYPED), ("k", "1"), ("k", "2")]);
    let seen = world.send(request, save);
    seen.check(503, &["Nothing has been saved by this request", "<button autofocus>Try again"]);
    let (action, fields) = wire::form_of(&seen.page).unwrap();
    assert_eq!(action, "/save?a=1&b=<2>");
    let pairs: Vec<_> = fields.iter().collect();
    assert_eq!(pairs, [("text", TYPED), ("k", "1"), ("k", "2")]);

    assert_eq!(other.run("ROLLBACK"), "ok");
    let again = Request::post(&action).form(fields.iter());
    world.send(again, save).check(200, &["Saved."]);
    assert_eq!(world.notes(), [TYPED]);
}

fn multipart(more: &str) -> RequestBuilder {
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"text\"{more}\r\n\r\n");
    Request::post("/")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(format!("{head}{TYPED}\r\n--x--\r\n"))
}

#[test]
fn a_multi_part_form_without_files_is_kept_as_one() {
    let page = check(multipart(""), "action=\"/\" enctype=\"multipart/form-data\">");
    assert_eq!(wire::form_of(&page).unwrap().1.get("text"), Some(TYPED));
}

#[test]
fn what_cannot_be_replayed_is_said_so() {
    check(multipart("; filename=\"a.txt\""), "reload the page");
    check(Request::post("/").header("content-type", "text/csv").body("a,b"), "reload the page");
    check(Request::post("/").form([("text", "x".repeat(3_000_000))]), "reload the page");
    check(Request::post("/").form([("text", "a\0b")]), "reload the page");
    check(Request::post("/"), "Try again");
    check(Request::get("/a?b=c&d"), "<a href=\"/a?b=c&amp;d\">Try again</a>");
    check(Request::with_method(Method::PUT, "/"), "Send the request again");
}

#[test]
fn a_password_is_not_in_the_page() {
    let sent = |pin| Request::post("/a").form([("name", "Ada"), ("pin", pin), (":secret", "pin")]);
    let page = check(sent("staple"), "includes a password");
    assert!(!page.contains("staple"), "{page}");
    assert!(page.contains("reload the page"), "{page}");
    check(sent(""), "<input type=\"hidden\" name=\"name\" value=\"Ada\">");
}

#[test]
fn the_form_never_goes_to_another_host() {
    let page = check(Request::post("//evil.example/x").form([("text", "a")]), "Try again");
    assert_eq!(wire::form_of(&page).unwrap().0, "/evil.example/x");
}

#[derive(Debug)]
struct Outer(rusqlite::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the note could not be kept")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn the_error_is_found_among_the_causes() {
    let (mut world, _other) = locked();
    let seen = world.post(|app: &mut App| -> Result<&'static str, Outer> {
        app.db.execute_batch("BEGIN IMMEDIATE").map_err(Outer)?;
        Ok("Saved.")
    });
    seen.check(503, &["in use by another program"]);
}

#[test]
fn other_errors_are_not_taken_for_it() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        app.db.execute_batch("SELECT * FROM missing")?;
        Ok("Read.")
    });
    seen.check(500, &["no such table: missing"]);
}

#[test]
fn a_write_after_a_read_that_was_overtaken_is_told() {
    let mut world = World::new();
    let mut other = OtherProgram::shell(world.path());
    let seen = world.post(move |app: &mut App| -> Result<&'static str> {
        let tx = app.db.transaction()?;
        tx.query_row("SELECT count(*) FROM note", [], |_| Ok(()))?;
        assert_eq!(other.run("INSERT INTO note (text) VALUES ('other')"), "ok");
        tx.execute("INSERT INTO note (text) VALUES ('own')", [])?;
        tx.commit()?;
        Ok("Saved.")
    });
    seen.check(
        503,
        &["Another program changed the database while this page was being made", "Try again"],
    );
    assert!(!seen.page.contains("a bug in the program"));
    assert_eq!(world.notes(), ["other"]);
}

#[test]
fn a_table_locked_by_the_program_itself_is_told() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        let mut select = app.db.prepare("SELECT text FROM note")?;
        let mut rows = select.query([])?;
        rows.next()?;
        app.db.execute_batch("DROP TABLE note")?;
        Ok("Dropped.")
    });
    seen.check(503, &["A table is in use by another statement of this program"]);
}

#[test]
fn what_was_saved_before_is_said() {
    let mut world = World::new();
    let mut other = OtherProgram::shell(world.path());
    let seen = world.post(move |app: &mut App| -> Result<&'static str> {
        app.db.execute("INSERT INTO note (text) VALUES ('own')", [])?;
        assert_eq!(other.run("BEGIN IMMEDIATE"), "ok");
        app.db.execute("INSERT INTO note (text) VALUES ('own too')", [])?;
        Ok("Saved.")
    });
    seen.check(503, &["This request was only partly saved (changed rows: 1)"]);
    assert_eq!(world.notes(), ["own"]);
}

#[test]
fn a_transaction_left_open_meanwhile_is_rolled_back_and_logged() {
    let (mut world, mut other) = locked();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        app.db.execute_batch("BEGIN; INSERT INTO note (text) VALUES ('own')")?;
        Ok("Saved.")
    });
    seen.check(503, &["Nothing has been saved by this request"]);
    assert!(seen.log.contains("a transaction was left open"), "{}", seen.log);
    assert_eq!(other.run("ROLLBACK"), "ok");
    assert!(world.is_free_and_sound());
}
