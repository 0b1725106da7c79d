//! Errors as JSON, for clients that prefer it.

use rusqlite::Connection;
use solohttp_core::{Handler, Request, Response, Result};
use solohttp_sqlite_guard::{Database, SqliteGuard};

fn forget(db: &mut Connection) -> Result<&'static str> {
    let tx = db.transaction()?;
    tx.execute("INSERT INTO item VALUES ('tea')", [])?;
    Ok("Saved.")
}

fn wait_for_itself(db: &mut Connection) -> Result<&'static str> {
    let mut statement = db.prepare("SELECT name FROM item")?;
    let mut rows = statement.query([])?;
    rows.next()?;
    db.execute_batch("DROP TABLE item")?;
    Ok("Dropped.")
}

fn ask(handler: fn(&mut Connection) -> Result<&'static str>, accept: &'static str) -> Response {
    let schema = "CREATE TABLE item (name TEXT NOT NULL) STRICT; INSERT INTO item VALUES ('cake')";
    let db = Database::in_memory().migrations([schema]).open().unwrap();
    let app = SqliteGuard::new(handler, |db: &Connection| db).with_state(db);
    Request::post("/").header("accept", accept).send_to(app)
}

const KIND: &str = "application/problem+json";

#[test]
fn a_lost_transaction_is_a_problem() {
    let response = ask(forget, "application/json");
    assert_eq!(response.status(), 500);
    assert_eq!(response.header("content-type"), Some(KIND));
    let text = response.into_text();
    assert!(text.contains("INSERT INTO item VALUES ('tea')"), "{text}");
    assert!(text.contains("200") && !text.contains('<'), "{text}");
    let page = ask(forget, "text/html");
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
}

#[test]
fn a_busy_database_is_a_problem_that_says_when_to_retry() {
    let response = ask(wait_for_itself, "application/json");
    assert_eq!(response.status(), 503);
    assert_eq!(response.header("content-type"), Some(KIND));
    assert_eq!(response.header("retry-after"), Some("1"));
    let text = response.into_text();
    assert!(text.contains("\"status\":503"), "{text}");
}
