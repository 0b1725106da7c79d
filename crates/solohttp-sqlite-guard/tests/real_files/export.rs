//! Exports of real files: they show one moment, and don't get in the way.

use std::cell::Cell;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use solohttp_core::{Handler as _, IntoResponse as _, Request, Response, Result, Server};
use solohttp_sqlite_guard::{Database, Export, SqliteGuard, open};
use tempfile::TempDir;

use crate::exclusive;

/// Several pieces, and more than a socket's first read.
const ROWS: usize = 5_000;

fn fill(db: &Connection) {
    db.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS item (name TEXT NOT NULL) STRICT;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
         INSERT INTO item (name) SELECT 'item ' || i || ' of a name that takes some room' FROM n"
    ))
    .unwrap();
}

fn shop() -> (TempDir, PathBuf, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    let db = open(&path).unwrap();
    fill(&db);
    (folder, path, db)
}

fn items() -> Export<String> {
    Export::new("SELECT rowid AS id, name FROM item", |row| row.get("name"))
        .starts_with("name\n")
        .ends_with("end\n")
}

fn stream(db: &Connection, items: Export<String>) -> Response {
    items.stream(db, "text/plain", |name, out| Ok(writeln!(out, "{name}")?)).unwrap()
}

fn is_streamed(response: &Response) -> bool {
    format!("{response:?}").contains("stream: None")
}

#[track_caller]
fn check_complete(response: Response) {
    let text = response.into_text();
    assert!(text.starts_with("name\nitem 1 of") && text.ends_with("room\nend\n"));
    assert_eq!(text.lines().count(), ROWS + 2);
}

/// Moves the `-wal` into the file. Returns whether a snapshot prevented it.
fn is_held_back(db: &Connection) -> bool {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap()
}

#[test]
fn an_export_shows_the_moment_of_the_request() {
    let (_folder, _, db) = shop();
    let response = stream(&db, items());
    assert!(is_streamed(&response));
    db.execute_batch("UPDATE item SET name = 'changed'; DELETE FROM item WHERE rowid % 2").unwrap();
    check_complete(response);
    assert!(stream(&db, items()).into_text().contains("\nchanged\n"));
}

#[test]
fn an_export_is_sorted_by_a_column() {
    let (_folder, _, db) = shop();
    db.execute_batch("CREATE INDEX item_by_name ON item (name)").unwrap();
    let text = stream(&db, items().order_by("name").newest_first()).into_text();
    let names: Vec<&str> = text.lines().collect();
    let rows = &names[1..=ROWS];
    assert!(rows.is_sorted_by(|before, after| before > after));
}

#[test]
fn an_export_from_an_exclusive_file_is_streamed_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    let db = exclusive::database(&path).open().unwrap();
    fill(&db);
    let response = stream(&db, items());
    assert!(is_streamed(&response), "it was read at once: {response:?}");
    db.execute_batch("DELETE FROM item").unwrap();
    assert!(is_held_back(&db), "the response sees the file as it was");
    check_complete(response);
}

#[test]
fn a_client_that_goes_away_leaves_nothing_behind() {
    let (_folder, path, db) = shop();
    db.busy_timeout(Duration::ZERO).unwrap();
    let response = stream(&db, items());
    db.execute_batch("UPDATE item SET name = 'changed'").unwrap();
    assert!(is_held_back(&db), "the response sees the file as it was");
    drop(response);
    assert!(!is_held_back(&db));
    assert_eq!(size_of_wal(&path), 0);
}

fn size_of_wal(path: &Path) -> u64 {
    fs::metadata(path.with_extension("sqlite-wal")).map_or(0, |wal| wal.len())
}

#[test]
fn a_program_that_quits_during_an_export_cleans_up() {
    let (_folder, path, db) = shop();
    let response = stream(&db, items());
    db.execute_batch("UPDATE item SET name = 'changed'").unwrap();
    drop(db);
    drop(response);
    assert!(!path.with_extension("sqlite-wal").exists());
    let db = open(&path).unwrap();
    let name: String = db.query_row("SELECT name FROM item", [], |row| row.get(0)).unwrap();
    assert_eq!(name, "changed");
}

#[test]
fn a_failure_at_the_first_rows_is_an_error_and_a_later_one_ends_the_response() {
    let (_folder, _, db) = shop();
    let fail_at = |number: usize| {
        let mut count = 0;
        items().stream(&db, "text/plain", move |_, _| -> Result<()> {
            count += 1;
            if count == number { Err("out of paper".into()) } else { Ok(()) }
        })
    };
    assert_eq!(fail_at(1).unwrap_err().to_string(), "out of paper");
    let error = fail_at(1_000).unwrap().into_bytes().unwrap_err();
    assert!(error.to_string().contains("out of paper"), "{error}");
    let missing = Export::new("SELECT id FROM missing", |row| row.get::<_, i64>("id"));
    let failure = missing.stream(&db, "text/plain", |_, _| Ok(())).unwrap_err();
    assert!(failure.to_string().contains("no such table: missing"), "{failure}");
}

