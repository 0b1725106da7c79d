//! Two processes run a guarded application on one file, and a third process blocks them.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use solohttp_core::{Fields, Handler, Request, Result, Server};
use solohttp_sqlite_guard::{Database, SqliteGuard, write};

use crate::other_program::{OtherProgram, tell_parent};
use crate::wire;

pub(crate) const SCHEMA: &str = "
    CREATE TABLE counter (n INTEGER NOT NULL) STRICT;
    CREATE TABLE note (text TEXT NOT NULL UNIQUE) STRICT;
    INSERT INTO counter VALUES (0);
";

/// Seconds under load; an environment variable overrides it.
const SECONDS: (&str, u64) = ("SOLOHTTP_GUARD_SECONDS", 3);

struct App {
    db: Connection,
}

pub(crate) fn open(file: &Path) -> Connection {
    let timeout = Duration::from_millis(20);
    let database = Database::at(file).migrations([SCHEMA]).integrity_check();
    database.busy_timeout(timeout).open().unwrap()
}

/// The application, in its own process. It ends when the parent kills it.
pub(crate) fn serve(file: &Path) {
    let app = SqliteGuard::new(answer, |app: &App| &app.db).with_state(App { db: open(file) });
    let listening = Server::new().port(0).quiet().bind().unwrap();
    tell_parent(&listening.address().to_string());
    listening.run(app).unwrap();
}

fn answer(app: &mut App, request: &Request) -> Result<String> {
    let text = request.form()?.get("text").unwrap_or_default().to_owned();
    let insert = "INSERT INTO note VALUES (?1)";
    match request.path() {
        "/count" => write(&mut app.db, |tx| {
            let n: i64 = tx.query_row("SELECT n FROM counter", [], |row| row.get(0))?;
            tx.execute("UPDATE counter SET n = ?1", [n + 1])?;
            tx.execute(insert, [&text])?;
            Ok(())
        })?,
        "/forget" => {
            let tx = app.db.transaction()?;
            tx.execute(insert, [&text])?;
        }
        "/leave-open" => {
            app.db.execute_batch("BEGIN IMMEDIATE")?;
            app.db.execute(insert, [&text])?;
        }
        _ => {
            let tx = app.db.transaction()?;
            tx.execute(insert, [&text])?;
            panic!("in the middle");
        }
    }
    Ok(format!("saved {text}"))
}

#[derive(Debug, Default)]
struct Counts {
    saved: i64,
    told_lost: u64,
    busy: u64,
}

/// Sends requests until the time is up, and resubmits the form of every 503.
fn use_one_server(address: &str, name: &str, until: Instant) -> Counts {
    let mut counts = Counts::default();
    for number in 0_u64.. {
        if Instant::now() > until {
            break;
        }
        let forgets = number % 10 == 9;
        let mut path = if forgets { "/forget" } else { "/count" }.to_owned();
        let text = format!("{name} {number} & \"<é>\"");
        let mut fields = Fields::from_iter([("text", text.clone())]);
        let page = loop {
            let page = wire::post(address, &path, &fields).unwrap();
            if page.status != 503 {
                break page;
            }
            counts.busy += 1;
            (path, fields) = wire::form_of(&page.text).unwrap();
        };
        match page.status {
            200 => {
                assert_eq!(page.text, format!("saved {text}"));
                counts.saved += 1;
            }
            500 if forgets && page.text.contains("rolled back, but") => counts.told_lost += 1,
            _ => panic!("{} {}", page.status, page.text),
        }
    }
    counts
}

/// Repeatedly holds the lock for longer than the others wait. Returns the number of writes.
fn get_in_the_way(file: &Path, end: &mpsc::Receiver<()>) -> i64 {
    let mut other = OtherProgram::shell(file);
    let mut written = 0;
    loop {
        if other.run("BEGIN IMMEDIATE") == "ok" {
            assert_eq!(other.run("UPDATE counter SET n = n + 1"), "ok");
            // This doesn't wait for anything; it just holds the lock for a while.
            let _ = end.recv_timeout(Duration::from_millis(30));
            assert_eq!(other.run("COMMIT"), "ok");
            written += 1;
        }
        if end.recv_timeout(Duration::from_millis(50)) == Err(RecvTimeoutError::Disconnected) {
            return written;
        }
    }
}

#[test]
fn two_processes_lose_no_update_and_fail_only_as_busy() {
    let seconds = std::env::var(SECONDS.0).ok().and_then(|value| value.parse().ok());
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(SECONDS.1));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shared.sqlite");
    drop(open(&file));
    let mut servers = [OtherProgram::server(&file), OtherProgram::server(&file)];
    let addresses = [servers[0].answer(), servers[1].answer()];
    let (running, end) = mpsc::channel::<()>();
    let path = &file;
    let (counts, written) = std::thread::scope(|scope| {
        let third = scope.spawn(move || get_in_the_way(path, &end));
        let second = scope.spawn(|| use_one_server(&addresses[1], "second", until));
        let first = use_one_server(&addresses[0], "first", until);
        let second = second.join().unwrap();
        drop(running);
        ([first, second], third.join().unwrap())
    });
    println!("{counts:?}, and {written} by the third program");
    let saved: i64 = counts.iter().map(|counts| counts.saved).sum();
    let db = open(&file);
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("SELECT n FROM counter"), saved + written);
    assert_eq!(number("SELECT count(*) FROM note"), saved);
    assert!(saved > 0 && counts.iter().any(|counts| counts.busy > 0), "{counts:?}");
    assert!(counts.iter().all(|counts| counts.told_lost > 0), "{counts:?}");
}
