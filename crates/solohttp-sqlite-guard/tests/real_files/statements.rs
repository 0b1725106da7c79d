//! Unfinished statements, replaced hooks, and replaced connections.

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use solohttp_core::{Handler, Request, Result};
use solohttp_sqlite_guard::{Database, SqliteGuard};

use crate::other_program::OtherProgram;
use crate::world::{App, Seen, World};

const LEAKED: &str = "SELECT text\n FROM note WHERE text <> 'leaked'";

fn leak(app: &mut App) -> Result<&'static str> {
    app.db.execute("INSERT INTO note (text) VALUES ('a')", [])?;
    app.db.execute("INSERT INTO note (text) VALUES ('b')", [])?;
    let mut statement = app.db.prepare(LEAKED)?;
    let mut rows = statement.query([])?;
    rows.next()?;
    std::mem::forget(rows);
    std::mem::forget(statement);
    Ok("Read.")
}

fn guard() -> impl Handler<App> {
    let handler = |app: &mut App, request: &Request| -> Result<&'static str> {
        match request.path() {
            "/leak" => leak(app),
            _ => {
                app.db.execute("INSERT INTO note (text) VALUES ('own')", [])?;
                Ok("Saved.")
            }
        }
    };
    SqliteGuard::new(handler, |app: &App| &app.db)
}

#[test]
fn a_statement_not_finished_is_named_once_and_holds_its_lock() {
    let mut world = World::new();
    let mut guard = guard();
    let seen = world.send_to(Request::get("/leak"), &mut guard);
    seen.check(200, &["Read."]);
    assert!(seen.log.contains("SELECT text FROM note WHERE text <> 'leaked'"), "{}", seen.log);
    assert!(!seen.log.contains("INSERT"), "{}", seen.log);

    let mut other = OtherProgram::shell(world.path());
    assert_eq!(other.run("PRAGMA wal_checkpoint(TRUNCATE)"), "ok 1", "1: it was busy");

    // The unfinished statement doesn't block our own writes while no other connection writes.
    let seen = world.send_to(Request::post("/save"), &mut guard);
    seen.check(200, &["Saved."]);
    assert_eq!(seen.log, "");
}

#[test]
fn a_write_behind_an_unfinished_statement_tells_whose_fault_it_is() {
    let mut world = World::new();
    let mut guard = guard();
    world.send_to(Request::get("/leak"), &mut guard).check(200, &[]);
    let mut other = OtherProgram::shell(world.path());
    assert_eq!(other.run("INSERT INTO note (text) VALUES ('other')"), "ok");
    let seen = world.send_to(Request::post("/save"), &mut guard);
    seen.check(503, &["a bug in the program", "text &lt;&gt; &#x27;leaked&#x27;"]);
    let (app, _folder) = (world.app, ());
    assert!(app.db.close().is_err(), "the connection cannot be closed either");
}

#[test]
fn statements_that_are_dropped_or_cached_are_finished() {
    let mut world = World::new();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        let mut statement = app.db.prepare_cached("SELECT text FROM note")?;
        let mut rows = statement.query([])?;
        rows.next()?;
        Ok("Read.")
    });
    seen.check(200, &["Read."]);
    assert_eq!(seen.log, "");
}

#[test]
fn a_trace_hook_of_the_program_is_noticed_and_replaced() {
    let mut world = World::new();
    let handler = |app: &mut App, request: &Request| -> Result<&'static str> {
        if request.path() == "/take" {
            let events = TraceEventCodes::SQLITE_TRACE_STMT;
            app.db.trace_v2(events, Some(|_: TraceEvent<'_>| {}))?;
        } else {
            let tx = app.db.transaction()?;
            tx.execute("INSERT INTO note (text) VALUES ('a')", [])?;
        }
        Ok("Saved.")
    };
    let mut guard = SqliteGuard::new(handler, |app: &App| &app.db);
    let seen = world.send_to(Request::get("/take"), &mut guard);
    assert!(seen.log.contains("hook was replaced"), "{}", seen.log);
    let seen = world.send_to(Request::post("/drop"), &mut guard);
    seen.check(500, &["was rolled back, but the program reported success"]);
}

#[test]
fn a_connection_may_be_replaced_even_with_its_transaction_open() {
    let mut world = World::new();
    let handler = |app: &mut App, request: &Request| -> Result<&'static str> {
        if request.path() == "/replace" {
            app.db.execute_batch("BEGIN; INSERT INTO note (text) VALUES ('a')")?;
            app.db = Connection::open(&app.path)?;
            app.db.execute_batch("BEGIN")?;
        } else {
            let tx = app.db.transaction()?;
            tx.execute("INSERT INTO note (text) VALUES ('b')", [])?;
        }
        Ok("Saved.")
    };
    let mut guard = SqliteGuard::new(handler, |app: &App| &app.db);
    world.send_to(Request::get("/"), &mut guard).check(500, &[]);
    let seen = world.send_to(Request::get("/replace"), &mut guard);
    seen.check(500, &["still open"]);
    assert!(seen.log.contains("connection was closed"), "{}", seen.log);
    let seen = world.send_to(Request::get("/"), &mut guard);
    seen.check(500, &["was rolled back, but the program reported success"]);
    assert!(world.is_free_and_sound());
}

#[test]
fn a_transaction_opened_before_the_first_request_is_found() {
    let mut world = World::new();
    world.app.db.execute_batch("BEGIN; INSERT INTO note (text) VALUES ('a')").unwrap();
    let seen = world.post(|| "Saved.");
    seen.check(500, &["It was open before this request."]);
    assert!(world.is_free_and_sound());
}

struct Two {
    left: Connection,
    right: Connection,
}

#[test]
fn several_connections_are_guarded_at_once() {
    let schema = "CREATE TABLE note (text TEXT) STRICT";
    let open = || Database::in_memory().migrations([schema]).open().unwrap();
    let handler = |two: &mut Two| -> Result<&'static str> {
        two.left.execute_batch("BEGIN; INSERT INTO note VALUES ('l')")?;
        let tx = two.right.transaction()?;
        tx.execute("INSERT INTO note VALUES ('r')", [])?;
        Ok("Saved.")
    };
    let guard =
        SqliteGuard::new(handler, |two: &Two| &two.left).and_connection(|two: &Two| &two.right);
    let mut app = guard.with_state(Two { left: open(), right: open() });
    let seen = Seen::new(Request::post("/").send_to(&mut app));
    seen.check(500, &["still open", "rolled back, but the program reported success"]);
    assert!(app.state().left.is_autocommit());
}

#[test]
fn attached_databases_belong_to_their_connection() {
    let mut world = World::new();
    let attached = world.path().with_file_name("attached.sqlite");
    let attach = format!("ATTACH '{}' AS other; CREATE TABLE other.t (a)", attached.display());
    world.app.db.execute_batch(&attach).unwrap();
    let seen = world.post(|app: &mut App| -> Result<&'static str> {
        let tx = app.db.transaction()?;
        tx.execute("INSERT INTO other.t VALUES (1)", [])?;
        Ok("Saved.")
    });
    seen.check(500, &["INSERT INTO other.t", "one changed row is lost"]);
    let rows = "SELECT count(*) FROM t";
    let left: i64 =
        Connection::open(&attached).unwrap().query_row(rows, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