#[test]
fn a_client_that_reads_too_slowly_is_disconnected() {
    let (_folder, _, db) = shop();
    let error = stream(&db, items().time_limit(Duration::ZERO)).into_bytes().unwrap_err();
    assert!(error.to_string().contains("reads too slowly"), "{error}");
}

#[test]
fn an_export_from_memory_or_with_the_programs_functions_is_read_at_once() {
    let db = Database::in_memory().open().unwrap();
    fill(&db);
    let response = stream(&db, items());
    assert!(!is_streamed(&response));
    check_complete(response);
    let (_folder, _, db) = shop();
    let flags = rusqlite::functions::FunctionFlags::SQLITE_UTF8;
    db.create_scalar_function("own", 1, flags, |context| context.get::<String>(0)).unwrap();
    let own = Export::new("SELECT rowid AS id, own(name) AS name FROM item", |row| row.get("name"));
    let response = stream(&db, own.starts_with("name\n").ends_with("end\n"));
    assert!(!is_streamed(&response));
    check_complete(response);
}

/// An application with an export that takes a millisecond for every hundred rows.
struct App {
    db: Connection,
    exported: Rc<Cell<usize>>,
}

fn respond(app: &mut App, request: &Request) -> Result<Response> {
    let fails_at = match request.path() {
        "/export" => usize::MAX,
        "/failing" => 1_000,
        "/held" => return Ok(is_held_back(&app.db).to_string().into_response()),
        _ => return Ok(app.exported.get().to_string().into_response()),
    };
    let exported = Rc::clone(&app.exported);
    items().stream(&app.db, "text/plain", move |name, out| {
        exported.set(exported.get() + 1);
        if exported.get().is_multiple_of(100) {
            thread::sleep(Duration::from_millis(1));
        }
        if exported.get() == fails_at {
            Err("out of paper".into())
        } else {
            Ok(writeln!(out, "{name}")?)
        }
    })
}

#[expect(clippy::disallowed_methods, reason = "a client runs beside the server")]
fn spawn<T: Send + 'static>(client: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::spawn(client)
}

/// Calls `client` with the address of a server that runs until `client` returns.
fn with_server(client: impl FnOnce(SocketAddr) + Send + 'static) {
    let listening = Server::new().port(0).launch_token(false).quiet().bind().unwrap();
    let (address, stop) = (listening.address(), listening.stop_handle());
    let client = spawn(move || {
        let called = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| client(address)));
        stop.stop();
        called
    });
    let (_folder, _, db) = shop();
    db.busy_timeout(Duration::ZERO).unwrap();
    let app = App { db, exported: Rc::default() };
    let guard = SqliteGuard::new(respond, |app: &App| &app.db).with_state(app);
    listening.run(guard).unwrap();
    if let Err(panic) = client.join().unwrap() {
        std::panic::resume_unwind(panic);
    }
}

fn send(address: SocketAddr, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).unwrap();
    write!(socket, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").unwrap();
    socket
}

fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut response = String::new();
    send(address, path).read_to_string(&mut response)?;
    let (_, body) = response.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(body.to_owned())
}

#[test]
fn other_requests_are_served_between_pieces() {
    with_server(|address| {
        let export = spawn(move || get(address, "/export").unwrap().lines().count());
        let exported = || get(address, "/").unwrap().parse::<usize>().unwrap();
        let mut last = exported();
        let mut fewest = usize::MAX;
        while !export.is_finished() {
            let now = exported();
            if last > 0 && now > last {
                fewest = fewest.min(now - last);
            }
            last = now;
        }
        assert_eq!(export.join().unwrap(), ROWS + 2);
        assert!(fewest <= 400, "{fewest} rows were read between two requests");
    });
}

/// Whether the server resets the connection. Wine 8 may end the response as after a normal close,
/// but unlike there, a write then fails.
fn ends_with_a_reset(address: SocketAddr, path: &str) -> bool {
    let mut socket = send(address, path);
    match socket.read_to_end(&mut Vec::new()) {
        Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
        Ok(_) => socket.write_all(b"\r\n").is_err(),
    }
}

#[test]
fn a_failed_export_does_not_look_complete() {
    with_server(|address| {
        assert!(ends_with_a_reset(address, "/failing"));
        assert!(!ends_with_a_reset(address, "/"));
        assert_eq!(get(address, "/").unwrap(), "1000");
    });
}

#[test]
fn a_client_that_disconnects_ends_the_snapshot() {
    with_server(|address| {
        let mut export = send(address, "/export");
        export.read_exact(&mut [0; 1_000]).unwrap();
        drop(export);
        let started = Instant::now();
        while get(address, "/held").unwrap() == "true" {
            assert!(started.elapsed() < Duration::from_secs(10), "the snapshot stays open");
        }
    });
}
